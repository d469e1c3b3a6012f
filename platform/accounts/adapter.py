"""How allauth behaves here: accounts by invitation, links from the settings, no hint who has an account."""

import time
from urllib.parse import urljoin

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.models import User
from ui.brand import brand

# the number of tries left is told only when it begins to matter
FEW_TRIES = 3


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No public sign-up; an inactive person is told what a wrong password would tell."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("邮箱或密码不对。"),
        "too_many_login_attempts": _("失败次数太多，5 分钟后再试。忘记密码可以现在就重置。"),
        "enter_current_password": _("当前密码不对。"),
        "incorrect_password": _("密码不对。"),
        "incorrect_code": _("验证码不对。看一眼动态口令应用里的最新 6 位数，再输一次。"),
        "rate_limited": _("试得太频繁，过几分钟再试。"),
        "invalid_login": _("邮箱或密码不对。"),
        "invalid_password_reset": _("链接不能用了。"),
        "unverified_primary_email": _("邮箱还没有验证。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials) -> User | None:
        """The active person with these credentials. allauth would hand out a closed account too, to say that it is
        closed; that would tell a guesser that the password is right."""
        user = super().authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        return user if user is not None and user.is_active else None

    def tries_left(self, email: str) -> int | None:
        """How many more wrong passwords are allowed for an address; None while there are plenty."""
        limit = {"app": "allauth.account", "action": "login_failed"}
        left = []
        for rate in ratelimit.get_rates(**limit):
            place = ratelimit.get_cache_key(self.request, rate=rate, key=email.lower(), **limit)
            recent = [at for at in cache.get(place, []) if at > time.time() - rate.duration]
            left.append(rate.amount - len(recent))
        return min(left) if left and min(left) <= FEW_TRIES else None

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        # allauth adds the host, which a guesser may vary (any port passes ALLOWED_HOSTS) to count from zero again
        return str(credentials.get("email", "")).lower()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail, built from the settings: a forged Host header must not lead people elsewhere."""
        pattern = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return urljoin(settings.BASE_URL, pattern.replace("UID-KEY", key))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_home")

    def format_email_subject(self, subject: str) -> str:
        return f"【{brand(self.request)['brand']['name']}】{subject}"

    def get_from_email(self) -> str:
        return settings.DEFAULT_FROM_EMAIL

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        context = {"base_url": settings.BASE_URL, "brand": brand(self.request)["brand"]} | context
        super().send_mail(template_prefix, email, context)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Whose role demands a second factor cannot switch it off."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "你的角色必须使用动态口令，不能停用。换手机时用恢复码登录，再重新设置。"
        ),
        "cannot_generate_recovery_codes": _("先启用动态口令，再生成恢复码。"),
        "incorrect_code": _("验证码不对。看一眼动态口令应用里的最新 6 位数，再输一次。"),
    }

    def encrypt(self, text: str) -> str:
        return vault.lock(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.unlock(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not (settings.SECOND_FACTOR_REQUIRED and authenticator.user.second_factor_required)
