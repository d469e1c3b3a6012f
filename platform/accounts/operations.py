"""Closing accounts, handing out assignments. Accounts are opened by accounts.invitations."""

import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import Assignment, AssociationRole, Invitation, User
from audit.operations import record

SECOND_FACTOR_ROLES = {AssociationRole.STAFF, AssociationRole.OPERATOR, AssociationRole.SECRETARY}
# people with these roles edit the site; the group's permissions are set by cms.pages
EDITOR_GROUPS = {AssociationRole.STAFF: "秘书处", AssociationRole.SECRETARY: "专委会秘书"}


@transaction.atomic
def assign(*, user: User, role: str, actor_id: int | None, committee_code: str = "") -> Assignment:
    """Gives a person an association role. Repeating it changes nothing. A committee's code is kept in capitals, as
    instruments name it: the reach of a secretary is decided by it."""
    committee_code = committee_code.strip().upper()
    assignment, created = Assignment.objects.get_or_create(
        user=user, role=role, committee_code=committee_code
    )
    if role in EDITOR_GROUPS:
        group, _ = Group.objects.get_or_create(name=EDITOR_GROUPS[role])
        user.groups.add(group)
    if role in SECOND_FACTOR_ROLES:
        user.second_factor_required = True
    if role == AssociationRole.OPERATOR:
        user.is_staff = user.is_superuser = True
    user.save(update_fields=["second_factor_required", "is_staff", "is_superuser"])
    if created:
        record(
            actor_id=actor_id,
            action="assignment.added",
            object_type="assignment",
            object_id=str(assignment.pk),
            fields=["role", "committee_code"],
        )
    return assignment


@transaction.atomic
def deactivate(*, user: User, actor_id: int | None) -> None:
    """Closes an account; the next request of every session of the person is anonymous."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(actor_id=actor_id, action="user.deactivated", object_type="user", object_id=str(user.pk))


@transaction.atomic
def anonymise(*, user: User, actor_id: int | None, now: datetime.datetime) -> None:
    """Closes an account and removes the person from it; the number stays, papers refer to it."""
    Invitation.objects.filter(email__iexact=user.email).update(email=f"anonymous-{user.pk}@invalid", name="")
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.is_active = False
    user.anonymised_at = now
    user.email = f"anonymous-{user.pk}@invalid"
    user.name = "（已注销）"
    user.set_unusable_password()
    user.save()
    record(actor_id=actor_id, action="user.anonymised", object_type="user", object_id=str(user.pk))


@transaction.atomic
def reset_second_factor(*, user: User, actor_id: int | None) -> None:
    """Forgets the second factor and the recovery codes of a person who lost the phone; who asks was made sure of
    before. Where it is demanded it has to be set up again at the next sign-in."""
    Authenticator.objects.filter(user=user).delete()
    record(actor_id=actor_id, action="user.second_factor_reset", object_type="user", object_id=str(user.pk))


@transaction.atomic
def reactivate(*, user: User, actor_id: int | None) -> None:
    """Opens a closed account again, with the roles it had. Raises ValueError for an anonymised one."""
    if user.anonymised_at:
        raise ValueError("an anonymised account stays closed")
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(actor_id=actor_id, action="user.reactivated", object_type="user", object_id=str(user.pk))


@transaction.atomic
def unassign(*, assignment: Assignment, actor_id: int | None) -> None:
    """Takes an association role away; it bites on the person's next request. A second factor stays demanded."""
    user, role = assignment.user, assignment.role
    record(
        actor_id=actor_id,
        action="assignment.removed",
        object_type="assignment",
        object_id=str(assignment.pk),
        fields=["role", "committee_code"],
    )
    assignment.delete()
    if Assignment.objects.filter(user=user, role=role).exists():
        return
    if role in EDITOR_GROUPS:
        user.groups.remove(*Group.objects.filter(name=EDITOR_GROUPS[role]))
    if role == AssociationRole.OPERATOR:
        user.is_staff = user.is_superuser = False
        user.save(update_fields=["is_staff", "is_superuser"])
