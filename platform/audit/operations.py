"""Writing to the trail, in the transaction of what it tells of."""

import json
from collections.abc import Iterable

from django.db import connection

INSERT = """INSERT INTO audit_auditentry (at, actor_id, university_code, action, object_type, object_id, fields)
            VALUES (now(), %s, %s, %s, %s, %s, %s)"""


def record(
    *,
    actor_id: int | None,
    action: str,
    object_type: str,
    object_id: str = "",
    university_code: str = "",
    fields: Iterable[str] = (),
) -> None:
    """Adds one entry. `fields` are names of what changed, never values; persons appear as `actor_id` only."""
    # plain SQL, because the ORM reads the new row back and a university may write the trail but not read it
    with connection.cursor() as cursor:
        values = [actor_id, university_code, action, object_type, object_id, json.dumps(sorted(fields))]
        cursor.execute(INSERT, values)
