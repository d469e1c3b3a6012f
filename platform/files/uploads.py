"""A cap on what one upload may weigh: Django has none."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class SizeLimit(FileUploadHandler):
    """Stops reading a request body beyond the limit and marks the request, so that the form can say so."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        # a length over the limit is not refused here: Django catches StopUpload only while it reads the parts
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_MAX_BYTES:
            self.request.upload_too_large = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
