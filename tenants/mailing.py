"""The mail channel of the messages: each is mailed once, in the background, to everyone it is addressed to.

It lives here because only this room knows who works where. Delivery is at least once: a worker that dies between the
mail server's answer and the commit sends that message again.
"""

import datetime
import logging
from smtplib import SMTPRecipientsRefused
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string

from accounts.models import User
from accounts.queries import reaching
from notices.models import ASSOCIATION, Notice
from tenants.actors import substitutions_today
from tenants.models import UniversityRole
from ui.brand import of_settings

logger = logging.getLogger(__name__)
AT_ONCE = 50
# what could not be mailed by then is old news; it stays in the person's messages
MAX_ATTEMPTS = 5
MAIL_WITHIN = datetime.timedelta(days=2)


def recipients(notice: Notice) -> QuerySet[User]:
    """Whom a message is for: the person, the people of the university (with the role, if it names one), or the
    association's staff and the committee's secretaries. Closed accounts and people who have left get nothing."""
    if notice.role == ASSOCIATION:
        return reaching(notice.committee_code)
    people = User.objects.filter(is_active=True)
    if notice.university_code:
        role = {"memberships__role": notice.role} if notice.role else {}
        mine = people.filter(memberships__university__code=notice.university_code, **role)
        if notice.role == UniversityRole.APPROVER:
            today = substitutions_today().filter(university__code=notice.university_code)
            mine |= people.filter(pk__in=today.values("substitute"))
        people = mine
    if notice.user_id is not None:
        people = people.filter(pk=notice.user_id)
    return people.distinct().order_by("pk")


def deliver(*, now: datetime.datetime) -> int:
    """Mails what waits, oldest first; returns how many messages went out. A mail server that does not answer leaves
    them for the next run."""
    sent = 0
    for pk in _waiting(now).values_list("pk", flat=True)[:AT_ONCE]:
        try:
            sent += _deliver_one(pk, now)
        except OSError as error:
            # smtplib's errors are OSErrors; addresses stay out of the log
            logger.error("message %s was not mailed: %s", pk, type(error).__name__)
            Notice.objects.filter(pk=pk).update(mail_attempts=F("mail_attempts") + 1)
    return sent


def _waiting(now: datetime.datetime) -> QuerySet[Notice]:
    fresh = Notice.objects.filter(created_at__gt=now - MAIL_WITHIN, mailed_at=None)
    return fresh.filter(mail_attempts__lt=MAX_ATTEMPTS).order_by("mail_attempts", "pk")


@transaction.atomic
def _deliver_one(pk: int, now: datetime.datetime) -> bool:
    # two workers at once: the second leaves the message to the first
    notice = Notice.objects.select_for_update(skip_locked=True).filter(pk=pk, mailed_at=None).first()
    if notice is None:
        return False
    Notice.objects.filter(pk=pk).update(mailed_at=now)
    with get_connection() as connection:
        # one mail each: nobody learns who else got it
        for address in recipients(notice).values_list("email", flat=True):
            try:
                _message(notice, address, connection).send()
            except SMTPRecipientsRefused:
                # one dead address does not hold up the others, now or ever
                logger.error("message %s: an address was refused", pk)
    return True


def _message(notice: Notice, address: str, connection) -> EmailMessage:
    brand = of_settings()
    link = urljoin(settings.BASE_URL, notice.path) if notice.path else ""
    body = render_to_string("tenants/mail/notice.txt", {"notice": notice, "link": link, "brand": brand})
    subject = f"【{brand['name']}】{notice.subject}"
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address], connection=connection)
