"""What is derived from accepted seals, and what of it was released. The commission reads Release, Cell and
CompletionSnapshot; Figure and CohortMember stay inside the association."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Figure(models.Model):
    """One university × indicator × period, from one accepted seal. Indicator-led key: that is how it is read."""

    pk = models.CompositePrimaryKey("indicator", "period", "university_code")
    indicator = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    university_code = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    numerator = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    submission_id = models.UUIDField()
    function = models.CharField(max_length=40)
    factor_set = models.CharField(max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("指标值")
        indexes = [models.Index(fields=["university_code", "period"], name="figure_university")]


class Cohort(models.Model):
    """A fixed, versioned group. Members are rows, never a free-form filter."""

    code = models.CharField(_("代码"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    dimension = models.CharField(_("维度"), max_length=20)  # all, kind, size
    label = models.CharField(_("名称"), max_length=40)
    label_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("同类组")
        ordering = ["dimension", "position"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="cohort_version_once")]

    def __str__(self) -> str:
        return f"{self.label} v{self.version}"


class CohortMember(models.Model):
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="members")
    university_code = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "university_code"], name="cohort_member_once")
        ]


class Release(models.Model):
    """Frozen aggregates of one period. Numbered, dated; a correction is a new release."""

    period = models.CharField(_("期间"), max_length=10)
    number = models.PositiveSmallIntegerField(_("第几版"))
    round_code = models.CharField(_("批次"), max_length=40)
    title = models.CharField(_("名称"), max_length=80)
    note = models.TextField(pgettext_lazy("release", "说明"), blank=True)
    contributors = models.PositiveSmallIntegerField(_("学校数"))
    # numbered names of what was applied: ["1@1", …], and of the audits that ran
    rules = models.JSONField(_("披露规则"), default=list)
    audits = models.JSONField(_("披露审核"), default=list)
    definition_sha256 = models.CharField(max_length=64)
    factor_set = models.CharField(max_length=60)
    frozen_at = models.DateTimeField(_("冻结时间"))
    frozen_by_id = models.BigIntegerField()
    frozen_by_name = models.CharField(max_length=60)
    # a job that runs again finds what it made
    job_id = models.UUIDField(null=True, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("发布")
        ordering = ["-period", "-number"]
        constraints = [models.UniqueConstraint(fields=["round_code", "number"], name="release_number_once")]

    def __str__(self) -> str:
        return _("%(period)s 第 %(number)s 版") % {"period": self.period, "number": self.number}


class CellState(models.TextChoices):
    RELEASED = "released", _("发布")
    SUPPRESSED = "suppressed", _("不发布")
    CARRIED = "carried", _("更正待发布")


class Cell(models.Model):
    """One aggregate of a release. A suppressed cell carries no value and no count, and `reason` does not tell which
    rule suppressed it: that would help to undo it (Withheld has it, for the association)."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="cells")
    indicator = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    cohort_code = models.CharField(max_length=40)
    cohort_version = models.PositiveSmallIntegerField()
    statistic = models.CharField(max_length=12)  # ratio, sum, mean, count, p25, p50, p75, p10, p90
    value = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    n = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=CellState)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("汇总格")
        constraints = [
            models.UniqueConstraint(
                fields=["release", "indicator", "period", "cohort_code", "statistic"], name="cell_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="suppressed") | models.Q(value__isnull=True, n__isnull=True),
                name="cell_suppressed_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["indicator", "cohort_code", "statistic", "period"], name="cell_reading")
        ]


class Withheld(models.Model):
    """Which rule took a cell of a release back. Never leaves the association."""

    cell = models.OneToOneField(Cell, models.PROTECT, related_name="withheld", primary_key=True)
    rule = models.CharField(_("规则"), max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = _("不发布的原因")


class ReleaseContributor(models.Model):
    """Whose figure a release used: what rule 5 compares. Never leaves the association."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="contributors_used")
    indicator = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    university_code = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    numerator = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=8, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "indicator", "period", "university_code"], name="release_contributor_once"
            )
        ]


class CompletionSnapshot(models.Model):
    """Counts of one day, for the city and for cohorts of five and more. `state` is that of an obligation, or
    `on_time`: handed in before the due time, whatever came of it."""

    day = models.DateField(_("日期"))
    round_code = models.CharField(_("批次"), max_length=40)
    cohort_code = models.CharField(_("同类组"), max_length=40)
    state = models.CharField(_("状态"), max_length=10)
    count = models.PositiveSmallIntegerField(_("所"))

    class Meta:
        verbose_name = verbose_name_plural = _("报送进度")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "round_code", "cohort_code", "state"], name="completion_once"
            )
        ]
