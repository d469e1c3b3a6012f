"""Sealing, asking, answering, deciding. Each is one transaction."""

from surveys.submissions.errors import (
    AlreadyDecided,
    NothingToReturn,
    ReviewStarted,
    RoundNotOpen,
    StillUnderReview,
    SubmissionError,
)
from surveys.submissions.operations.review import FIGURES_JOB, accept, answer, ask, return_with_queries
from surveys.submissions.operations.sealing import number_of, seal, withdraw
from surveys.submissions.operations.stamping import NotThisPaper, receive_stamped

__all__ = [
    "FIGURES_JOB",
    "AlreadyDecided",
    "NotThisPaper",
    "NothingToReturn",
    "ReviewStarted",
    "RoundNotOpen",
    "StillUnderReview",
    "SubmissionError",
    "accept",
    "answer",
    "ask",
    "number_of",
    "receive_stamped",
    "return_with_queries",
    "seal",
    "withdraw",
]
