"""What nobody may write, wherever it would work by chance: schemas are switched in one place, threads are not ours."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("platform", "tenants", "surveys", "committees", "cms")
# the switches, and the only files that may turn them
SWITCHES = {"set_tenant", "set_schema", "set_schema_to_public", "schema_context", "tenant_context"}
MAY_SWITCH = {
    "tenants/context.py",
    "tenants/backend/base.py",
    "tenants/deployment.py",
    "tenants/middleware.py",
    # the clone leaves the connection in the new schema; provisioning runs as the owner
    "tenants/provisioning.py",
}
THREADS = {
    "threading",
    "_thread",
    "concurrent.futures",
    "multiprocessing.pool",
    "asyncio",
    "asgiref",
    "asgiref.sync",
}
# launchers of processes, outside of any request; the watch over intake's child, which knows no database
MAY_THREAD = ("platform/local/", "surveys/intake/guard.py")


def files() -> list[Path]:
    return [path for folder in SOURCES for path in sorted((ROOT / folder).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def offences(path: Path, tree: ast.AST) -> Iterator[str]:
    name = name_of(path)
    for node in ast.walk(tree):
        line = f"{name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.With | ast.AsyncWith):
            yield from (f"{line} enters a university object" for item in node.items if is_tenant_object(item))
        if name not in MAY_SWITCH and switches(node) & SWITCHES:
            yield f"{line} switches the schema"
        if modules(node) & THREADS and not name.startswith(MAY_THREAD):
            yield f"{line} starts threads"
        if isinstance(node, ast.AsyncFunctionDef):
            yield f"{line} is async"
        if any(m.split(".")[0] == "django_tenants" for m in modules(node)) and not name.startswith(
            "tenants/"
        ):
            yield f"{line} imports django-tenants"


def is_tenant_object(item: ast.withitem) -> bool:
    """`with tenant:`, `with university:`, `with self.tenant:`: django-tenants' own context manager on the model."""
    expression = item.context_expr
    last = expression.attr if isinstance(expression, ast.Attribute) else getattr(expression, "id", "")
    return last in ("tenant", "university")


def switches(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Attribute):
        return {node.attr}
    if isinstance(node, ast.ImportFrom):
        return {alias.name for alias in node.names}
    return {node.id} if isinstance(node, ast.Name) else set()


def modules(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return {node.module or ""} if isinstance(node, ast.ImportFrom) and node.level == 0 else set()


def test_nobody_switches_schemas_or_starts_threads_where_it_is_not_allowed():
    assert [found for path in files() for found in offences(path, ast.parse(path.read_text()))] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("with tenant:\n    pass", 1),
        ("with self.university:\n    pass", 1),
        ("from django_tenants.utils import schema_context", 2),
        ("connection.set_tenant(x)", 1),
        ("connection.set_schema('u_alpha')", 1),
        ("import threading", 1),
        ("from concurrent.futures import ThreadPoolExecutor", 1),
        ("async def view(request): ...", 1),
        ("with in_university('alpha'):\n    pass", 0),
        ("tenant = 1\nprint(tenant)", 0),
    ],
)
def test_the_rule_itself_finds_what_it_bans(source, found):
    assert len(list(offences(ROOT / "surveys" / "invented.py", ast.parse(source)))) == found


def test_the_files_that_may_switch_exist():
    assert [name for name in MAY_SWITCH if not (ROOT / name).exists()] == []
