"""The clerk's own workbook back, with what is wrong marked in it.

Cells get a colour and a comment, one sheet lists everything with links. Sheets, styles and comments are changed where
they lie in the package; every other part stays as it is, byte for byte. What is no .xlsx comes back as its .xlsx twin.
"""

from surveys.intake.annotated.listing import is_ours, mark_of
from surveys.intake.annotated.marks import Mark, marks_of
from surveys.intake.annotated.workbook import annotate

__all__ = ["Mark", "annotate", "is_ours", "mark_of", "marks_of"]
