"""People get their roles at universities and in the association here; universities their sizes and state."""

import datetime
import logging

from django.db import transaction

from accounts import invitations
from accounts import operations as accounts
from accounts.models import Assignment, AssociationRole, Invitation, User
from audit.operations import record
from tenants.models import (
    Membership,
    University,
    UniversityRole,
    UniversityState,
    UniversityYear,
)
from tenants.people import place_of, role_label

logger = logging.getLogger(__name__)
# approvers sign for the university: their account is worth more than a password
SECOND_FACTOR_ROLES = {UniversityRole.APPROVER}


# who reads all universities' seals or the released city must not also sit inside one of them (DESIGN §1)
APART = frozenset({AssociationRole.STAFF, AssociationRole.COMMISSION})


class RolesExclude(Exception):
    """The association's staff and the commission hold no role at a university, and the other way round."""


class LastApprover(Exception):
    """The role is the university's last approver's: somebody else must have it first."""


@transaction.atomic
def set_state(*, university: University, state: str, actor_id: int | None) -> None:
    """Suspends a university or opens it again; its pages answer 503 meanwhile and its data stay. Raises ValueError
    for a university that is still being provisioned."""
    if university.state == UniversityState.PROVISIONING:
        raise ValueError("a university that is being provisioned is neither suspended nor opened")
    university.state = state
    university.save(update_fields=["state"])
    record(
        actor_id=actor_id,
        university_code=university.code,
        action=f"university.{state}",
        object_type="university",
        object_id=university.code,
        fields=["state"],
    )


def set_sizes(
    university: University, *, year: int, students: int, staff: int, floor_area, heated_area
) -> UniversityYear:
    """Records the sizes of one year (persons, m²)."""
    sizes = {"students": students, "staff": staff, "floor_area": floor_area, "heated_area": heated_area}
    row, _ = UniversityYear.objects.update_or_create(university=university, year=year, defaults=sizes)
    return row


@transaction.atomic
def add_member(*, user: User, university: University, role: str, actor_id: int | None) -> Membership:
    """Gives a person a role at a university. Repeating it changes nothing. Raises RolesExclude."""
    if is_kept_apart(user, inside=True):
        raise RolesExclude
    membership, created = Membership.objects.get_or_create(user=user, university=university, role=role)
    if role in SECOND_FACTOR_ROLES and not user.second_factor_required:
        user.second_factor_required = True
        user.save(update_fields=["second_factor_required"])
    if created:
        record(
            actor_id=actor_id,
            university_code=university.code,
            action="membership.added",
            object_type="membership",
            object_id=str(membership.pk),
            fields=["role"],
        )
    return membership


@transaction.atomic
def assign(*, user: User, role: str, actor_id: int | None, committee_code: str = "") -> Assignment:
    """Gives a person an association role. Repeating it changes nothing. Raises RolesExclude."""
    if is_kept_apart(user, inside=False, role=role):
        raise RolesExclude
    return accounts.assign(user=user, role=role, committee_code=committee_code, actor_id=actor_id)


def is_kept_apart(user: User, *, inside: bool, role: str = "") -> bool:
    """Whether a person may not get a role at a university (`inside`), or `role` in the association, because of what
    the person is already."""
    if inside:
        return Assignment.objects.filter(user=user, role__in=APART).exists()
    return role in APART and Membership.objects.filter(user=user).exists()


@transaction.atomic
def remove_member(*, membership: Membership, actor_id: int | None, last: bool = False) -> None:
    """Takes the role away; it bites on the person's next request. Raises LastApprover when nobody could sign any
    more: `last=True` allows it (the association closing a university's access)."""
    if membership.role == UniversityRole.APPROVER and not last:
        # both rows are held: two approvers who remove each other at the same moment do not both succeed
        approvers = Membership.objects.select_for_update().filter(
            university=membership.university, role=UniversityRole.APPROVER, user__is_active=True
        )
        if not [other for other in approvers if other.pk != membership.pk]:
            raise LastApprover
    record(
        actor_id=actor_id,
        university_code=membership.university.code,
        action="membership.removed",
        object_type="membership",
        object_id=str(membership.pk),
        fields=["role"],
    )
    membership.delete()


@transaction.atomic
def accept_invitation(
    *, token: str, now: datetime.datetime, name: str = "", password: str = "", user: User | None = None
) -> User:
    """Uses an invitation and gives the role it names, at a university or in the association.

    Without `user` it opens the account of the invited address with `name` and `password`; with `user`, who is
    signed in, it adds the role to that account. Raises invitations.InvitationInvalid, AccountExists (an account must
    be signed in to, a link does not open it), InvitationForSomeoneElse, and RolesExclude.
    """
    if user is None:
        user, invitation = invitations.open_account(token=token, name=name, password=password, now=now)
    else:
        user, invitation = invitations.join(token=token, user=user, now=now)
    if not invitation.university_code:
        assign(
            user=user,
            role=invitation.role,
            committee_code=invitation.committee_code,
            actor_id=invitation.invited_by_id,
        )
    else:
        university = University.objects.get(code=invitation.university_code)
        add_member(user=user, university=university, role=invitation.role, actor_id=invitation.invited_by_id)
    return user


def send_invitation(invitation: Invitation, token: str) -> bool:
    """Mails the link with the words of its place and role; False when the mail server refused."""
    return invitations.send(
        invitation=invitation, token=token, place=place_of(invitation), role=role_label(invitation.role)
    )
