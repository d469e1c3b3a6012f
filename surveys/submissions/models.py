"""The seal: an immutable copy of a filing, and what was said to it. Nothing here is ever updated or deleted;
the database refuses it (tenants/grants.py and the trigger of migration 0002)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.catalog.models import Round


class Submission(models.Model):
    """One sealed version of one filing.

    `payload` is zlib-compressed UTF-8 JSON lines (sorted keys, natural-key order, decimals as strings); `sha256` is
    over the uncompressed bytes. Everything needed to recompute a figure is beside it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("编号"), max_length=120, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="submissions", verbose_name=_("批次"))
    university_code = models.CharField(_("高校"), max_length=20)
    unit = models.CharField(_("单元"), max_length=40, blank=True)
    version = models.PositiveSmallIntegerField(_("版本"))
    payload = models.BinaryField()
    rows = models.PositiveIntegerField(_("行数"))
    sha256 = models.CharField(_("哈希"), max_length=64)
    definition_sha256 = models.CharField(_("定义哈希"), max_length=64)
    functions = models.JSONField(_("函数编号"), default=list)
    factor_set = models.CharField(_("系数版本"), max_length=60)
    denominators = models.JSONField(_("分母"), default=dict)
    explanations = models.JSONField(_("说明"), default=list)
    issues = models.JSONField(_("检查结果"), default=list)
    facilities = models.JSONField(_("设施"), default=list)
    # what the university declared with the figures: {"amends": {version, reason, by, at}, …} (docs/architecture.md)
    declared = models.JSONField(_("声明"), default=dict)
    writers = models.JSONField(_("填报人编号"), default=list)
    sealed_by_id = models.BigIntegerField(_("签发人编号"))
    sealed_by_name = models.CharField(_("签发人"), max_length=60)
    sealed_at = models.DateTimeField(_("签发时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("报送件")
        ordering = ["-sealed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "university_code", "unit", "version"], name="submission_version_once"
            ),
        ]
        indexes = [models.Index(fields=["university_code", "-sealed_at"], name="submission_university")]

    def __str__(self) -> str:
        return self.number


class SealedFile(models.Model):
    """A file that belongs to the seal: its name and hash; the bytes are in private storage."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="files")
    university_code = models.CharField(max_length=20)
    kind = models.CharField(_("类别"), max_length=16)
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("哈希"), max_length=64)
    size = models.PositiveBigIntegerField(_("大小"))

    class Meta:
        verbose_name = verbose_name_plural = _("封存文件")


class Proof(models.TextChoices):
    """What ties a stamped paper to its seal."""

    SCANNED = "scanned", _("二维码核对一致")
    TYPED = "typed", _("校验码核对一致")


class StampedCopy(models.Model):
    """A scan of the printed, stamped paper of a seal. Several may come; none replaces another."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="stamped")
    university_code = models.CharField(max_length=20)
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("哈希"), max_length=64)
    size = models.PositiveBigIntegerField(_("大小"))
    proof = models.CharField(_("核对"), max_length=8, choices=Proof)
    sent_by_id = models.BigIntegerField()
    sent_by_name = models.CharField(max_length=60)
    sent_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("盖章件")
        ordering = ["-sent_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "sha256"], name="stamped_copy_once")]


class Query(models.Model):
    """A question of the association, or (`answers`) a reply. `cell` names what it is about:
    `facility|item|measure|period`, '' for the whole."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="queries")
    university_code = models.CharField(max_length=20)
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    cell = models.CharField(_("位置"), max_length=160, blank=True)
    text = models.TextField(_("内容"))
    author_id = models.BigIntegerField()
    author_name = models.CharField(max_length=60)
    from_association = models.BooleanField()
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("疑问")
        ordering = ["created_at", "pk"]


class DecisionKind(models.TextChoices):
    RETURNED = "returned", pgettext_lazy("decision", "退回")
    ACCEPTED = "accepted", pgettext_lazy("decision", "接受")
    WITHDRAWN = "withdrawn", pgettext_lazy("decision", "撤回")


class Decision(models.Model):
    """What became of a submission: one decision, once. A change of mind is a new version."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="decisions")
    university_code = models.CharField(max_length=20)
    kind = models.CharField(_("决定"), max_length=10, choices=DecisionKind)
    reason = models.TextField(_("理由"), blank=True)
    decided_by_id = models.BigIntegerField()
    decided_by_name = models.CharField(max_length=60)
    decided_at = models.DateTimeField(_("决定时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("决定")
        constraints = [models.UniqueConstraint(fields=["submission"], name="decision_once")]
