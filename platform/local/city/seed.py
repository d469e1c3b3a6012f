"""Second step of the seed, as the application: people, rounds, three years of filings, releases, the site."""

import datetime
import os
import subprocess
import sys

import django

SHARES = 2


def main(arguments: list[str]) -> None:
    """Fills the city. What is there already stays; a seed that was killed goes on where it stopped.

    The universities file side by side in two processes, as the machine has two cores; `--share N NOW` is one of them.
    """
    django.setup()
    from celery import current_app

    from local.city import association, evaluation, people_seed, rounds

    # the seed runs jobs itself: their handlers must be registered as in a worker
    current_app.loader.import_default_modules()
    if arguments:
        share, now = int(arguments[1]), datetime.datetime.fromisoformat(arguments[2])
        rounds.file_share(now=now, share=share, shares=SHARES)
        return
    now = datetime.datetime.now(datetime.UTC)
    people_seed.create_people(password=os.environ["HOUQIN_DEMO_PASSWORD"])
    people_seed.create_places()
    rounds.open_rounds(now=now)
    _file_side_by_side(now)
    rounds.conclude(now=now)
    evaluation.build(now=now)
    association.build(now=now)
    print("  三个年度的填报、审核和发布，一次公寓试评", flush=True)


def _file_side_by_side(now: datetime.datetime) -> None:
    command = [sys.executable, "-m", "local.city.seed", "--share"]
    running = [subprocess.Popen([*command, str(share), now.isoformat()]) for share in range(SHARES)]
    # both are waited for, whatever the first says
    codes = [process.wait() for process in running]
    if any(codes):
        raise SystemExit("houqin: 示范数据没有写完，原因见上。")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(sys.argv[1:])
