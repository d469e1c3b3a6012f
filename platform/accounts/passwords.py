"""What a password must be, in our words where Django's are not translated."""

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class LongEnough(password_validation.MinimumLengthValidator):
    """Django's check of the length; its sentence has no Chinese."""

    def get_error_message(self) -> str:
        return _("密码至少要 %(n)s 个字符。") % {"n": self.min_length}

    def get_help_text(self) -> str:
        return self.get_error_message()
