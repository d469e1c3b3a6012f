"""Invitations: links that work once, for the address they were sent to."""

import datetime
import hashlib
import logging
import secrets
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation, User
from audit.operations import record
from ui.brand import of_settings

logger = logging.getLogger(__name__)
INVITATION_LIFE = datetime.timedelta(days=7)


class InvitationInvalid(Exception):
    """The link is unknown, used, withdrawn or out of date."""


class InvitationForSomeoneElse(Exception):
    """The person who is signed in is not the one the link was sent to."""


class AccountExists(Exception):
    """The address has an account already: its owner signs in and accepts, a link alone opens nothing."""


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
    """Creates an invitation; returns it with its token, which is shown once and kept only as a hash. An open
    invitation of the same person to the same role is withdrawn: one link at a time."""
    place = {"role": role, "university_code": university_code, "committee_code": committee_code}
    for earlier in Invitation.objects.filter(email__iexact=email, used_at=None, revoked_at=None, **place):
        revoke(invitation=earlier, actor_id=invited_by.pk, now=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        token_sha256=hash_token(token),
        email=email.lower(),
        name=name,
        invited_by=invited_by,
        expires_at=now + INVITATION_LIFE,
        **place,
    )
    _record(invitation, "invitation.created", invited_by.pk, ["email", "role"])
    return invitation, token


@transaction.atomic
def revoke(*, invitation: Invitation, actor_id: int | None, now: datetime.datetime) -> None:
    """Withdraws an open invitation; its link is dead. A used one stays as it is."""
    if Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None).update(revoked_at=now):
        _record(invitation, "invitation.revoked", actor_id, ["revoked_at"])


def find_invitation(token: str, *, now: datetime.datetime, lock: bool = False) -> Invitation:
    """The open invitation of a token. Raises InvitationInvalid. `lock` holds the row, so that a link used twice
    at the same moment opens one account."""
    rows = Invitation.objects.select_for_update() if lock else Invitation.objects
    found = rows.filter(token_sha256=hash_token(token), used_at=None, revoked_at=None, expires_at__gt=now)
    invitation = found.first()
    if invitation is None:
        raise InvitationInvalid
    return invitation


def account_of(invitation: Invitation) -> User | None:
    """The account that the invited address has already, active or not."""
    return User.objects.filter(email__iexact=invitation.email).first()


@transaction.atomic
def open_account(*, token: str, name: str, password: str, now: datetime.datetime) -> tuple[User, Invitation]:
    """Uses an invitation by opening the account of its address. The role it names is given by tenants.operations,
    which calls this inside its own transaction.

    Raises InvitationInvalid, AccountExists.
    """
    invitation = find_invitation(token, now=now, lock=True)
    if account_of(invitation):
        raise AccountExists
    user = User.objects.create_user(invitation.email, password, name=name)
    record(actor_id=user.pk, action="user.opened", object_type="user", object_id=str(user.pk))
    return user, _use(invitation, user, now)


@transaction.atomic
def join(*, token: str, user: User, now: datetime.datetime) -> tuple[User, Invitation]:
    """Uses an invitation for the account of the person who is signed in and whose address it names.

    Raises InvitationInvalid, InvitationForSomeoneElse.
    """
    invitation = find_invitation(token, now=now, lock=True)
    if not user.is_active or user.email.lower() != invitation.email.lower():
        raise InvitationForSomeoneElse
    return user, _use(invitation, user, now)


def _use(invitation: Invitation, user: User, now: datetime.datetime) -> Invitation:
    invitation.used_at, invitation.used_by = now, user
    invitation.save(update_fields=["used_at", "used_by"])
    _record(invitation, "invitation.used", user.pk, ["used_at"])
    return invitation


def send(*, invitation: Invitation, token: str, place: str, role: str) -> bool:
    """Mails the link; call it after the transaction. `place` and `role` are the words of the mail. False when the
    mail server refused: the invitation stands and can be sent again."""
    context = {
        "name": invitation.name,
        "inviter": invitation.invited_by.name,
        "place": place,
        "role": role,
        "expires_at": invitation.expires_at,
        "link": urljoin(settings.BASE_URL, reverse("tenants:accept", args=[token])),
        "base_url": settings.BASE_URL,
        "brand": of_settings(),
    }
    subject = render_to_string("account/email/invitation_subject.txt", context).strip()
    body = render_to_string("account/email/invitation_message.txt", context)
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.email]).send()
    except OSError as error:
        # smtplib's errors are OSErrors; the address stays out of the log
        logger.error("invitation %s was not mailed: %s", invitation.pk, type(error).__name__)
        return False
    return True


def hash_token(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _record(invitation: Invitation, action: str, actor_id: int | None, fields: list[str]) -> None:
    record(
        actor_id=actor_id,
        university_code=invitation.university_code,
        action=action,
        object_type="invitation",
        object_id=str(invitation.pk),
        fields=fields,
    )
