"""The one pre-check: each room has words for every reason it can give."""

import ast
import inspect

from files import precheck
from surveys.intake import sniff
from tenants import tables


def reasons_given() -> set[str]:
    """The constants with which Unsafe is raised."""
    calls = [n for n in ast.walk(ast.parse(inspect.getsource(precheck))) if isinstance(n, ast.Call)]
    raised = [call.args[0] for call in calls if getattr(call.func, "id", "") == "Unsafe"]
    choices = [[each.body, each.orelse] if isinstance(each, ast.IfExp) else [each] for each in raised]
    return {node.value for nodes in choices for node in nodes if isinstance(node, ast.Constant)}


def test_reasons_listed_are_those_given():
    assert reasons_given() | set(precheck._FOREIGN.values()) == precheck.REASONS


def test_rooms_have_words_for_every_reason():
    assert (set(sniff.REFUSALS), set(tables.REFUSALS)) == (precheck.REASONS, precheck.REASONS)
