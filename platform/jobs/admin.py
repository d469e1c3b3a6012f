"""Background work in /ops/: what waits, runs and failed, with the cause for the operator."""

from django.contrib import admin

from audit.admin import ReadOnly
from jobs.models import Job


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("created_at", "kind", "university_code", "state", "stage", "attempts", "finished_at")
    list_filter = ("state", "queue", "kind", "university_code")
    search_fields = ("=id", "=university_code")
    date_hierarchy = "created_at"
    show_full_result_count = False
