"""URLs, templates, static files, the site."""

from config.settings.environment import IS_LOCAL, IS_TEST, ROOT
from config.settings.security import BASE_URL

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "config.context.frame",
            ],
        },
    }
]

_NODE = ROOT / "node_modules"
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "var" / "static"
STATICFILES_DIRS = [
    ("vendor/tabler", _NODE / "@tabler/core/dist"),
    ("vendor/echarts", _NODE / "echarts/dist"),
    ("vendor/htmx", _NODE / "htmx.org/dist"),
    ("vendor/tabulator", _NODE / "tabulator-tables/dist"),
    ("vendor/plex", _NODE / "@fontsource/ibm-plex-sans/files"),
]
# what papers are set in; pages use the reader's own fonts
PAPER_FONTS = [_NODE / "@expo-google-fonts/noto-sans-sc" / weight for weight in ("400Regular", "700Bold")]
# collects the vendor files that pages use, not the whole of node_modules
STATICFILES_FINDERS = [
    "ui.vendor_files.UsedFiles",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# the demo serves the files from where they lie: nothing is collected first
WHITENOISE_USE_FINDERS = IS_LOCAL
WHITENOISE_AUTOREFRESH = IS_TEST
WHITENOISE_MAX_AGE = 3600

WAGTAIL_SITE_NAME = "后勤协同平台"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_USER_DELETION_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILDOCS_EXTENSIONS = ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "txt", "csv"]
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # a line for each page saved and each index touched tells nobody anything
    "loggers": {name: {"level": "WARNING"} for name in ("wagtail", "django_tasks", "modelsearch")},
}
