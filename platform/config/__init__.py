"""Composes the house: settings, URLs, the queue, the web application. Nobody imports it."""

# the queue must be configured before anything, a command or a test too, sends a task
from config.celery import app as celery_app

__all__ = ["celery_app"]
