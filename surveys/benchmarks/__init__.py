"""Figures, cohorts, releases, cells; what the commission reads."""
