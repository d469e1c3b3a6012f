"""Brings public and every university's schema to the code's state, and the grants with it. Owner login."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from tenants import deployment


class Command(BaseCommand):
    help = "Migrates public, the template and every university that is behind; re-issues grants. Can be run again."

    def handle(self, *args, **options) -> None:
        if connection.takes_role:
            raise CommandError("deploy_schemas needs the owner login (HOUQIN_DATABASE_USER).")
        migrated = deployment.deploy(
            say=lambda text: self.stdout.write(text) if options["verbosity"] else None
        )
        self.stdout.write(f"{len(migrated)} schemas migrated: {', '.join(migrated) or '-'}")
