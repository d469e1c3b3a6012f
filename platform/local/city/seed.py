"""Second step of the seed, as the application: people, rounds, three years of filings, releases, the site."""

import datetime
import os

import django


def main() -> None:
    """Fills the city. What is there already stays; a seed that was killed goes on where it stopped."""
    django.setup()
    from celery import current_app

    from local.city import association, people_seed, rounds

    # the seed runs jobs itself: their handlers must be registered as in a worker
    current_app.loader.import_default_modules()

    now = datetime.datetime.now(datetime.UTC)
    people_seed.create_people(password=os.environ["HOUQIN_DEMO_PASSWORD"])
    people_seed.create_places()
    rounds.fill(now=now, say=_say)
    association.build(now=now)


def _say(text: str) -> None:
    print(f"  {text}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
