"""Opening and closing accounts, handing out assignments and invitations."""

import datetime
import hashlib
import secrets

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import Assignment, AssociationRole, Invitation, User
from audit.operations import record

INVITATION_LIFE = datetime.timedelta(days=7)
SECOND_FACTOR_ROLES = {AssociationRole.STAFF, AssociationRole.OPERATOR, AssociationRole.SECRETARY}
# people with these roles edit the site; the group's permissions are set by cms.pages
EDITOR_GROUPS = {AssociationRole.STAFF: "秘书处", AssociationRole.SECRETARY: "专委会秘书"}


class InvitationInvalid(Exception):
    """The link is unknown, used or out of date."""


@transaction.atomic
def assign(*, user: User, role: str, actor_id: int | None, committee_code: str = "") -> Assignment:
    """Gives a person an association role. Repeating it changes nothing."""
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
    user.is_active = False
    user.anonymised_at = now
    user.email = f"anonymous-{user.pk}@invalid"
    user.name = "（已注销）"
    user.set_unusable_password()
    user.save()
    record(actor_id=actor_id, action="user.anonymised", object_type="user", object_id=str(user.pk))


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    role: str,
    invited_by: User,
    now: datetime.datetime,
    university_code: str = "",
    committee_code: str = "",
) -> tuple[Invitation, str]:
    """Creates an invitation; returns it with its token, which is shown once and kept only as a hash."""
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        token_sha256=hash_token(token),
        email=email.lower(),
        name=name,
        role=role,
        university_code=university_code,
        committee_code=committee_code,
        invited_by=invited_by,
        expires_at=now + INVITATION_LIFE,
    )
    record(
        actor_id=invited_by.pk,
        university_code=university_code,
        action="invitation.created",
        object_type="invitation",
        object_id=str(invitation.pk),
        fields=["email", "role"],
    )
    return invitation, token


def find_invitation(token: str, *, now: datetime.datetime, lock: bool = False) -> Invitation:
    """The open invitation of a token. Raises InvitationInvalid. `lock` holds the row, so that a link used twice at
    the same moment opens one account."""
    rows = Invitation.objects.select_for_update() if lock else Invitation.objects
    invitation = rows.filter(token_sha256=hash_token(token), used_at__isnull=True, expires_at__gt=now).first()
    if invitation is None:
        raise InvitationInvalid
    return invitation


@transaction.atomic
def accept_invitation(
    *, token: str, name: str, password: str, now: datetime.datetime
) -> tuple[User, Invitation]:
    """Uses an invitation: the person's account exists afterwards and has the association role it names.

    A university role is given by tenants.operations, which calls this inside its own transaction.
    Raises InvitationInvalid.
    """
    invitation = find_invitation(token, now=now, lock=True)
    user = User.objects.filter(email__iexact=invitation.email, is_active=True).first()
    if user is None:
        user = User.objects.create_user(invitation.email, password, name=name)
    invitation.used_at, invitation.used_by = now, user
    invitation.save(update_fields=["used_at", "used_by"])
    if not invitation.university_code:
        assign(
            user=user,
            role=invitation.role,
            committee_code=invitation.committee_code,
            actor_id=invitation.invited_by_id,
        )
    return user, invitation


def hash_token(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
