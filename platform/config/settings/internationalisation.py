"""Chinese first, English by switch; Asia/Shanghai for everyone."""

from config.settings.environment import ROOT

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# what pure code says is in no app
LOCALE_PATHS = [ROOT / "platform" / "config" / "locale", ROOT / "surveys" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
