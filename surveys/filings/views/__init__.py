"""The university's pages about its reports. Thin: read, call one operation, show."""
