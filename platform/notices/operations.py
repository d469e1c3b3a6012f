"""Writing messages. The row is the message and is saved with what it tells of; channels deliver it later."""

from collections.abc import Iterable

from notices.models import Notice, NoticeRead


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


def mark_read(*, notices: Iterable[Notice], user_id: int) -> None:
    """Remembers that a person has opened the notices; repeating it changes nothing."""
    rows = [NoticeRead(notice=n, user_id=user_id, university_code=n.university_code) for n in notices]
    NoticeRead.objects.bulk_create(rows, ignore_conflicts=True)
