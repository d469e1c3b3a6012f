"""What cannot be done to a seal. The text of each is for the person who tried."""


class SubmissionError(Exception):
    """Something that cannot be done; the text says why, for the person who tried."""


class RoundNotOpen(SubmissionError):
    """The round takes nothing at this moment."""


class AlreadyDecided(SubmissionError):
    """Somebody has decided about the submission already."""


class ReviewStarted(SubmissionError):
    """The association has begun to ask, or has decided: withdrawing is over."""


class StillUnderReview(SubmissionError):
    """The version before waits for its decision."""


class NothingToReturn(SubmissionError):
    """A return without an open question and without a reason."""
