"""A university-year sealed and turned into figures, against the COPY of its rows."""

import uuid
from datetime import timedelta

from django.db import connection, transaction

from local.bench import connections, loading, material
from local.bench.measures import Result, measure, paired
from surveys import instruments
from surveys.benchmarks.operations import write_figures
from surveys.catalog.models import Obligation, Round
from surveys.catalog.operations import open_round, publish_version
from surveys.catalog.queries import database_now
from surveys.filings import queries
from surveys.submissions import operations as submissions
from tenants.context import in_public, in_university

ROUNDS = 15
# the filing number of the rows that are only copied
COPIED = 10**9
SIZES = {"headcount": "26000", "floor_area": "800000", "heated_area": "600000"}


@measure("seal")
def seal_and_figures() -> list[Result]:
    """Seal + acceptance + figures of 28,992 rows, rolled back each time, against COPY of the same rows."""
    round_ = _round()
    with loading.emptied() as filing:
        loading.load(filing, material.frame())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE filings_observation")

        def ours() -> None:
            with in_public(), transaction.atomic():
                submission = _seal(round_, filing)
                submissions.accept(submission=submission, actor_id=1, actor_name="bench", now=database_now())
                write_figures(submission_id=submission.pk)
                transaction.set_rollback(True)

        def floor() -> None:
            with in_university("alpha"):
                loading.copy_rows(text)

        def before() -> None:
            connections.run(f"DELETE FROM filings_observation WHERE filing_id = {COPIED}")
            connections.run("VACUUM filings_observation")

        text = loading.prepared(COPIED, material.rows())
        mine, copied = paired(ours, floor, ROUNDS, before)
    detail = f"{len(material.rows()):,} rows: {mine:.2f} s against {copied:.2f} s"
    return [Result("seal + figures / COPY of its rows", mine / copied, 2.0, False, detail)]


def _round() -> Round:
    """An open round that alpha owes, at `submitted`."""
    now = database_now()
    version = publish_version(instruments.get("energy"), now=now)
    code = f"bench-{uuid.uuid4().hex[:8]}"
    round_ = open_round(
        code=code, version=version, title=code, period="2024", opens_at=now - timedelta(days=1),
        due_at=now + timedelta(days=1), closes_at=now + timedelta(days=2), universities=["alpha"],
    )  # fmt: skip
    Obligation.objects.filter(round=round_).update(state="submitted")
    return round_


def _seal(round_: Round, filing):
    definition = instruments.get("energy")
    with in_university("alpha"):
        return submissions.seal(
            round=round_, university_code="alpha", rows=queries.rows_of(filing),
            definition_sha256=definition.definition_hash, functions=[], factor_set=definition.factor_sets[0].key,
            denominators={key: {"value": value, "calibre": "x"} for key, value in SIZES.items()},
            explanations=[], issues=[], facilities=[], writers=[1], files=[], actor_id=2, actor_name="bench",
            now=database_now(),
        )  # fmt: skip
