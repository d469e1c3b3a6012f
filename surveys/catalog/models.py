"""What is filed, in which version of the form, when, and by whom it is owed. No values."""

import datetime

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Instrument(models.Model):
    """A form family, e.g. `energy`. Its content is in its versions."""

    code = models.SlugField(_("代码"), primary_key=True, max_length=30)
    kind = models.CharField(_("类别"), max_length=16)
    title = models.CharField(_("名称"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    committee_code = models.CharField(_("专委会"), max_length=8, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("报表")

    def __str__(self) -> str:
        """What it is called in the reader's language."""
        english = (get_language() or "").startswith("en")
        return (self.title_en if english else "") or self.title


class Version(models.Model):
    """One definition. `body` is canonical JSON; once published it is the truth and never changes. Before, it waits for
    the second person who holds its factors against their sources."""

    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="versions", verbose_name=_("报表")
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    body = models.TextField(_("定义"))
    sha256 = models.CharField(_("定义哈希"), max_length=64)
    proposed_by_id = models.BigIntegerField(_("提请人编号"), null=True, blank=True)
    proposed_by_name = models.CharField(_("提请人"), max_length=60, blank=True)
    proposed_at = models.DateTimeField(_("提请时间"), null=True, blank=True)
    checked_by_id = models.BigIntegerField(_("核对人编号"), null=True, blank=True)
    checked_by_name = models.CharField(_("核对人"), max_length=60, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("表样版本")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["instrument"], condition=models.Q(published_at=None), name="version_one_waits"
            ),
            models.CheckConstraint(
                condition=~models.Q(checked_by_id=models.F("proposed_by_id")), name="version_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} v{self.number}"


class Round(models.Model):
    """One collection of one instrument for one period. Times are compared with the database's clock."""

    code = models.SlugField(_("代码"), primary_key=True, max_length=40)
    version = models.ForeignKey(Version, models.PROTECT, related_name="rounds", verbose_name=_("表样版本"))
    title = models.CharField(_("名称"), max_length=80)
    period = models.CharField(_("期间"), max_length=10, help_text=_("如 2024"))
    opens_at = models.DateTimeField(_("开始"))
    due_at = models.DateTimeField(_("截止"))
    closes_at = models.DateTimeField(_("关闭"))
    # when it reminds by itself, as plan.Plan.body() gives it; {} is the usual plan
    reminders = models.JSONField(_("提醒计划"), default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("批次")
        ordering = ["-opens_at", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("due_at"))
                & models.Q(due_at__lte=models.F("closes_at")),
                name="round_opens_due_closes",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Participation(models.Model):
    """A university takes part in a round in which facilities file one by one: it names them itself, and what each owes
    is an obligation."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="participations", verbose_name=_("批次"))
    university_code = models.CharField(_("高校"), max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = _("参评学校")
        constraints = [
            models.UniqueConstraint(fields=["round", "university_code"], name="participation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.university_code}"


class ObligationState(models.TextChoices):
    NONE = "none", _("未开始")
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待签发")
    SEALED = "sealed", _("审核中")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("已接受")


class Obligation(models.Model):
    """Who owes what and where it stands. Projected by operations; carries no values."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="obligations", verbose_name=_("批次"))
    university_code = models.CharField(_("高校"), max_length=20)
    # '' is the university itself, else a facility's code
    unit = models.CharField(_("单元"), max_length=40, blank=True)
    # what the facility was called when the university named it; the register is the university's own
    unit_name = models.CharField(_("单元名称"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=ObligationState, default=ObligationState.NONE)
    state_at = models.DateTimeField(_("状态时间"), null=True, blank=True)
    # when it was first handed in: timeliness is about this moment
    first_sealed_at = models.DateTimeField(_("首次报送"), null=True, blank=True)
    # when the association accepted the version that stands; an amendment under way does not change it
    accepted_at = models.DateTimeField(_("接受时间"), null=True, blank=True)
    # another day that the association gave this university; the round's own hold where they are later
    extended_due_at = models.DateTimeField(_("延至"), null=True, blank=True)
    extended_closes_at = models.DateTimeField(_("关闭延至"), null=True, blank=True)
    # when the association last reminded; not twice within a day
    reminded_at = models.DateTimeField(_("最近提醒"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("报送义务")
        constraints = [
            models.UniqueConstraint(fields=["round", "university_code", "unit"], name="obligation_once"),
        ]
        indexes = [models.Index(fields=["university_code", "state"], name="obligation_university")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.university_code} {self.unit}".strip()

    @property
    def due_at(self) -> datetime.datetime:
        """When it is due for this university."""
        return max(self.round.due_at, self.extended_due_at or self.round.due_at)

    @property
    def closes_at(self) -> datetime.datetime:
        """When it closes for this university."""
        return max(self.round.closes_at, self.extended_closes_at or self.round.closes_at)

    @property
    def is_extended(self) -> bool:
        """Whether it has another due day than the round's."""
        return self.due_at > self.round.due_at

    @property
    def is_amending(self) -> bool:
        """An accepted version stands while another one is under way."""
        return self.accepted_at is not None and self.state != ObligationState.ACCEPTED


class ExtensionState(models.TextChoices):
    ASKED = "asked", _("待答复")
    GRANTED = "granted", _("已同意")
    REFUSED = "refused", _("未同意")
    TAKEN_BACK = "taken_back", _("学校已收回")


class Extension(models.Model):
    """Another day for one university: asked for by it, or given without asking. What was granted is kept on the
    obligation; here is who asked, who answered, and why."""

    obligation = models.ForeignKey(
        Obligation, models.PROTECT, related_name="extensions", verbose_name=_("报送义务")
    )
    university_code = models.CharField(_("高校"), max_length=20)
    state = models.CharField(_("状态"), max_length=12, choices=ExtensionState, default=ExtensionState.ASKED)
    reason = models.CharField(_("原因"), max_length=300)
    # the last day the university wishes to have; empty where nobody asked
    wished_on = models.DateField(_("希望延到"), null=True, blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(_("申请人"), max_length=60, blank=True)
    asked_at = models.DateTimeField(_("申请时间"), null=True)
    # until when, once it is granted
    until = models.DateTimeField(_("延至"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=300, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(_("答复人"), max_length=60, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    # the university needs it no longer, and said so before it was answered
    taken_back_by_name = models.CharField(_("收回人"), max_length=60, blank=True)
    taken_back_at = models.DateTimeField(_("收回时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("延期")
        ordering = ["pk"]
        constraints = [
            # a double click, or two clerks, ask once
            models.UniqueConstraint(
                fields=["obligation"], condition=models.Q(state="asked"), name="extension_asked_once"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="extension_has_a_reason"),
            models.CheckConstraint(
                condition=~models.Q(state="granted") | models.Q(until__isnull=False),
                name="extension_granted_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.get_state_display()}"


MANUAL = "manual"


class Reminder(models.Model):
    """One reminder that was sent: by the plan of the round, once per step and due day, or by hand."""

    obligation = models.ForeignKey(
        Obligation, models.PROTECT, related_name="reminders", verbose_name=_("报送义务")
    )
    university_code = models.CharField(_("高校"), max_length=20)
    # a key of plan.Step, or MANUAL
    step = models.CharField(_("步骤"), max_length=16)
    to = models.CharField(_("发给"), max_length=12)
    # the last day it reminded of: another one after an extension
    due_on = models.DateField(_("截止日"))
    sent_at = models.DateTimeField(_("发出时间"))
    # who sent it by hand; empty for the plan
    sent_by_name = models.CharField(_("发出人"), max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("提醒记录")
        ordering = ["sent_at", "pk"]
        constraints = [
            # the task may run twice at once
            models.UniqueConstraint(
                fields=["obligation", "step", "due_on"],
                condition=~models.Q(step=MANUAL),
                name="reminder_once_per_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.step}"
