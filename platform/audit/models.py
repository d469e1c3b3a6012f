"""The trail. It names objects and fields, never personal values; people appear by number only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One action. Rows are inserted and read; the database refuses everything else (tenants/grants.py)."""

    at = models.DateTimeField(_("时间"), auto_now_add=True)
    actor_id = models.BigIntegerField(_("人员编号"), null=True)
    university_code = models.CharField(_("高校"), max_length=20, blank=True)
    action = models.CharField(_("动作"), max_length=60)
    object_type = models.CharField(_("对象"), max_length=60)
    object_id = models.CharField(_("对象编号"), max_length=80, blank=True)
    fields = models.JSONField(_("改动的字段"), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("审计记录")
        indexes = [models.Index(fields=["university_code", "-at"], name="audit_university")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_id}"
