"""Every address × every role. An address without a row fails, a row without an address fails."""

import re
import uuid

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from accounts.operations import assign
from tenants.actors import PERMISSIONS
from tenants.models import University
from tenants.operations import add_member
from tests.soak import record
from tests.surveys.factories import CLOSES, make_round, make_seal

pytestmark = pytest.mark.django_db

PUBLIC, SIGNED_IN, CLOSED = "public", "signed in", "closed"
# one round and its seals: the staff and the secretaries of its committee; absent for other secretaries
OWN = "the committee's own"
STAFF = frozenset({"staff"})
DESK = frozenset({"staff", "secretary"})
COMMISSION = frozenset({"commission", "staff"})

# route → who may come in: everyone, everyone signed in, a permission at the university, or association roles
ROWS: dict[str, str | frozenset[str]] = {
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "i18n/setlang/": PUBLIC,
    "account/": SIGNED_IN,
    "account/login/": PUBLIC,
    "account/logout/": PUBLIC,
    "account/reauthenticate/": SIGNED_IN,
    "account/password/change/": SIGNED_IN,
    "account/password/reset/": PUBLIC,
    "account/password/reset/done/": PUBLIC,
    "account/password/reset/key/done/": PUBLIC,
    r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": PUBLIC,
    "account/2fa/": SIGNED_IN,
    "account/2fa/authenticate/": PUBLIC,
    "account/2fa/reauthenticate/": SIGNED_IN,
    "account/2fa/totp/activate/": SIGNED_IN,
    "account/2fa/totp/deactivate/": SIGNED_IN,
    "account/2fa/recovery-codes/": SIGNED_IN,
    "account/2fa/recovery-codes/generate/": SIGNED_IN,
    "account/2fa/recovery-codes/download/": SIGNED_IN,
    "account/signup/": CLOSED,
    "account/inactive/": CLOSED,
    "account/email/": CLOSED,
    "account/confirm-email/": CLOSED,
    "account/confirm-email/<path:key>/": CLOSED,
    "account/password/set/": CLOSED,
    "account/login/code/confirm/": CLOSED,
    "me/": SIGNED_IN,
    "me/invitations/<str:token>/": PUBLIC,
    "me/notices/": SIGNED_IN,
    "me/notices/read/": SIGNED_IN,
    "me/notices/<int:pk>/open/": SIGNED_IN,
    "me/people/<slug:code>/": "people.manage",
    "me/people/<slug:code>/invite/": "people.manage",
    "me/people/<slug:code>/substitutes/": "people.manage",
    "me/people/<slug:code>/substitutes/<int:pk>/end/": "people.manage",
    "me/people/<slug:code>/members/<int:pk>/remove/": "people.manage",
    "me/people/<slug:code>/invitations/<int:pk>/resend/": "people.manage",
    "me/people/<slug:code>/invitations/<int:pk>/revoke/": "people.manage",
    "u/<slug:code>/": "university.view",
    "u/<slug:code>/rounds/": "filings.view",
    "u/<slug:code>/handover/": "filings.view",
    "u/<slug:code>/handover/pack.xlsx": "filings.view",
    "u/<slug:code>/rounds/uploads/<uuid:upload_id>/": "filings.view",
    "u/<slug:code>/rounds/uploads/<uuid:upload_id>/job/": "filings.view",
    "u/<slug:code>/rounds/uploads/<uuid:upload_id>/answer/": "filings.edit",
    "u/<slug:code>/rounds/uploads/<uuid:upload_id>/mapping/": "filings.edit",
    "u/<slug:code>/rounds/uploads/<uuid:upload_id>/again/": "filings.edit",
    "u/<slug:code>/rounds/uploads/<uuid:upload_id>/load/": "filings.edit",
    "u/<slug:code>/rounds/uploads/<uuid:upload_id>/undo/": "filings.edit",
    "u/<slug:code>/rounds/uploads/<uuid:upload_id>/restore/": "filings.edit",
    "u/<slug:code>/rounds/uploads/<uuid:upload_id>/annotated/": "filings.view",
    "u/<slug:code>/rounds/uploads/<uuid:upload_id>/original/": "filings.view",
    "u/<slug:code>/rounds/<report:at>/": "filings.view",
    "u/<slug:code>/rounds/<report:at>/history/": "filings.view",
    "u/<slug:code>/rounds/<report:at>/history/<int:revision>/": "filings.view",
    "u/<slug:code>/rounds/<report:at>/template/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/upload/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/cell/": "filings.view",
    "u/<slug:code>/rounds/<report:at>/scores/": "filings.view",
    "u/<slug:code>/rounds/<report:at>/scores/save/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/scores/keep/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/scores/vetoes/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/name/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/name/take-back/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/grid/": "filings.view",
    "u/<slug:code>/rounds/<report:at>/grid/save/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/grid/paste/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/explain/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/denominators/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/boundary/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/submit/": "filings.submit",
    "u/<slug:code>/rounds/<report:at>/take-back/": "filings.submit",
    "u/<slug:code>/rounds/<report:at>/withdraw/": "filings.submit",
    "u/<slug:code>/rounds/<report:at>/nil/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/months/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/amend/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/give-up/": "filings.edit",
    "u/<slug:code>/handover/originals/": "filings.view",
    "u/<slug:code>/handover/originals/job/": "filings.view",
    "u/<slug:code>/handover/originals.zip": "filings.view",
    "u/<slug:code>/rounds/<report:at>/extension/": "filings.submit",
    "u/<slug:code>/rounds/<report:at>/extension/<int:pk>/take-back/": "filings.submit",
    "u/<slug:code>/rounds/<report:at>/queries/<int:query_id>/": "filings.edit",
    "u/<slug:code>/rounds/<report:at>/sign/": "filings.sign",
    "u/<slug:code>/rounds/<report:at>/send-back/": "filings.sign",
    "u/<slug:code>/rounds/<report:at>/paper/": "filings.view",
    "u/<slug:code>/rounds/<report:at>/sealed/<int:version>/": "filings.view",
    "u/<slug:code>/rounds/<report:at>/sealed/<int:version>/paper/": "filings.view",
    "u/<slug:code>/rounds/<report:at>/sealed/<int:version>/stamp/": "filings.stamp",
    "u/<slug:code>/rounds/<report:at>/sealed/<int:version>/stamped/<int:pk>/": "filings.view",
    "u/<slug:code>/facilities/": "facilities.view",
    "u/<slug:code>/facilities/add/": "facilities.edit",
    "u/<slug:code>/facilities/export/<slug:kind>/": "facilities.view",
    "u/<slug:code>/facilities/import/": "facilities.edit",
    "u/<slug:code>/facilities/import/confirm/": "facilities.edit",
    "u/<slug:code>/facilities/campuses/add/": "facilities.edit",
    "u/<slug:code>/facilities/campuses/<int:pk>/": "facilities.edit",
    "u/<slug:code>/facilities/f/<slug:facility>/": "facilities.view",
    "u/<slug:code>/facilities/f/<slug:facility>/deactivate/": "facilities.edit",
    "u/<slug:code>/facilities/f/<slug:facility>/activate/": "facilities.edit",
    "u/<slug:code>/notices/": "notices.view",
    "u/<slug:code>/notices/read/": "notices.view",
    "u/<slug:code>/notices/<int:pk>/open/": "notices.view",
    "u/<slug:code>/benchmarks/": "benchmarks.view",
    "desk/": DESK,
    "desk/people/": STAFF,
    "desk/people/invite/": STAFF,
    "desk/people/invitations/<int:pk>/resend/": STAFF,
    "desk/people/invitations/<int:pk>/revoke/": STAFF,
    "desk/people/<int:pk>/": STAFF,
    "desk/people/<int:pk>/roles/": STAFF,
    "desk/people/<int:pk>/roles/<int:post>/remove/": STAFF,
    "desk/people/<int:pk>/memberships/<int:post>/remove/": STAFF,
    "desk/people/<int:pk>/second-factor/": STAFF,
    "desk/people/<int:pk>/deactivate/": STAFF,
    "desk/people/<int:pk>/reactivate/": STAFF,
    "desk/review/": DESK,
    "desk/review/<str:number>/": OWN,
    "desk/review/<str:number>/questions/": OWN,
    "desk/review/<str:number>/decision/": OWN,
    "desk/review/<str:number>/changes/": OWN,
    "desk/review/<str:number>/files/<int:pk>/": OWN,
    "desk/review/<str:number>/paper/": OWN,
    "desk/review/<str:number>/stamped/<int:pk>/": OWN,
    "desk/instruments/": DESK,
    "desk/instruments/<slug:code>/": OWN,
    "desk/instruments/<slug:code>/propose/": OWN,
    "desk/instruments/<slug:code>/<int:number>/": OWN,
    "desk/instruments/<slug:code>/<int:number>/publish/": OWN,
    "desk/instruments/<slug:code>/<int:number>/take-back/": OWN,
    "desk/rounds/": DESK,
    "desk/rounds/new/": DESK,
    "desk/rounds/extensions/": DESK,
    "desk/rounds/extensions/<int:pk>/answer/": DESK,
    "desk/rounds/<slug:code>/": OWN,
    "desk/rounds/<slug:code>/extend/": OWN,
    "desk/rounds/<slug:code>/times/": OWN,
    "desk/rounds/<slug:code>/universities/": OWN,
    "desk/rounds/<slug:code>/reminders/": OWN,
    "desk/rounds/<slug:code>/remind/": OWN,
    "desk/rounds/<slug:code>/state.<slug:kind>": OWN,
    "desk/releases/": STAFF,
    "desk/releases/jobs/<uuid:job_id>/": STAFF,
    "desk/releases/jobs/<uuid:job_id>/state": STAFF,
    "desk/releases/<slug:round_code>/": STAFF,
    "desk/releases/<slug:round_code>/release": STAFF,
    "instruments/": PUBLIC,
    "instruments/<slug:code>/": PUBLIC,
    "instruments/<slug:code>/v<int:number>/": PUBLIC,
    "instruments/<slug:code>/v<int:number>.json": PUBLIC,
    "verify/": PUBLIC,
    "verify/<str:number>/": PUBLIC,
    "benchmarks/": COMMISSION,
    "benchmarks/rules/": COMMISSION,
    "benchmarks/completion/": COMMISSION,
    "benchmarks/completion/data.<slug:kind>": COMMISSION,
    "benchmarks/releases/": COMMISSION,
    "benchmarks/releases/<slug:round_code>/<int:number>/": COMMISSION,
    "benchmarks/releases/<slug:round_code>/<int:number>/cells.<slug:kind>": COMMISSION,
    "benchmarks/energy/": COMMISSION,
    "benchmarks/<slug:instrument>/<slug:figure>.<slug:kind>": COMMISSION,
    "benchmarks/<slug:instrument>/<slug:key>/": COMMISSION,
}
FAR = CLOSES.replace(year=2100)
# whole areas with rules of their own, tested below
AREAS = ("admin/", "ops/", "ui/", "media/", "_util/")
ARGUMENTS = {
    "code": "alpha", "round_code": "energy-2024", "at": "energy-2024", "number": "NY2024-alpha-v1", "pk": "1",
    "query_id": "1",
    "version": "1", "kind": "csv", "token": "x" * 43, "key": "eui_kgce_m2", "facility": "B01", "post": "1",
    "instrument": "energy", "figure": "eui_kgce_m2",
}  # fmt: skip
RESET = r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"
ACTORS = (
    "anonymous", "clerk of alpha", "approver of alpha", "correspondent of alpha", "clerk of beta",
    "staff", "secretary", "secretary of HZ", "commission", "expert",
)  # fmt: skip


