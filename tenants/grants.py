"""Who may do what in the database. Data, applied after each migration and compared with the catalogue by a test.

Three kinds of role (names carry the database's, see tenants.backend.base.role_name):
`app` — association, site and jobs; `commission` — released aggregates; `u_<code>` — one university, each a member of
`universities`, which holds what they have in common in public. Tables under ROW_POLICIES show a university its own
rows only.
"""

READ = frozenset({"SELECT"})
ADD = frozenset({"SELECT", "INSERT"})
WRITE = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
KEEP = frozenset({"SELECT", "INSERT", "UPDATE"})

# The application's role: everything in public, except what must never change again.
APP_DEFAULT = WRITE
APP_EXCEPTIONS: dict[str, frozenset[str]] = {
    "audit_auditentry": ADD,
    "submissions_submission": ADD,
    "submissions_sealedfile": ADD,
    "submissions_stampedcopy": ADD,
    "submissions_query": ADD,
    "submissions_decision": ADD,
    "benchmarks_release": ADD,
    "benchmarks_cell": ADD,
    "benchmarks_releasecontributor": ADD,
    "benchmarks_withheld": ADD,
    "catalog_obligation": KEEP,
    "catalog_extension": KEEP,
    "catalog_reminder": ADD,
    "tenants_university": KEEP,
    "django_migrations": READ,
}

# A university in public. A tuple restricts UPDATE to columns.
UNIVERSITY: dict[str, frozenset[str]] = {
    "catalog_instrument": READ,
    "catalog_version": READ,
    "catalog_round": READ,
    # it names the facilities that file, and takes a name back before anything was begun: ROW_ADDS, ROW_REMOVES
    "catalog_obligation": frozenset({"SELECT", "INSERT", "DELETE"}),
    "catalog_participation": READ,
    "catalog_extension": ADD,
    "catalog_reminder": READ,
    "tenants_university": READ,
    "tenants_universityalias": READ,
    "tenants_universityyear": READ,
    "benchmarks_release": READ,
    "benchmarks_cell": READ,
    "benchmarks_cohort": READ,
    "benchmarks_cohortmember": READ,
    "benchmarks_figure": READ,
    "submissions_submission": ADD,
    "submissions_sealedfile": ADD,
    "submissions_stampedcopy": ADD,
    "submissions_query": ADD,
    "submissions_decision": ADD,
    "jobs_job": ADD,
    "audit_auditentry": frozenset({"INSERT"}),
    "notices_notice": ADD,
    "notices_noticeread": ADD,
}
UNIVERSITY_COLUMNS: dict[str, tuple[str, ...]] = {
    "catalog_obligation": ("state", "state_at", "first_sealed_at"),
    "catalog_extension": ("state", "taken_back_by_name", "taken_back_at"),
}

COMMISSION: dict[str, frozenset[str]] = {
    "catalog_instrument": READ,
    "catalog_version": READ,
    "catalog_round": READ,
    "benchmarks_release": READ,
    "benchmarks_cell": READ,
    "benchmarks_cohort": READ,
    "benchmarks_completionsnapshot": READ,
}

# In its own schema a university may do everything with its data and only read which migrations ran.
OWN_SCHEMA_DEFAULT = WRITE
OWN_SCHEMA_EXCEPTIONS: dict[str, frozenset[str]] = {"django_migrations": READ}

# table → the column that names the owner. `app` and the owner see all rows; a university its own.
ROW_POLICIES: dict[str, str] = {
    "catalog_obligation": "university_code",
    "catalog_participation": "university_code",
    "catalog_extension": "university_code",
    "catalog_reminder": "university_code",
    "submissions_submission": "university_code",
    "submissions_sealedfile": "university_code",
    "submissions_stampedcopy": "university_code",
    "submissions_query": "university_code",
    "submissions_decision": "university_code",
    "benchmarks_figure": "university_code",
    "benchmarks_cohortmember": "university_code",
    "tenants_universityyear": "(SELECT code FROM public.tenants_university u WHERE u.id = university_id)",
    "jobs_job": "university_code",
    "audit_auditentry": "university_code",
    "notices_notice": "university_code",
    "notices_noticeread": "university_code",
}

# table → what a row written by a university must also be: none of them answers for the association
ROW_CHECKS: dict[str, str] = {
    # back to accepted only where the association has accepted: an amendment given up
    "catalog_obligation": "state IN ('none', 'draft', 'submitted', 'sealed')"
    " OR (state = 'accepted' AND accepted_at IS NOT NULL)",
    # asked for and taken back; what was answered has an answerer, whom a university cannot unname
    "catalog_extension": "state IN ('asked', 'taken_back') AND answered_by_id IS NULL AND answered_at IS NULL",
    "submissions_query": "NOT from_association",
    "submissions_decision": "kind = 'withdrawn'",
    # the owner's worker takes no orders from inside a university
    "jobs_job": "queue = 'ordinary'",
}

# table → what a row must also be that a university adds, and one that it removes
ROW_ADDS: dict[str, str] = {
    # a facility of its own, in a round in which it takes part
    "catalog_obligation": "unit <> '' AND state = 'none' AND first_sealed_at IS NULL AND accepted_at IS NULL"
    " AND extended_due_at IS NULL AND extended_closes_at IS NULL AND EXISTS"
    " (SELECT 1 FROM public.catalog_participation p WHERE p.round_id = catalog_obligation.round_id"
    " AND p.university_code = catalog_obligation.university_code)",
}
ROW_REMOVES: dict[str, str] = {
    "catalog_obligation": "unit <> '' AND state = 'none' AND first_sealed_at IS NULL",
}


def public_privileges(table: str) -> dict[str, frozenset[str]]:
    """Expected table-wide privileges of each role suffix on a public table."""
    expected = {
        "app": APP_EXCEPTIONS.get(table, APP_DEFAULT),
        "universities": UNIVERSITY.get(table, frozenset()),
        "commission": COMMISSION.get(table, frozenset()),
    }
    return {role: rights for role, rights in expected.items() if rights}


def own_privileges(table: str) -> frozenset[str]:
    """Expected privileges of a university on a table of its own schema."""
    return OWN_SCHEMA_EXCEPTIONS.get(table, OWN_SCHEMA_DEFAULT)
