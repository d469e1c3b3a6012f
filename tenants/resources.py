"""What every import through django-import-export has in common here."""

from import_export import resources


class Resource(resources.ModelResource):
    """A table of one model. Numbers of rows are given by the database: sequences are never reset, which neither the
    application's nor a university's role may do."""

    def after_import(self, dataset, result, **kwargs):
        """Nothing, on purpose: the library's own resets the sequence and takes back the import when it may not."""
