"""What the rounds do by themselves."""

from celery import shared_task

from surveys.catalog.operations import follow_plans
from surveys.catalog.queries import database_now


@shared_task(name="catalog.follow_plans")
def follow() -> int:
    """Reminders of the day; beat starts it through the day, nothing goes out twice."""
    return follow_plans(now=database_now())
