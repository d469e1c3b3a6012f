from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenchmarksConfig(AppConfig):
    name = "surveys.benchmarks"
    verbose_name = _("对标")

    def ready(self) -> None:
        # the handlers and the source of peers register themselves; every process must know them
        from surveys.benchmarks import peers, tasks  # noqa: F401
