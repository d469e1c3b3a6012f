"""How often a promise is tried: a small count in every run, the full one with `manage.py test --soak`.

A test belongs to a promise by `@pytest.mark.promise("once")`, takes its number from a `Count` and says what it really
did. In a soak run tests/soak_report.py gathers what was said and writes docs/soak.md.
"""

import os
from dataclasses import dataclass

from local.testing import SOAK_VARIABLE

SCALE_VARIABLE = "HOUQIN_SOAK_SCALE"

PROMISES = {
    "addresses": "Every address denies by default",
    "universities": "Nothing crosses from one university to another",
    "once": "Import, seal and publish happen whole or not at all, and once",
    "durable": "What was acknowledged is kept; what was not is told clearly",
    "malformed": "Malformed uploads harm nobody",
    "inert": "Files are served inertly",
    "exports": "Exports carry no formula",
    "disclosure": "Aggregates disclose no one",
    "four eyes": "Nothing is sealed by someone who had a hand in it",
    "no lost update": "Of two writes from one state exactly one stands",
    "deadlines": "Deadlines are exact",
    "login": "Abuse of the sign-in is contained",
    "audit": "The trail is only added to",
    "configuration": "The configuration is hardened",
    "migrations": "A migration that fails at a schema harms nobody and converges",
}
# promised, and not in the house yet: what is missing
NOT_YET = {
    "Seats are never oversold": "nothing is booked yet",
    "Positions are taken out of photographs": "universities upload no photographs yet",
    "Aggregates pass the exact audit of a whole release": "the rules are tested; the audit is not built yet",
    "One university can be restored alone": "no operation dumps, drops or restores a university yet",
    "Registrants' rights: export, erasure, retention": "nobody registers yet",
}


def soaking() -> bool:
    """Whether this is a soak run."""
    return bool(os.environ.get(SOAK_VARIABLE))


def scale() -> float:
    """The part of the full counts that a soak run tries; below 1 it is a trial and says so."""
    return float(os.environ.get(SCALE_VARIABLE, "1"))


@dataclass(frozen=True)
class Count:
    """One thing that is tried `small` times in every run and `full` times in a soak run."""

    what: str
    small: int
    full: int

    @property
    def number(self) -> int:
        """How often this run tries it, at least once."""
        return max(1, round(self.full * scale())) if soaking() else self.small

    def done(self, times: int = 1, *, wrong: int = 0) -> None:
        """Says that it was tried; several calls add up."""
        record(self.what, times, wanted=self.full, wrong=wrong)


@dataclass
class Said:
    """What the tests of a promise said about one thing."""

    wanted: int | None = None
    done: int = 0
    wrong: int = 0
    peak: float | None = None
    most: float | None = None
    # another promise than the test's own
    promise: str = ""

    def add(self, other: "Said") -> None:
        """Sums what was done; keeps the highest peak."""
        self.wanted = other.wanted if self.wanted is None else self.wanted
        self.promise = self.promise or other.promise
        self.done, self.wrong = self.done + other.done, self.wrong + other.wrong
        self.most = other.most if self.most is None else self.most
        self.peak = max((p for p in (self.peak, other.peak) if p is not None), default=None)


# what the running test has said so far; None outside of a soak run
_saying: dict[str, Said] | None = None


def record(what: str, done: int = 1, *, wanted: int | None = None, wrong: int = 0, promise: str = "") -> None:
    """Says what the running test did; `wanted` None means that every run tries all there is. `promise` is for what was
    tried beside the test's own promise."""
    _say(what, Said(wanted, done, wrong, promise=promise))


def record_peak(what: str, value: float, *, most: float) -> None:
    """Says the highest value of something measured that must stay at or below `most`."""
    _say(what, Said(peak=value, most=most, wrong=int(value > most)))


def _say(what: str, said: Said) -> None:
    if _saying is not None:
        _saying.setdefault(what, Said()).add(said)


def listen() -> None:
    """A test begins: what it says is kept."""
    global _saying
    _saying = {}


def heard() -> dict[str, dict]:
    """What the test has said, as plain data."""
    return {what: vars(said) for what, said in (_saying or {}).items()}
