"""Writing a university's filings. Each function is one transaction, called inside the university."""

from surveys.filings.operations.amendments import amend, give_up
from surveys.filings.operations.boundary import set_boundary
from surveys.filings.operations.declarations import cancel_nil, declare_absent, declare_months, declare_nil
from surveys.filings.operations.drafts import ensure_filing
from surveys.filings.operations.life import answer_query, send_back, sign, submit, take_back, withdraw
from surveys.filings.operations.loading import Counts, load_frame
from surveys.filings.operations.originals import order_originals
from surveys.filings.operations.scores import answer_vetoes, save_scores
from surveys.filings.operations.sheet import save_cells
from surveys.filings.operations.sizes import set_denominators
from surveys.filings.operations.uploads import (
    answer_questions,
    load_upload,
    read_again,
    receive_upload,
    record_reading,
    take_again,
    undo_upload,
)
from surveys.filings.operations.values import set_values
from surveys.filings.operations.words import confirm_mapping, explain

__all__ = [
    "Counts",
    "amend",
    "answer_query",
    "answer_questions",
    "answer_vetoes",
    "cancel_nil",
    "confirm_mapping",
    "declare_absent",
    "declare_months",
    "declare_nil",
    "ensure_filing",
    "explain",
    "give_up",
    "load_frame",
    "load_upload",
    "order_originals",
    "read_again",
    "receive_upload",
    "record_reading",
    "save_cells",
    "save_scores",
    "send_back",
    "set_boundary",
    "set_denominators",
    "set_values",
    "sign",
    "submit",
    "take_again",
    "take_back",
    "undo_upload",
    "withdraw",
]
