"""Hosts, cookies, headers, sign-in."""

from config.settings.environment import IS_DEMO, IS_LOCAL, IS_TEST, env

DEBUG = False
ALLOWED_HOSTS = env.list("HOUQIN_HOSTS", default=["127.0.0.1", "localhost", "testserver"] if IS_LOCAL else [])
BASE_URL = env.str("HOUQIN_BASE_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [] if IS_LOCAL else [BASE_URL]
CSRF_FAILURE_VIEW = "config.views.csrf_failure"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not IS_LOCAL
SECURE_SSL_REDIRECT = not IS_LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = None if IS_LOCAL else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if IS_LOCAL else 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not IS_LOCAL
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    # Wagtail's and Django's own pages carry inline scripts; config.middleware gives them a policy of their own
    "EXCLUDE_URL_PREFIXES": ("/admin/", "/ops/"),
    "DIRECTIVES": {
        "default-src": _SELF,
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "object-src": ["'none'"],
        "base-uri": _SELF,
        "form-action": _SELF,
        "frame-ancestors": ["'none'"],
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "tenants:home"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapter.ClosedAccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    # per address, and per account whatever the address
    "login": "60/m/ip",
    "login_failed": "10/m/ip,10/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateForm",
}
# accounts are opened by invitation to their address, so there is nothing left to verify
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Houqin"
# The demo's people sign in with a password alone; everywhere else staff and approvers need the second factor.
SECOND_FACTOR_REQUIRED = env.bool("HOUQIN_SECOND_FACTOR", not (IS_DEMO or IS_TEST))

# the limits count the client's address: behind proxies it is the one the first of ours has seen
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("HOUQIN_PROXIES", 0 if IS_LOCAL else 1)

# the editors' areas have no sign-in, password or address of their own: accounts/urls.py has the one door. Whoever is
# signed in and no editor is sent there too, and would be sent back for ever: accounts.views.to_sign_in refuses them
WAGTAILADMIN_LOGIN_URL = "wagtailadmin_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

SILENCED_SYSTEM_CHECKS = [
    # the whole site is chosen by path: no host has a urlconf of its own
    "django_tenants.W001",
]
