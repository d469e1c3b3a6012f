"""The record of a background job: written with the data it belongs to, watched by the browser."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Queue(models.TextChoices):
    """Who runs a job. Provisioning makes schemas and roles, so its worker has the owner's login (no wall stands
    there) and runs nothing else."""

    ORDINARY = "ordinary", _("一般")
    PROVISIONING = "provisioning", _("开通")


class JobState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")


class Job(models.Model):
    """One piece of work. `arguments` and `result` are small JSON: identifiers and counts, never data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("类别"), max_length=60)
    queue = models.CharField(_("队列"), max_length=12, choices=Queue, default=Queue.ORDINARY)
    university_code = models.CharField(_("高校"), max_length=20, blank=True)
    actor_id = models.BigIntegerField(_("发起人编号"), null=True)
    actor_name = models.CharField(_("发起人"), max_length=60, blank=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=JobState, default=JobState.QUEUED)
    stage = models.CharField(_("步骤"), max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    # for the person who waits
    message = models.TextField(blank=True)
    # for the operator
    cause = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("任务")
        indexes = [
            models.Index(fields=["state", "beat_at"], name="job_waiting"),
            models.Index(fields=["university_code", "-created_at"], name="job_university"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
