"""Broker, cache, files, mail."""

from config.settings.environment import IS_LOCAL, IS_TEST, env, path

CACHES = {
    "default": {
        "BACKEND": "tenants.cache.HouseCache",
        "LOCATION": env.str("HOUQIN_CACHE_URL", "redis://127.0.0.1:6379/1"),
        # the university is part of every key
        "KEY_FUNCTION": "tenants.cache.make_key",
    }
}

CELERY_BROKER_URL = env.str("HOUQIN_BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # above the longest delay of a task, or it runs twice
    "visibility_timeout": 3600,
    # kombu looks for tasks of a dead worker every 100 s otherwise
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    # a request that saves a job must not wait for a broker that is down: the sweep sends it later
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_DEFAULT_QUEUE = "ordinary"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "jobs-sweep": {"task": "jobs.sweep", "schedule": 5.0},
    "notices-mail": {"task": "notices.mail", "schedule": 20.0},
    "files-sweep": {"task": "files.sweep", "schedule": 3600.0},
    "catalog-reminders": {"task": "catalog.follow_plans", "schedule": 1800.0},
    "benchmarks-completion": {"task": "benchmarks.snapshot_completion", "schedule": 3600.0},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Private files: never under a served folder.
FILES_ROOT = path("HOUQIN_FILES_ROOT", "files")
MEDIA_ROOT = path("HOUQIN_MEDIA_ROOT", "media")
MEDIA_URL = "/media/"
# In production nginx hands out private files after the permission check (X-Accel-Redirect).
FILES_INTERNAL_URL = env.str("HOUQIN_FILES_INTERNAL_URL", "")

DEFAULT_FROM_EMAIL = env.str("HOUQIN_MAIL_FROM", "houqin@localhost")
if IS_LOCAL:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = path("HOUQIN_MAIL_FOLDER", "mail")
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_CONFIG = env.email_url("HOUQIN_MAIL_URL", "smtp://localhost:25")
    EMAIL_HOST, EMAIL_PORT = EMAIL_CONFIG["EMAIL_HOST"], EMAIL_CONFIG["EMAIL_PORT"]
    EMAIL_HOST_USER = EMAIL_CONFIG["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)

DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Django caps no file by itself; files.uploads.SizeLimit does, and nginx before it.
FILE_UPLOAD_HANDLERS = [
    "files.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_MAX_BYTES = 30 * 1024 * 1024
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"

PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if IS_TEST
    else ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
