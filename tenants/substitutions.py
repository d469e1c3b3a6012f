"""Naming a substitute for an approver, and ending it before its time."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.operations import record
from notices.operations import notify
from tenants.models import Membership, Substitution, University, UniversityRole
from ui.formats import full_day

# longer than this is no absence but another approver
LONGEST = 92


class SubstitutionError(Exception):
    """The person cannot be the substitute, or not on these days; the text says why."""


def approvers(university: University) -> list[User]:
    """Who can be represented."""
    members = Membership.objects.filter(university=university, role=UniversityRole.APPROVER)
    return list(
        User.objects.filter(is_active=True, memberships__in=members).order_by("name", "pk").distinct()
    )


def candidates(university: University) -> list[User]:
    """Who can sign for an approver: the active people of the university that are none themselves."""
    people = User.objects.filter(is_active=True, memberships__university=university)
    signing = Membership.objects.filter(university=university, role=UniversityRole.APPROVER)
    return list(people.exclude(pk__in=signing.values("user")).order_by("name", "pk").distinct())


@transaction.atomic
def name_substitute(
    *,
    university: University,
    principal: User,
    substitute: User,
    starts_on: datetime.date,
    ends_on: datetime.date,
    reason: str,
    actor_id: int,
    now: datetime.datetime,
) -> Substitution:
    """Lets `substitute` sign for the approver `principal` from one day to another, both included. Signing is worth a
    second factor: the substitute needs one from now on. Naming the same again changes nothing. Raises
    SubstitutionError."""
    University.objects.select_for_update().get(pk=university.pk)
    _check_people(university, principal, substitute)
    _check_days(starts_on, ends_on, reason, timezone.localdate(now))
    days = {"starts_on": starts_on, "ends_on": ends_on}
    running = Substitution.objects.filter(university=university, principal=principal, ended_at=None)
    same = running.filter(substitute=substitute, **days).first()
    if same:
        return same
    if running.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise SubstitutionError(_("这几天已经有人代签。先结束那一条，再指定。"))
    made = Substitution.objects.create(
        university=university,
        principal=principal,
        substitute=substitute,
        **days,
        reason=reason.strip()[:300],
        named_by_id=actor_id,
        named_at=now,
    )
    if not substitute.second_factor_required:
        substitute.second_factor_required = True
        substitute.save(update_fields=["second_factor_required"])
    _trail(made, actor_id, "substitution.named")
    _tell(made)
    return made


@transaction.atomic
def end_substitution(*, substitution: Substitution, actor_id: int, now: datetime.datetime) -> None:
    """Ends it at once; what was signed stays signed. Ending it twice changes nothing."""
    if Substitution.objects.filter(pk=substitution.pk, ended_at=None).update(ended_at=now):
        _trail(substitution, actor_id, "substitution.ended")


def _check_people(university: University, principal: User, substitute: User) -> None:
    if principal not in approvers(university):
        raise SubstitutionError(_("被代签的人不是本校的审核人。"))
    if substitute not in candidates(university):
        raise SubstitutionError(_("代签人要是本校在用的人员，而且自己不是审核人。"))


def _check_days(starts_on: datetime.date, ends_on: datetime.date, reason: str, today: datetime.date) -> None:
    if ends_on < starts_on or ends_on < today:
        raise SubstitutionError(_("结束日不能早于开始日，也不能已经过去。"))
    if (ends_on - starts_on).days >= LONGEST:
        raise SubstitutionError(_("代签最多 %(n)s 天。更久就邀请一位审核人。") % {"n": LONGEST})
    if not reason.strip():
        raise SubstitutionError(_("写明原因，例如 7 月休假；封存件上会写。"))


def _trail(made: Substitution, actor_id: int, action: str) -> None:
    record(
        actor_id=actor_id,
        university_code=made.university.code,
        action=action,
        object_type="substitution",
        object_id=str(made.pk),
    )


def _tell(made: Substitution) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        values = {
            "name": made.principal.name,
            "first": full_day(made.starts_on),
            "last": full_day(made.ends_on),
        }
        subject = _("由你代%(name)s签发") % values
        body = _("%(first)s至%(last)s，你可以代%(name)s签发；自己经手的仍不能签。") % values
    code = made.university.code
    notify(subject=subject, body=body, user_id=made.substitute_id, university_code=code, path=f"/u/{code}/")
