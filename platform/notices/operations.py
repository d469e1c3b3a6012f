"""Writing messages. The row is the message and is saved with what it tells of; channels deliver it later."""

from collections.abc import Iterable

from notices.models import ASSOCIATION, Notice, NoticeRead


def notify(
    *,
    subject: str,
    body: str = "",
    path: str = "",
    university_code: str = "",
    role: str = "",
    user_id: int | None = None,
) -> Notice:
    """Saves a message in the caller's transaction: to one person (`user_id`), or to everyone of a university, all of
    them or those with `role`. `path` is the page it leads to. Raises ValueError when it is addressed to nobody."""
    if user_id is None and not university_code:
        raise ValueError("a notice needs a person or a university")
    return Notice.objects.create(
        subject=subject[:120],
        body=body,
        path=path,
        university_code=university_code,
        role=role,
        user_id=user_id,
    )


def notify_association(
    *, subject: str, university_code: str, committee_code: str, path: str, body: str = ""
) -> Notice:
    """Saves a message about a university to the association: its staff, and of the secretaries only those of the
    committee ('' for none). Also works under the university's role. `path` is the page it leads to."""
    return Notice.objects.create(
        subject=subject[:120],
        body=body,
        path=path,
        university_code=university_code,
        role=ASSOCIATION,
        committee_code=committee_code,
    )


def mark_read(*, notices: Iterable[Notice], user_id: int) -> None:
    """Remembers that a person has opened the notices; repeating it changes nothing."""
    rows = [NoticeRead(notice=n, user_id=user_id, university_code=_whose_read(n)) for n in notices]
    NoticeRead.objects.bulk_create(rows, ignore_conflicts=True)


def _whose_read(notice: Notice) -> str:
    """A university does not see who at the association has read what."""
    return "" if notice.role == ASSOCIATION else notice.university_code
