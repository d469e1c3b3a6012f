"""The association's site; the only code that imports Wagtail."""
