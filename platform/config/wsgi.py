"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

# the queue must be configured before a view sends the first task
from config.celery import app as celery_app  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
