"""A university's drafts, in its own schema. No foreign key leaves it; people are `actor_id` and `actor_name`."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Filing(models.Model):
    """(round, unit) at this university. Its state is read from the obligation and the latest decision, not kept."""

    round_code = models.CharField(_("批次"), max_length=40)
    unit = models.CharField(_("单元"), max_length=40, blank=True)
    # optimistic lock: every write raises it, a write against an older number is a conflict (409)
    revision = models.PositiveIntegerField(_("修订"), default=1)
    # nothing to report in this round, and why; such a filing has no figures
    nil_reason = models.CharField(_("零报告原因"), max_length=300, blank=True)
    # the months it covers where that is not the whole round (a new campus, one that closed), and why
    covers_from = models.CharField(_("起始月份"), max_length=7, blank=True)
    covers_to = models.CharField(_("终止月份"), max_length=7, blank=True)
    covers_reason = models.CharField(_("不满期的原因"), max_length=300, blank=True)
    # who uses energy behind the university's meters: {boundary: {choice, amounts, reason}} (surveys.filings.boundary)
    boundary = models.JSONField(default=dict)
    # what was answered to the vetoes of an evaluation: {veto: {holds: bool, text}} (surveys.filings.scoring)
    vetoes = models.JSONField(default=dict)
    # what the checks say of the draft as it stands, recomputed with every write: [issue, …]
    issues = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("填报")
        constraints = [models.UniqueConstraint(fields=["round_code", "unit"], name="filing_once")]

    def __str__(self) -> str:
        return f"{self.round_code} {self.unit}".strip()


class EventKind(models.TextChoices):
    LOADED = "loaded", _("写入表格")
    UNDONE = "undone", _("撤销写入")
    EDITED = "edited", _("修改数值")
    RESOLVED = "resolved", _("改正表格里的问题")
    EXPLAINED = "explained", _("填写说明")
    DENOMINATORS = "denominators", _("填写人数和面积")
    MAPPED = "mapped", _("确认表头")
    ANSWERED = "answered", _("答复疑问")
    SUBMITTED = "submitted", _("提交签发")
    TAKEN_BACK = "taken_back", _("收回修改")
    SENT_BACK = "sent_back", _("退给填报人")
    SIGNED = "signed", _("签发")
    WITHDRAWN = "withdrawn", _("撤回报送")
    AMENDED = "amended", _("开始更正")
    GIVEN_UP = "given_up", _("放弃更正")
    NIL = "nil", _("声明零报告")
    NIL_OFF = "nil_off", _("取消零报告")
    COVERS = "covers", _("声明所报月份")
    ABSENT = "absent", _("声明本校没有")
    BOUNDARY = "boundary", _("选定边界")
    VETOES = "vetoes", _("答复否决项")


class Event(models.Model):
    """One write to a filing. Every write has its own revision, so two writes from one revision cannot both stand."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="events")
    # the revision this write led to
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=EventKind)
    # what the person said: why it was sent back, which file it was
    text = models.TextField(blank=True)
    # counts and identifiers: {"inserted": 12, "changed": 3, "upload": "…"}
    facts = models.JSONField(default=dict)
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("经过")
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["filing", "revision"], name="event_once_per_revision")]


class Flag(models.TextChoices):
    PLAIN = "", _("正常")
    ESTIMATED = "estimated", _("估计")
    MISSING = "missing", _("缺报")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class Observation(models.Model):
    """One value. The natural key is the primary key, there is no foreign key: rows are loaded by COPY and the
    gate's join proves them (docs/adr/0005). Null is not zero. `facility` '' is the whole university."""

    pk = models.CompositePrimaryKey("filing_id", "facility", "item", "measure", "period")
    filing_id = models.BigIntegerField()
    facility = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    measure = models.CharField(max_length=20)
    period = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    text = models.TextField(default="")
    flag = models.CharField(max_length=16, choices=Flag, default="", blank=True)
    upload_id = models.UUIDField(null=True)
    sheet = models.CharField(max_length=120, default="")
    cell = models.CharField(max_length=12, default="")
    raw = models.TextField(default="")

    class Meta:
        verbose_name = verbose_name_plural = _("数值")


