"""What beat starts for the private storage."""

from celery import shared_task
from django.utils import timezone

from files import storage


@shared_task(name="files.sweep")
def sweep() -> int:
    """Removes what writes that never ended left behind; returns how many files."""
    return storage.sweep(now=timezone.now())
