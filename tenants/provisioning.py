"""A new university: ordered in /ops/, built by the worker that has the owner's login."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django_tenants.clone import CloneSchema
from django_tenants.utils import schema_exists

from audit.operations import record
from jobs.failpoints import reach
from jobs.models import Job, Queue
from jobs.operations import enqueue
from notices.operations import notify
from tenants import wall
from tenants.context import schema_of
from tenants.deployment import TEMPLATE, is_current
from tenants.models import University, UniversityAlias, UniversityState
from tenants.names import pinyin_key

PROVISION = "university.provision"


class TemplateNotReady(Exception):
    """The schema that universities are cloned from is behind the code: deploy_schemas has not been run."""


def check_aliases(names: Iterable[str], *, own: University | None = None) -> None:
    """Raises ValidationError when another university than `own` goes by one of the names: a workbook that carries it
    could not be told apart."""
    taken = UniversityAlias.objects.filter(alias__in=list(names)).select_related("university")
    for row in taken.exclude(university=own) if own and own.pk else taken:
        text = _("“%(alias)s”已经是%(university)s的简称或别名。")
        raise ValidationError(text % {"alias": row.alias, "university": row.university.name})


@transaction.atomic
def order_university(
    *, aliases: Iterable[str] = (), actor_id: int | None, actor_name: str = "", **fields: str
) -> University:
    """Adds the university as `provisioning` and queues the building of its schema. The application's login may.
    `fields`: code, name, short_name, kind, district and, if there is one, name_en.

    Raises ValidationError for a bad or taken code, name or alias.
    """
    university = _add(fields, aliases)
    queue(university, actor_id=actor_id, actor_name=actor_name)
    return university


@transaction.atomic
def create_university(*, aliases: Iterable[str] = (), **fields: str) -> University:
    """As order_university, but builds at once. Needs the owner login. All or nothing. Raises ValidationError."""
    return provision(_add(fields, aliases).code)


def prepare(university: University) -> None:
    """Fills what follows from the code and the name."""
    university.schema_name = schema_of(university.code)
    university.pinyin_key = pinyin_key(university.name)


@transaction.atomic
def name_university(university: University, aliases: Iterable[str] = ()) -> None:
    """Lets a university be known by its short name and aliases, besides those it has. Raises ValidationError for a
    taken one."""
    names = dict.fromkeys([university.short_name, *aliases])
    check_aliases(names, own=university)
    for name in names:
        UniversityAlias.objects.get_or_create(university=university, alias=name)


@transaction.atomic
def queue(university: University, *, actor_id: int | None, actor_name: str = "") -> Job:
    """Queues the building of a university that waits for it, also once more after a failure: nothing is built twice.
    Raises ValueError for one that is built."""
    if university.state != UniversityState.PROVISIONING:
        raise ValueError(f"{university.code} is built")
    record(
        actor_id=actor_id,
        university_code=university.code,
        action="university.ordered",
        object_type="university",
        object_id=university.code,
    )
    return enqueue(
        kind=PROVISION,
        arguments={},
        university_code=university.code,
        actor_id=actor_id,
        actor_name=actor_name,
        queue=Queue.PROVISIONING,
    )


def _add(fields: dict[str, str], aliases: Iterable[str]) -> University:
    university = University(**fields)
    prepare(university)
    university.full_clean()
    university.save()
    name_university(university, aliases)
    return university


@transaction.atomic
def provision(code: str, *, told: int | None = None) -> University:
    """Clones the template schema, makes the role, issues the grants and opens the university, all or nothing; one
    that is open is left alone. `told` is the person (id) who gets a notice. Needs the owner login.

    Raises University.DoesNotExist, TemplateNotReady.
    """
    # a second order of the same university waits here, and then finds it open
    university = University.objects.select_for_update().get(code=code)
    if university.state != UniversityState.PROVISIONING:
        return university
    if not is_current(schema_of(TEMPLATE)):
        raise TemplateNotReady
    if not schema_exists(university.schema_name):
        CloneSchema().clone_schema(schema_of(TEMPLATE), university.schema_name, "DATA")
        connection.set_schema_to_public()
    reach("provision.cloned")
    wall.build_university(code)
    reach("provision.granted")
    university.state = UniversityState.ACTIVE
    university.save(update_fields=["state"])
    if told is not None:
        notify(
            user_id=told,
            subject=_("%(university)s已开通") % {"university": university.name},
            body=_("下一步：秘书处在“人员”里邀请它的审核人和填报人。"),
            path=f"/ops/tenants/university/{university.pk}/change/",
        )
    return university
