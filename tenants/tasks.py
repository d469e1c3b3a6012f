"""Background work inside a university: the university is a required part of the job, never a default. And the work
of the provisioning queue, which makes universities, and the mails of the messages."""

from functools import wraps

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.models import Queue
from jobs.registry import Handler, JobError, Progress, Work, job
from tenants import mailing, provisioning
from tenants.context import in_public, in_university


def university_job(kind: str):
    """Registers a job that runs inside its university. A job without one is refused; progress is written from
    neutral ground. Raises RuntimeError for a job without a university."""

    def register(handler: Handler) -> Handler:
        @wraps(handler)
        def inside(work: Work, progress: Progress) -> dict | None:
            if not work.university_code:
                raise RuntimeError(f"job {kind} needs a university")

            def reported(stage: str, done: int = 0, total: int = 0) -> None:
                with in_public():
                    progress(stage, done, total)

            with in_university(work.university_code):
                return handler(work, reported)

        return job(kind)(inside)

    return register


@shared_task(name="notices.mail")
def mail_notices() -> int:
    """Mails the messages that wait; beat starts it."""
    return mailing.deliver(now=timezone.now())


@job(provisioning.PROVISION, queue=Queue.PROVISIONING)
def provision_university(work: Work, progress: Progress) -> dict:
    """Builds a university that was ordered and tells the person who ordered it."""
    progress(_("建立数据空间和权限"))
    try:
        university = provisioning.provision(work.university_code, told=work.actor_id)
    except provisioning.TemplateNotReady:
        raise JobError(
            _("没有开通：表结构还没有升级到当前版本。先运行 deploy_schemas，再重新开通。")
        ) from None
    return {"university": university.code}
