"""What can stand in the way of a write. The text is for the person: what, where, what to do."""

from django.utils.translation import gettext as _


class FilingError(Exception):
    """The write was refused and nothing was changed."""


class Conflict(FilingError):
    """Someone else wrote since the page was opened (409). `since` is the revision the person had seen, `filing` the
    draft as it is now."""

    def __init__(self, message: str, filing, since: int):
        super().__init__(message)
        self.filing, self.since = filing, since


class NotComplete(FilingError):
    """The draft cannot be handed in yet; `missing` says what is missing, one sentence each."""

    def __init__(self, missing: list[str]):
        super().__init__(_("；").join(missing))
        self.missing = missing
