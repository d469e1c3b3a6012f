"""Writing messages. The row is the message and is saved with what it tells of; channels deliver it later."""

from notices.models import Notice


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
