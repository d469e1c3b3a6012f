"""Four eyes: who signs has written nothing of what is signed. Pure, so that a machine can try every order of steps.

The rule: among those who wrote a value, mapping, explanation, denominator or evidence, or handed the draft in, since
the last accepted version, the signer does not appear. A version that was returned does not wash anyone's hands.
"""

from collections.abc import Iterable
from dataclasses import dataclass

WRITINGS = ("value", "mapping", "explanation", "denominator", "evidence", "submit")


@dataclass(frozen=True)
class Hand:
    """Someone who had a hand in the version under way, and in what."""

    actor_id: int
    what: str


def version_under_way(accepted: Iterable[int]) -> int:
    """The version that hands are counted for: one above the last accepted one, 1 while there is none."""
    return max(accepted, default=0) + 1


def hands_of(actor_id: int, hands: Iterable[Hand]) -> tuple[str, ...]:
    """What the person wrote of the version under way, in the order of WRITINGS; empty means they may sign."""
    mine = {hand.what for hand in hands if hand.actor_id == actor_id}
    return tuple(what for what in WRITINGS if what in mine) + tuple(sorted(mine - set(WRITINGS)))