def routes() -> dict[str, URLPattern]:
    """route → pattern, for the whole house."""

    def walk(resolver: URLResolver, prefix: str):
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, route)
            else:
                yield route, pattern

    return dict(walk(get_resolver(), ""))


def own_routes() -> list[str]:
    return sorted(route for route in routes() if not route.startswith((*AREAS, "^")))


def address(route: str, **arguments: str) -> str:
    """A concrete address for a route, of the objects named by `arguments` (by the names in the route)."""
    route = route.replace(RESET, "password/reset/key/1-set-password/")

    def argument(match: re.Match) -> str:
        converter, _, name = match[1].rpartition(":")
        fixed = {"uuid": str(uuid.UUID(int=1)), "int": "1"}.get(converter)
        return arguments.get(name) or fixed or ARGUMENTS[name]

    return "/" + re.sub(r"<([^>]+)>", argument, route)


@pytest.fixture
def people(db) -> dict[str, User | None]:
    found: dict[str, User | None] = {"anonymous": None}
    for code in ("alpha", "beta"):
        university = University.objects.get(code=code)
        for role in PERMISSIONS:
            name = f"{role} of {code}"
            found[name] = User.objects.create_user(f"{role}@{code}.example", "x", name=name)
            add_member(user=found[name], university=university, role=role, actor_id=None)
    posts = {"staff": "", "secretary": "NZ", "secretary of HZ": "HZ", "commission": "", "expert": ""}
    for place, (name, committee) in enumerate(posts.items()):
        found[name] = User.objects.create_user(f"{place}@association.example", "x", name=name)
        assign(user=found[name], role=name.split()[0], actor_id=None, committee_code=committee)
    return {name: found[name] for name in ACTORS}


