"""The database backend that keeps search_path and role together: the second wall."""
