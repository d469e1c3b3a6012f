"""The trail in /ops/: read, filtered, never changed. `ReadOnly` serves other rooms' records too."""

from django.contrib import admin
from django.http import HttpRequest

from audit.models import AuditEntry


class ReadOnly(admin.ModelAdmin):
    """Rows that only the program writes."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("at", "actor_id", "university_code", "action", "object_type", "object_id", "fields")
    list_filter = ("action", "university_code", "object_type")
    search_fields = ("=actor_id", "=object_id", "=university_code")
    date_hierarchy = "at"
    show_full_result_count = False
