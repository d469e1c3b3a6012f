"""Publishing definitions, opening rounds, giving another day, reminding, and moving obligations from state to state."""

from surveys.catalog.operations.extensions import (
    ExtensionError,
    answer_request,
    ask_extension,
    give_extension,
    take_back_request,
)
from surveys.catalog.operations.nominations import NominationRefused, nominate, take_back_nomination
from surveys.catalog.operations.obligations import TRANSITIONS, TransitionRefused, set_obligation_state
from surveys.catalog.operations.reminders import NothingToRemind, change_plan, follow_plans, remind
from surveys.catalog.operations.rounds import (
    RoundIsClosed,
    add_universities,
    change_times,
    let_join,
    open_round,
)
from surveys.catalog.operations.versions import (
    VersionError,
    check_version,
    propose_version,
    publish_version,
    take_back_version,
)
from surveys.catalog.queries import database_now

__all__ = [
    "TRANSITIONS",
    "ExtensionError",
    "NominationRefused",
    "NothingToRemind",
    "RoundIsClosed",
    "TransitionRefused",
    "VersionError",
    "add_universities",
    "answer_request",
    "ask_extension",
    "change_plan",
    "change_times",
    "check_version",
    "database_now",
    "follow_plans",
    "give_extension",
    "let_join",
    "nominate",
    "open_round",
    "propose_version",
    "publish_version",
    "remind",
    "set_obligation_state",
    "take_back_nomination",
    "take_back_request",
    "take_back_version",
]
