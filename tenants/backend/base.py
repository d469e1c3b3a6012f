"""search_path and SET ROLE travel in one statement.

django-tenants switches the search_path only, so a mistake in the code reads whatever the login may read. Here each
schema has a role of its own, and PostgreSQL refuses what the role was not granted (tenants/grants.py).
"""

from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import InternalError
from django_tenants.postgresql_backend import base
from django_tenants.utils import quote_schema_name


@dataclass(frozen=True)
class Scope:
    """Where a connection stands: a schema and the role that may use it. `role` '' keeps the login (owner only)."""

    schema_name: str
    role: str
    university: str = ""


def role_name(suffix: str) -> str:
    """The name of a role in this database's cluster, e.g. `r_houqin_app`."""
    return f"r_{settings.ROLE_PREFIX}_{suffix}"


class DatabaseWrapper(base.DatabaseWrapper):
    """django-tenants' connection with a role for each scope. The owner login takes no role: it migrates."""

    @property
    def takes_role(self) -> bool:
        return self.settings_dict["USER"] != settings.OWNER_LOGIN

    def set_schema_to_public(self) -> None:
        """Neutral ground: public, as the application's role."""
        self.set_tenant(Scope(settings.PUBLIC_SCHEMA_NAME, role_name("app")))

    def _handle_search_path(self, cursor=None) -> None:
        """Sends both settings unless they hold already. Unlike the parent it never goes on after a failure: the
        statement that follows would run in the previous university."""
        if self._setting_search_path or self.search_path_set_schemas:
            return
        paths = self._get_cursor_search_paths()
        statement = f"SET search_path = {','.join(map(quote_schema_name, paths))}"
        if self.takes_role:
            statement += f"; SET ROLE {quote_schema_name(self._role())}"
        self._setting_search_path = True
        own = self.connection.cursor() if cursor is None else None
        try:
            (own or cursor).execute(statement)
        except (InternalError, psycopg.InternalError) as error:
            self.search_path_set_schemas = None
            # in a failed transaction nothing but the rollback can follow, which PostgreSQL enforces itself
            cause = error.__cause__ or error
            if not isinstance(cause, psycopg.errors.InFailedSqlTransaction):
                raise
        except Exception:
            self.search_path_set_schemas = None
            raise
        else:
            self.search_path_set_schemas = paths
        finally:
            self._setting_search_path = False
            if own is not None:
                own.close()

    def _role(self) -> str:
        role = getattr(self.tenant, "role", "")
        if not role:
            raise ImproperlyConfigured(
                f"schema {self.schema_name} was entered without a role: use tenants.context"
            )
        return role
