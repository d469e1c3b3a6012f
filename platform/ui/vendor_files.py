"""Which of the vendors' files are served: exactly those that pages use."""

from django.contrib.staticfiles.finders import FileSystemFinder

# With their maps where the file names one: the hashing storage stops at a reference that leads nowhere.
USED = frozenset(
    {
        "vendor/tabler/css/tabler.min.css",
        "vendor/tabler/css/tabler.min.css.map",
        "vendor/echarts/echarts.min.js",
        "vendor/htmx/htmx.min.js",
        "vendor/tabulator/css/tabulator.min.css",
        "vendor/tabulator/css/tabulator.min.css.map",
        "vendor/tabulator/js/tabulator.min.js",
        "vendor/tabulator/js/tabulator.min.js.map",
        *(f"vendor/plex/ibm-plex-sans-latin-{weight}-normal.woff2" for weight in (400, 500, 600)),
    }
)


class UsedFiles(FileSystemFinder):
    """In STATICFILES_FINDERS instead of FileSystemFinder: collectstatic takes 11 of some 2,000 vendor files.

    The packages bring demonstration libraries too, with references that would stop the hashing storage.
    """

    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            prefix = f"{storage.prefix}/" if getattr(storage, "prefix", None) else ""
            if not prefix.startswith("vendor/") or prefix + path.replace("\\", "/") in USED:
                yield path, storage
