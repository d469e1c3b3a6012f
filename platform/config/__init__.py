"""Composes the house: settings, URLs, the queue, the web application. Nobody imports it."""

# Celery's own way: tasks find the configured queue in every process that has the settings
from config.celery import app as celery_app

__all__ = ["celery_app"]
