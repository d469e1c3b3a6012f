"""Puts grants.py into the database and reads back what is there. Runs as the owner login."""

from django.conf import settings
from django.db import connection
from django_tenants.utils import quote_schema_name as quote

from tenants import grants
from tenants.backend.base import role_name
from tenants.context import SCHEMA_PREFIX, schema_of

SHARED_ROLES = ("app", "universities", "commission")


def build_public() -> None:
    """Creates the shared roles and sets every privilege and row policy of the public schema to what grants.py says."""
    with connection.cursor() as cursor:
        for suffix in SHARED_ROLES:
            _ensure_role(cursor, role_name(suffix))
        for suffix in ("app", "commission"):
            _let_login_become(cursor, role_name(suffix))
        usage = ", ".join(quote(role_name(s)) for s in SHARED_ROLES)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {usage}")
        for table in tables_of(cursor, "public"):
            _grant_public(cursor, table)
            _set_policy(cursor, table)


def build_university(code: str) -> None:
    """Creates the university's role and grants it its own schema and its share of public."""
    schema, role = schema_of(code), role_name(schema_of(code))
    with connection.cursor() as cursor:
        _ensure_role(cursor, role)
        _let_login_become(cursor, role)
        cursor.execute(f"GRANT {quote(role_name('universities'))} TO {quote(role)}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {quote(schema)} TO {quote(role)}")
        for table in tables_of(cursor, schema):
            _grant(cursor, schema, table, role, grants.own_privileges(table))


def schemas_behind() -> set[str]:
    """The universities' schemas in which a privilege differs from grants.py: a deployment ended between a migration and
    its grants, or the list has changed since."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT n.nspname, c.relname,
                      coalesce(array_agg(a.privilege_type) FILTER (WHERE a.grantee = r.oid), '{}')
               FROM tenants_university u JOIN pg_namespace n ON n.nspname = u.schema_name
               JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p')
               LEFT JOIN pg_roles r ON r.rolname = %s || n.nspname
               LEFT JOIN LATERAL aclexplode(c.relacl) a ON true
               GROUP BY n.nspname, c.relname""",
            [role_name("")],
        )
        return {
            schema
            for schema, table, rights in cursor.fetchall()
            if frozenset(rights) != grants.own_privileges(table)
        }


def tables_of(cursor, schema: str) -> list[str]:
    """Names of the tables of a schema."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [name for (name,) in cursor.fetchall()]


def actual_privileges(schema: str) -> dict[tuple[str, str], frozenset[str]]:
    """(table, role) → privileges, as the catalogue has them, for the roles of this database. The owner is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, pg_get_userbyid(a.grantee), a.privilege_type
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
               WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm') AND a.grantee <> c.relowner""",
            [schema],
        )
        found: dict[tuple[str, str], set[str]] = {}
        for table, role, privilege in cursor.fetchall():
            found.setdefault((table, role), set()).add(privilege)
    return {key: frozenset(rights) for key, rights in found.items()}


def _ensure_role(cursor, role: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if not cursor.fetchone():
        cursor.execute(f"CREATE ROLE {quote(role)} NOLOGIN")


def _let_login_become(cursor, role: str) -> None:
    cursor.execute(f"GRANT {quote(role)} TO {quote(settings.APP_LOGIN)} WITH INHERIT FALSE, SET TRUE")


def _grant_public(cursor, table: str) -> None:
    expected = grants.public_privileges(table)
    for suffix in SHARED_ROLES:
        _grant(cursor, "public", table, role_name(suffix), expected.get(suffix, frozenset()))
    if columns := grants.UNIVERSITY_COLUMNS.get(table):
        names = ", ".join(map(quote, columns))
        cursor.execute(
            f"GRANT UPDATE ({names}) ON public.{quote(table)} TO {quote(role_name('universities'))}"
        )


def _grant(cursor, schema: str, table: str, role: str, rights: frozenset[str]) -> None:
    place = f"{quote(schema)}.{quote(table)}"
    cursor.execute(f"REVOKE ALL ON {place} FROM {quote(role)}")
    if rights:
        cursor.execute(f"GRANT {', '.join(sorted(rights))} ON {place} TO {quote(role)}")


def _set_policy(cursor, table: str) -> None:
    """Own rows for a university, all rows for the application and for the owner (who migrates and dumps)."""
    place = f"public.{quote(table)}"
    for policy in ("own", "everything", "adds", "removes"):
        cursor.execute(f"DROP POLICY IF EXISTS {policy} ON {place}")
    owner = grants.ROW_POLICIES.get(table)
    if owner is None:
        cursor.execute(f"ALTER TABLE {place} NO FORCE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE {place} DISABLE ROW LEVEL SECURITY")
        return
    own_role = role_name(SCHEMA_PREFIX)
    mine = f"{owner} = substr(current_user::text, {len(own_role) + 1})"
    allowed = grants.ROW_CHECKS.get(table, "true")
    is_university = f"starts_with(current_user::text, '{own_role}')"
    cursor.execute(f"ALTER TABLE {place} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"ALTER TABLE {place} FORCE ROW LEVEL SECURITY")
    cursor.execute(
        f"CREATE POLICY everything ON {place} TO {quote(role_name('app'))}, CURRENT_USER"
        " USING (true) WITH CHECK (true)"
    )
    cursor.execute(
        f"CREATE POLICY own ON {place} TO {quote(role_name('universities'))}"
        f" USING ({is_university} AND {mine}) WITH CHECK ({is_university} AND {mine} AND ({allowed}))"
    )
    _restrict(cursor, place, "adds", "FOR INSERT", "WITH CHECK", grants.ROW_ADDS.get(table))
    _restrict(cursor, place, "removes", "FOR DELETE", "USING", grants.ROW_REMOVES.get(table))


def _restrict(cursor, place: str, name: str, command: str, clause: str, condition: str | None) -> None:
    if condition:
        universities = quote(role_name("universities"))
        cursor.execute(
            f"CREATE POLICY {name} ON {place} AS RESTRICTIVE {command} TO {universities} {clause} ({condition})"
        )
