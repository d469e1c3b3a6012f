"""The settings, composed from pages by subject. Values that differ between places come from the environment."""

from types import ModuleType

from config.settings import apps, brand, database, environment, internationalisation, security, services, web

PAGES: tuple[ModuleType, ...] = (
    environment,
    apps,
    database,
    services,
    security,
    internationalisation,
    web,
    brand,
)


def _collect(pages: tuple[ModuleType, ...]) -> dict[str, object]:
    """Every upper-case name of the pages. A name belongs to the page that defines it, so that none hides another."""
    settings: dict[str, object] = {}
    for page in pages:
        for name, value in vars(page).items():
            if not name.isupper() or name.startswith("_"):
                continue
            if name in settings and settings[name] is not value:
                raise RuntimeError(f"setting {name} is defined twice, the second time in {page.__name__}")
            settings[name] = value
    return settings


globals().update(_collect(PAGES))
