"""What the editor's desk must not offer."""

from django.core.exceptions import PermissionDenied
from wagtail import hooks


@hooks.register("before_delete_user")
def refuse_to_delete_users(request, users):
    """People are deactivated and anonymised: papers keep their author's number."""
    raise PermissionDenied