def expected(rule: str | frozenset[str], actor: str) -> str:
    """login, forbidden, absent or open."""
    if rule == CLOSED:
        return "absent"
    if rule == PUBLIC:
        return "open"
    if actor == "anonymous":
        return "login"
    if rule == SIGNED_IN:
        return "open"
    if rule == OWN and actor == "secretary of HZ":
        return "absent"
    if rule == OWN or isinstance(rule, frozenset):
        return "open" if actor.removesuffix(" of HZ") in (DESK if rule == OWN else rule) else "forbidden"
    role, _, university = actor.partition(" of ")
    if university != "alpha":
        return "absent"
    return "open" if rule in PERMISSIONS[role] else "forbidden"


def seen(response) -> str:
    if response.status_code == 302 and response["Location"].startswith("/account/login/?next="):
        return "login"
    return {403: "forbidden", 404: "absent", 405: "no such method"}.get(response.status_code, "open")


@pytest.mark.promise("addresses")
def test_every_route_has_a_row_and_every_row_a_route():
    assert own_routes() == sorted(ROWS)


@pytest.mark.promise("addresses")
@pytest.mark.parametrize("route", own_routes())
def test_route_lets_in_exactly_who_its_row_names(route, people, client_class):
    rule = ROWS[route]
    url = address(route)
    if rule == OWN:
        round = make_round(due_at=FAR, closes_at=FAR)
        number = make_seal(round).number
        version = {"code": "energy", "number": str(round.version.number)}
        url = address(route, **(version if "instruments/" in route else {"code": round.pk, "number": number}))
    wrong = []
    for actor, user in people.items():
        client = client_class(raise_request_exception=False)
        if user:
            client.force_login(user)
        for method in ("get", "post"):
            result = seen(getattr(client, method)(url))
            wanted = expected(rule, actor)
            # inside, an object that does not exist is 404 as well; a method that does not exist tells nobody anything
            if result != wanted and result != "no such method" and (wanted, result) != ("open", "absent"):
                wrong.append(f"{method} {actor}: {result}, expected {wanted}")
    record("requests: address × person × method", 2 * len(people), wrong=len(wrong))
    assert wrong == []


@pytest.fixture
def client_class():
    from django.test import Client

    return Client


@pytest.mark.promise("addresses")
@pytest.mark.parametrize("area", ["admin/", "ops/"])
@pytest.mark.parametrize(
    "actor", ["anonymous", "clerk of alpha", "approver of alpha", "commission", "expert"]
)
def test_editors_areas_are_closed_to_everyone_else(area, actor, people, client_class):
    opened = []
    for route in sorted(
        route for route in routes() if route.startswith(area) and "<" not in route and "(" not in route
    ):
        client = client_class(raise_request_exception=False)
        if people[actor]:
            client.force_login(people[actor])
        response = client.get(address(route))
        record("requests to the editors' areas by others")
        if response.status_code == 200:
            opened.append(route)
    # what says nothing to anyone: translations and icons of the pages' scripts
    assert [r for r in opened if not r.endswith(("jsi18n/", "sprite/", "logout/"))] == []


def test_style_guide_is_for_local_stages_only():
    assert any(route.startswith("ui/") for route in routes())
