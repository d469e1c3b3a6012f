"""The database: one, three logins. The login decides whether the second wall stands (tenants/backend)."""

from config.settings.environment import IS_TEST, env

DATABASES = {
    "default": {
        "ENGINE": "tenants.backend",
        "NAME": env.str("HOUQIN_DATABASE_NAME", "houqin"),
        "USER": env.str("HOUQIN_DATABASE_USER", "houqin_app"),
        "PASSWORD": env.str("HOUQIN_DATABASE_PASSWORD", ""),
        "HOST": env.str("HOUQIN_DATABASE_HOST", ""),
        "PORT": env.str("HOUQIN_DATABASE_PORT", ""),
        "CONN_MAX_AGE": env.int("HOUQIN_DATABASE_CONN_MAX_AGE", 0 if IS_TEST else 300),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }
}
# Roles are cluster-wide, so their names carry the database's; a copied test database keeps its template's.
ROLE_PREFIX = env.str("HOUQIN_ROLE_PREFIX", DATABASES["default"]["NAME"])
OWNER_LOGIN = env.str("HOUQIN_DATABASE_OWNER", "houqin_owner")
APP_LOGIN = env.str("HOUQIN_DATABASE_APP", "houqin_app")

DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_MODEL = "tenants.University"
TENANT_LIMIT_SET_CALLS = True
PUBLIC_SCHEMA_NAME = "public"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
