"""What people change about their own sign-in, in the trail: the pages are allauth's, so its signals tell."""

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.dispatch import receiver

from accounts.models import User
from audit.operations import record

PASSWORD, SECOND_FACTOR, RECOVERY_CODE = (
    "user.password_changed",
    "user.second_factor_changed",
    "user.recovery_code_used",
)


@receiver((account.password_changed, account.password_set, account.password_reset))
def password_changed(user: User, **_ignored) -> None:
    """A password was changed, or set by the link that was mailed."""
    record(actor_id=user.pk, action=PASSWORD, object_type="user", object_id=str(user.pk), fields=["password"])


@receiver((mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset))
def second_factor_changed(user: User, authenticator, **_ignored) -> None:
    """A second factor or its recovery codes were added, removed or made anew."""
    _record(user, SECOND_FACTOR, authenticator)


@receiver(mfa.authenticator_used)
def recovery_code_used(user: User, authenticator, **_ignored) -> None:
    """A recovery code is gone once it has been used; the daily codes of the second factor are not told."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _record(user, RECOVERY_CODE, authenticator)


def _record(user: User, action: str, authenticator: Authenticator) -> None:
    record(
        actor_id=user.pk,
        action=action,
        object_type="user",
        object_id=str(user.pk),
        fields=[str(authenticator.type)],
    )
