"""Messages to people. The row is the message; channels deliver it later and may fail without losing it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# the role of a message that a university's act sends to the association; nobody at a university has it
ASSOCIATION = "association"


class Notice(models.Model):
    """One message: to one person (`user_id`), to everyone of a university with a role, or (role ASSOCIATION, about a
    university) to the association's staff and the secretaries of the committee."""

    user_id = models.BigIntegerField(_("收件人编号"), null=True)
    university_code = models.CharField(_("高校"), max_length=20, blank=True)
    role = models.CharField(_("角色"), max_length=16, blank=True)
    committee_code = models.CharField(_("专委会"), max_length=8, blank=True)
    subject = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"), blank=True)
    path = models.CharField(_("链接"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("消息")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["university_code", "role", "-created_at"], name="notice_university"),
            models.Index(fields=["role", "committee_code"], name="notice_association"),
            models.Index(fields=["created_at"], name="notice_to_mail", condition=models.Q(mailed_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(committee_code="") | models.Q(role="association", user_id=None),
                name="notice_committee_is_of_the_association",
            )
        ]

    def __str__(self) -> str:
        return self.subject


class NoticeRead(models.Model):
    """Who has opened a notice."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="reads")
    user_id = models.BigIntegerField()
    # as the notice's, so that a university sees who read its own messages and no other's; '' for the association's
    university_code = models.CharField(max_length=20, blank=True)
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user_id"], name="notice_read_once")]
