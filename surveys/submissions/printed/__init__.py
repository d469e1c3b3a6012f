"""The printable form of a seal, with the code that ties the paper to the data."""

from surveys.submissions.printed.form import content, paper_pdf, unsealed

__all__ = ["content", "paper_pdf", "unsealed"]