class UploadState(models.TextChoices):
    RECEIVED = "received", _("已收到")
    READ = "read", _("已核对")
    REFUSED = "refused", _("未写入")
    LOADED = "loaded", _("已写入")
    UNDONE = "undone", _("已撤销")


class Upload(models.Model):
    """One workbook as it came, what was read from it, and what became of it. The original is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="uploads")
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.RECEIVED)
    job_id = models.UUIDField(null=True)
    verdict = models.CharField(max_length=12, blank=True)
    # what intake said, as it prints it, without the observations: issues, ambiguous, ignored, mapping, meta
    report = models.JSONField(default=dict)
    # the tidy frame waiting to be loaded: compressed CSV in private storage
    frame_sha256 = models.CharField(max_length=64, blank=True)
    # the clerk's answers by place: {"Sheet1!C14": {"action": "multiply", "factor": "10000"}, …} (see answers.py)
    answers = models.JSONField(default=dict)
    # the clerk has looked at the headers that were read with little confidence
    mapping_confirmed = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("上传")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["filing", "-created_at"], name="upload_of_filing")]


class ObservationChange(models.Model):
    """What one upload or one hand changed in one value that was there before; undo replays it backwards.

    A value of an upload where none ever stood has no row here: it is known by the upload it names. A first load of
    thirty thousand values therefore writes thirty thousand rows and not sixty. Those of an undo name none."""

    filing_id = models.BigIntegerField()
    # the revision of the filing this change led to
    revision = models.PositiveIntegerField()
    upload_id = models.UUIDField(null=True)
    facility = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    measure = models.CharField(max_length=20)
    period = models.CharField(max_length=10)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("改动")
        indexes = [
            models.Index(fields=["filing_id", "upload_id"], name="change_of_upload"),
            models.Index(fields=["filing_id", "revision"], name="change_of_revision"),
        ]


class Mapping(models.Model):
    """A confirmed header of this university's own workbooks, offered again at the next upload."""

    instrument_code = models.CharField(max_length=30)
    # what intake calls the header: IntakeResult.mapping[].key
    key = models.CharField(max_length=300)
    item = models.CharField(max_length=40, blank=True)
    measure = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=60)
    confirmed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("表头对应")
        constraints = [
            models.UniqueConstraint(fields=["instrument_code", "key"], name="mapping_once"),
        ]


class Explanation(models.Model):
    """Why a warning is as it is. Kept per rule and value; offered again next year for the same rule and item."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="explanations")
    rule = models.CharField(max_length=20)
    facility = models.CharField(max_length=40, default="", blank=True)
    item = models.CharField(max_length=40, default="", blank=True)
    measure = models.CharField(max_length=20, default="", blank=True)
    period = models.CharField(max_length=10, default="", blank=True)
    text = models.TextField(_("原因"))
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("说明")
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "rule", "facility", "item", "measure", "period"], name="explanation_once"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="explanation_not_empty"),
        ]


class Denominator(models.Model):
    """Headcount, floor area, heated area of the filing, each with its stated calibre.

    `value` is what counts, for the whole period. Where parts were in use for some of the months it is worked out from
    what was in use throughout (`whole`, else null) and the `parts` (surveys.instruments.sizes); they are kept with it
    because they are written, compared, sealed and put back as one."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="denominators")
    key = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=24, decimal_places=8)
    whole = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    parts = models.JSONField(default=list)
    calibre = models.CharField(max_length=40)
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=60)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("分母")
        constraints = [
            models.UniqueConstraint(fields=["filing", "key"], name="denominator_once"),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="denominator_positive"),
        ]


class Writer(models.Model):
    """Who has written a value, mapping, explanation or evidence of the filing since the last accepted version.
    The approver may not be among them (four eyes)."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="writers")
    # the version under way: one above the last accepted one
    version = models.PositiveSmallIntegerField()
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=60)
    what = models.CharField(max_length=16)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("经手人")
        constraints = [
            models.UniqueConstraint(fields=["filing", "version", "actor_id", "what"], name="writer_once"),
        ]
