"""What both walls cost a request, and how long a new university takes."""

import uuid

from django.db import connection

from local.bench import connections
from local.bench.measures import Result, measure, paired, seconds
from local.postgres import OWNER
from surveys.filings.models import Filing
from tenants.context import in_university

QUERIES, REQUESTS = 5, 300


@measure("request overhead")
def overhead() -> list[Result]:
    """Five queries of one request: entered through both walls, against a plain Django connection that stands in the
    schema already."""
    plain = connections.owner()

    def walled() -> None:
        for _ in range(REQUESTS):
            with in_university("alpha"):
                for _ in range(QUERIES):
                    list(Filing.objects.all()[:5])

    def bare() -> None:
        for _ in range(REQUESTS):
            for _ in range(QUERIES):
                list(Filing.objects.using("plain").all()[:5])

    mine, theirs = paired(walled, bare, 7)
    plain.close()
    detail = f"{mine / REQUESTS * 1e3:.2f} ms against {theirs / REQUESTS * 1e3:.2f} ms for {QUERIES} queries"
    return [Result("request overhead of both walls / plain Django", mine / theirs, 1.2, False, detail)]


@measure("new university")
def new_university() -> list[Result]:
    """create_university on a connection that is open, with everything committed; and a deploy with nothing to do."""
    from tenants import deployment, provisioning

    login = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = OWNER
    try:
        deployment.deploy(say=lambda text: None)
        times = [seconds(lambda: provisioning.create_university(**_made_up())) for _ in range(5)]
        idle = seconds(lambda: deployment.deploy(say=lambda text: None))
    finally:
        connection.close()
        connection.settings_dict["USER"] = login
    spent = sorted(times)[len(times) // 2]
    return [Result("new university, seconds", spent, 0.5, False, f"no-op deploy {idle:.2f} s")]


def _made_up() -> dict:
    code = "x" + uuid.uuid4().hex[:10]
    return {"code": code, "name": f"{code}学院", "short_name": code, "kind": "arts", "district": "东区"}
