"""Reading messages: what is addressed to a person, and what of it is new."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from notices.models import ASSOCIATION, Notice, NoticeRead


def inbox(
    *, user_id: int, university_code: str = "", roles: Iterable[str] = (), association: Q | None = None
) -> QuerySet[Notice]:
    """Notices to the person, newest first, each with `is_new`. At a university also those to all of its people and
    to their roles; outside ('') also, for people of the association, those to it that meet the condition
    `association` (on committee_code)."""
    mine = Q(user_id=user_id, university_code=university_code)
    if university_code:
        mine |= Q(user_id=None, role__in=["", *roles], university_code=university_code)
    elif association is not None:
        mine |= Q(association, user_id=None, role=ASSOCIATION)
    read = NoticeRead.objects.filter(notice=OuterRef("pk"), user_id=user_id)
    rows = Notice.objects.filter(mine)
    return rows.annotate(is_new=~Exists(read)).order_by("-created_at", "-pk")


def unread_count(**whose) -> int:
    """How many of `inbox(**whose)` are new."""
    return inbox(**whose).filter(is_new=True).count()
