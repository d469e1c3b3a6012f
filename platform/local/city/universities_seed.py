"""First step of the seed, as the owner: schemas, roles, grants, the thirty universities. Run again, it completes."""

import os
import sys

import django


def seed() -> None:
    """Deploys the schemas and creates the universities that are missing."""
    django.setup()
    from local.city.universities import UNIVERSITIES
    from tenants import deployment, provisioning
    from tenants.models import University

    deployment.deploy(say=lambda text: None)
    present = set(University.objects.values_list("code", flat=True))
    missing = [university for university in UNIVERSITIES if university.code not in present]
    for index, university in enumerate(missing, 1):
        provisioning.create_university(
            code=university.code,
            name=university.name,
            short_name=university.short_name,
            kind=university.kind,
            district=university.district,
        )
        if sys.stdout.isatty() or index == len(missing):
            print(f"  高校 {index}/{len(missing)}", end="\r" if index < len(missing) else "\n", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    seed()
