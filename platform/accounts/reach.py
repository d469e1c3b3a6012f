"""How far a person of the association reaches into what the universities hand in.

Every query behind the desk takes a Reach, and whatever hangs on an object (the obligations of a round, the files and
questions of a seal) is read from an object that such a query found. So a page that forgets it cannot be written; a test
(tests/architecture) looks that none goes around.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Reach:
    """Everything (the association's staff), or what belongs to some committees: codes, none of them ''. The default
    reaches nothing."""

    committees: frozenset[str] = frozenset()
    everything: bool = False

    def holds(self, committee_code: str) -> bool:
        """Whether what belongs to this committee ('' for none) is in the reach."""
        return self.everything or committee_code in self.committees

    def within(self, path: str) -> Q:
        """The condition on rows whose committee code stands at `path`, e.g. `version__instrument__committee_code`.
        What belongs to no committee is in nobody's reach but the staff's."""
        return Q() if self.everything else Q(**{f"{path}__in": sorted(self.committees)})
