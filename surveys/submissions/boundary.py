"""What a seal says of the boundary (边界): who uses energy behind the university's meters, and what was deducted. Pure.

An answer is {choice, amounts: {item: {value: decimal text in the base unit, flag}}, reason}. Indicators use the figures
as they were filed; an amount that was deducted is told, never taken off again and never added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NONE, DEDUCTED, INCLUDED = CHOICES = ("none", "deducted", "included")
Answers = Mapping[str, Mapping[str, Any]]


def answers_in(declared: Mapping) -> Answers:
    """The answers among the declarations of a seal: {boundary: answer}."""
    return declared.get("boundary", {}).get("answers", {})


def is_whole(answer: Mapping) -> bool:
    """Whether an answer says all it must: what was deducted has an amount, what is included a reason."""
    if answer["choice"] == DEDUCTED:
        return bool(answer["amounts"])
    return answer["choice"] == NONE or bool(answer["reason"])


def included(declared: Mapping) -> int:
    """How many boundaries are inside the figures: something for the reviewer to look at."""
    return sum(answer["choice"] == INCLUDED for answer in answers_in(declared).values())
