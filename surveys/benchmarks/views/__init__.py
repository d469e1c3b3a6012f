"""Thin views: the commission, the desk, a university."""
