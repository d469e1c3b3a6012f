"""Nothing behind the desk reads surveys past the reach of who asks: rows come from a query that takes it, or hang on an
object that such a query found."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
GUARDED = {
    m.__name__ for label in ("catalog", "submissions") for m in apps.get_app_config(label).get_models()
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}
# what a function that reads rows must have been given: the reach, something reached, or one university (its own side)
KEYS = {
    "reach",
    "round",
    "rounds",
    "submission",
    "submissions",
    "submission_id",
    "version_id",
    "university_code",
}
# reads past the reach on purpose: (function) → why
EXEMPT = {
    # papers are numbered by it, so a code is taken whoever's it is
    "is_taken",
    # a condition on rounds, to put beside the reach
    "is_running",
    # of an instrument whose seal was reached: the same figure a year before
    "last_accepted_ids",
    # of an instrument whose version was reached: what it is held against
    "newest_version",
    # the manual of what was published, which everybody may read
    "public_versions",
    # whoever holds a paper knows its code; the page that checks papers is nobody's desk
    "bearing",
}
# what no page calls by itself: rows, writes, jobs
BELOW = ("models.py", "operations", "tasks.py", "migrations", "apps.py")


def views() -> list:
    """Every view under /desk/."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator:
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, route)
            elif route.startswith("desk/"):
                yield pattern.callback

    return list(walk(get_resolver(), ""))


def folders() -> list[Path]:
    """The apps whose pages let secretaries in."""
    modules = {view.__module__ for view in views() if "secretary" in view.required_roles}
    homes = {Path(importlib.import_module(name).__file__) for name in modules}
    return sorted({next(p for p in home.parents if (p / "apps.py").exists()) for home in homes})


def offences(name: str, tree: ast.Module) -> Iterator[str]:
    """Reads of guarded rows in a module: in views none at all, elsewhere only by functions that were given a key."""
    outside = "views" in name
    for function, node in reads(tree, None):
        line = f"{name}:{node.lineno}"
        if function is None:
            yield f"{line} outside of a function"
        elif outside or not (parameters(function) & KEYS or function.name in EXEMPT):
            yield f"{line} {function.name}"


def reads(
    node: ast.AST, function: ast.FunctionDef | None
) -> Iterator[tuple[ast.FunctionDef | None, ast.AST]]:
    """(the function it stands in, node) for each read of guarded rows."""
    for child in ast.iter_child_nodes(node):
        if is_read(child):
            yield function, child
        yield from reads(child, child if isinstance(child, ast.FunctionDef) else function)


def is_read(node: ast.AST) -> bool:
    """`Round.objects`, or `get_object_or_404(Round, …)`."""
    if isinstance(node, ast.Attribute):
        return node.attr in MANAGERS and name_of(node.value) in GUARDED
    if isinstance(node, ast.Call) and name_of(node.func) in SHORTCUTS:
        return bool(node.args) and name_of(node.args[0]) in GUARDED
    return False


def name_of(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def parameters(function: ast.FunctionDef) -> set[str]:
    return {a.arg for a in (*function.args.args, *function.args.kwonlyargs)}


def test_every_page_of_the_desk_says_who_may_come_in():
    assert [view for view in views() if not getattr(view, "required_roles", None)] == []


def test_apps_with_pages_for_secretaries_are_known():
    assert [folder.relative_to(ROOT).as_posix() for folder in folders()] == [
        "platform/desk", "surveys/catalog", "surveys/submissions",
    ]  # fmt: skip


def test_nothing_behind_the_desk_reads_past_the_reach():
    found = [
        offence
        for folder in folders()
        for path in sorted(folder.rglob("*.py"))
        if not path.relative_to(folder).as_posix().startswith(BELOW)
        for offence in offences(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("module", "source", "found"),
    [
        ("pages.py", "def lines():\n    return Round.objects.all()", 1),
        ("pages.py", "def lines(reach):\n    return Round.objects.filter(reach.within('x'))", 0),
        ("pages.py", "def lines(round):\n    return Obligation.objects.filter(round=round)", 0),
        ("pages.py", "def lines(now):\n    return [x for x in models.Submission.objects.all()]", 1),
        ("pages.py", "ROUNDS = Round.objects.all()", 1),
        ("views.py", "def page(request, reach):\n    return Round.objects.all()", 1),
        ("views.py", "def page(request, round):\n    return get_object_or_404(Query, pk=round)", 1),
        ("views.py", "def page(request):\n    return get_object_or_404(rounds_within(reach), pk=1)", 0),
        ("views.py", "def page(request):\n    return University.objects.get(code='alpha')", 0),
    ],
)
def test_the_rule_itself_finds_what_it_bans(module, source, found):
    assert len(list(offences(module, ast.parse(source)))) == found


def test_exemptions_exist():
    text = "".join((folder / "queries.py").read_text() for folder in folders())
    assert [name for name in EXEMPT if f"def {name}(" not in text] == []
