"""Builds the tests' template database: every migration, and two universities side by side. Runs as the owner."""

import django

ALPHA = {"code": "alpha", "name": "甲子大学", "short_name": "甲大", "kind": "engineering", "district": "东区"}
BETA = {"code": "beta", "name": "乙丑大学", "short_name": "乙大", "kind": "normal", "district": "西区"}


def build() -> None:
    """Migrates an empty database and provisions two universities."""
    django.setup()
    from tenants import deployment, provisioning

    deployment.deploy(say=lambda text: None)
    for university in (ALPHA, BETA):
        provisioning.create_university(**university)


if __name__ == "__main__":
    build()
