"""intake 3: checks and load into the observations, against raw COPY and against django-import-export."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import tablib
from django.db import connection, transaction
from import_export import resources
from import_export.instance_loaders import CachedInstanceLoader

from local.bench import connections, material
from local.bench.measures import Result, measure, paired, seconds
from surveys.catalog.queries import database_now
from surveys.filings import operations
from surveys.filings.models import Filing, Observation
from tenants.actors import Actor
from tenants.context import in_university

ACTOR = Actor(1, "bench", "alpha", "甲子大学", frozenset({"clerk"}), frozenset())
COLUMNS = [
    "filing_id",
    "facility",
    "item",
    "measure",
    "period",
    "value",
    "text",
    "flag",
    "sheet",
    "cell",
    "raw",
]
KEY = COLUMNS[:5]
# vanilla writes some hundred rows a second: a part of the rows gives its rate
VANILLA_ROWS, TUNED_ROWS = 1500, 10_000
ROUNDS = 15


@contextmanager
def emptied() -> Iterator[Filing]:
    """A draft of university alpha with an empty table before and after."""
    with in_university("alpha"):
        filing, _ = Filing.objects.get_or_create(round_code="bench")
        empty()
        try:
            yield filing
        finally:
            empty()


def empty() -> None:
    with in_university("alpha"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM filings_observation")


def clear() -> None:
    """The table without rows and without traces of rows."""
    connections.run("TRUNCATE filings_observation")


def load(filing: Filing, frame) -> None:
    """Loads a frame into the emptied draft in one transaction."""
    with in_university("alpha"):
        empty()
        with transaction.atomic():
            operations.load_frame(filing=filing, frame=frame, upload_id=None, actor=ACTOR, now=database_now())


def copy_rows(text: str) -> None:
    """The floor: COPY of prepared text into the same table."""
    statement = f"COPY filings_observation ({', '.join(COLUMNS)}) FROM STDIN"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text)


def prepared(filing_id: int, rows: tuple) -> str:
    """Rows as COPY text."""
    out = io.StringIO()
    for facility, item, kind, period, value in rows:
        out.write(f"{filing_id}\t{facility}\t{item}\t{kind}\t{period}\t{value}\t\t\t\t\t\n")
    return out.getvalue()


class VanillaResource(resources.ModelResource):
    """django-import-export as its tutorial shows it."""

    class Meta:
        model = Observation
        fields = COLUMNS
        import_id_fields = KEY


class TunedResource(resources.ModelResource):
    """As a good user of the library would tune it: bulk, no look-up of existing rows, no diff, no report rows."""

    class Meta:
        model = Observation
        fields = COLUMNS
        import_id_fields = KEY
        use_bulk = True
        batch_size = 2000
        force_init_instance = True
        skip_diff = True
        skip_html_diff = True
        skip_unchanged = False
        report_skipped = False
        instance_loader_class = CachedInstanceLoader


def dataset(filing_id: int, count: int) -> tablib.Dataset:
    """The first `count` rows as import-export takes them."""
    data = tablib.Dataset(headers=COLUMNS)
    for row in material.rows()[:count]:
        data.append([filing_id, *row, "", "", "", "", ""])
    return data


def rate_of(resource: type[resources.ModelResource], filing: Filing, count: int) -> float:
    """Rows a second of an import through a resource."""
    data = dataset(filing.pk, count)
    empty()
    spent = seconds(lambda: resource().import_data(data, raise_errors=True, use_transactions=True))
    written = Observation.objects.filter(filing_id=filing.pk).count()
    if written != count:
        raise RuntimeError(f"{resource.__name__} wrote {written} of {count} rows")
    return count / spent


@measure("intake 3")
def checks_and_load() -> list[Result]:
    """Checks and load of 28,992 rows against the floor and the two peers."""
    with emptied() as filing:
        mine, copied, found = _against_copy(filing, material.rows, cleared=False)
        first, first_copied, few = _against_copy(filing, material.plausible_rows, cleared=True)
        tuned = rate_of(TunedResource, filing, TUNED_ROWS)
        vanilla = rate_of(VanillaResource, filing, VANILLA_ROWS)
    rows = len(material.rows())
    rate = rows / mine
    detail = (
        f"{rate:,.0f} rows/s; COPY {rows / copied:,.0f}, vanilla {vanilla:,.0f}, tuned {tuned:,.0f} rows/s"
    )
    plainly = f"{first * 1e3:.0f} ms against {first_copied * 1e3:.0f} ms, {few} findings"
    return [
        Result(f"intake 3: checks + load / raw COPY, {found} findings", copied / mine, 0.8, True, detail),
        Result(
            "intake 3: the same, plausible figures, clean table", first_copied / first, 0.8, True, plainly
        ),
        Result("intake 3: checks + load / vanilla import-export", rate / vanilla, 200, True, detail),
        Result("intake 3: checks + load / tuned import-export", rate / tuned, 7, True, detail),
    ]


def _against_copy(filing: Filing, rows: Callable[[], tuple], *, cleared: bool) -> tuple[float, float, int]:
    """Seconds of checks + load, seconds of the COPY of the same rows, and how many findings the checks have.

    `cleared`: the table is truncated ahead of each side, as before a first load; otherwise each deletes what the other
    wrote and pays for the rows that are dead.
    """
    from surveys.instruments.figures import Figures, as_figures
    from surveys.intake import recheck

    frame, context, text = material.frame(rows), material.context(), prepared(filing.pk, rows())
    given = as_figures(frame)

    def ours() -> None:
        # the checks get a draft's figures as columns of text, nothing looked up in them yet
        recheck(Figures(given.texts, given.value), context)
        load(filing, frame)

    def floor() -> None:
        if not cleared:
            empty()
        copy_rows(text)

    mine, copied = paired(ours, floor, ROUNDS, before=clear if cleared else lambda: None)
    return mine, copied, len(recheck(given, context))
