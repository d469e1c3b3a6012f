"""Every request of every test: whoever changes something leaves a trace in the same request."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import Client

from tests.soak import record

WRITE = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(?:\w+\"?\.\"?)?(\w+)", re.IGNORECASE)
SAVEPOINT = re.compile(r"(SAVEPOINT|ROLLBACK TO SAVEPOINT|RELEASE SAVEPOINT) (\S+)")
TRAIL = "audit_auditentry"
UNTRACED = {
    # who is signed in, and what they have seen of their own messages
    "django_session",
    "notices_noticeread",
    # allauth keeps an address beside the user's own when it first needs one, and tells of a second factor after the
    # commit, which a test's transaction never reaches (tests/accounts/test_second_factor.py looks there)
    "account_emailaddress",
    "mfa_authenticator",
    # a job leaves its trace where its work is done; an empty filing says nothing yet
    "jobs_job",
    "filings_filing",
}
# when somebody last signed in
LAST_USED = re.compile(r'UPDATE "accounts_user" SET "last_login"')


class Spy:
    """The tables that were written to and not rolled back, as an execute wrapper."""

    def __init__(self) -> None:
        self.tables: list[str] = []
        self.savepoints: dict[str, int] = {}

    def __call__(self, execute: Callable, sql: str, params, many: bool, context: dict):
        if mark := SAVEPOINT.match(sql):
            self._mark(mark[1], mark[2])
        elif (found := WRITE.match(sql)) and not LAST_USED.match(sql):
            self.tables.append(found[1])
        return execute(sql, params, many, context)

    def _mark(self, what: str, name: str) -> None:
        if what == "SAVEPOINT":
            self.savepoints[name] = len(self.tables)
        elif what == "ROLLBACK TO SAVEPOINT":
            del self.tables[self.savepoints[name] :]


@contextmanager
def watched() -> Iterator[None]:
    """Inside, a POST that was answered well and changed something without a trace raises AssertionError."""
    original = Client.request

    def request(self: Client, **environ):
        # where a test has no transaction around it, a rollback would not be seen
        if environ.get("REQUEST_METHOD") != "POST" or not connection.in_atomic_block:
            return original(self, **environ)
        spy = Spy()
        with connection.execute_wrapper(spy):
            response = original(self, **environ)
        changed = {*spy.tables} - UNTRACED - {TRAIL}
        assert not changed or response.status_code >= 400 or TRAIL in spy.tables, (
            f"{environ['PATH_INFO']} changed {sorted(changed)} without a trace"
        )
        if changed:
            record("posts that changed something, each with its trace", promise="audit")
        return response

    Client.request = request
    try:
        yield
    finally:
        Client.request = original
