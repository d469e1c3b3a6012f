"""Whose site this is: names, owners, contact and filing numbers, from settings; given to every template."""

from django.conf import settings

DEFAULTS = {
    "name": "后勤协同平台",
    "association": "高校后勤协会",
    "association_other": "",  # the name in the other language, small under the first
    "guided_by": "",  # 业务指导单位
    "registered_with": "",  # 登记管理机关
    "owners": (),  # further lines below these
    "contact": (),  # lines: address, telephone, mail
    "phone": "",
    "links": (),  # groups {"title": …, "items": [{"label": …, "url": …}]}
    "help": "",  # the page behind 帮助 in the bar
    "filing_numbers": (),  # ICP 备案号, 公网安备, 网站标识码
}


def of_settings() -> dict:
    """The setting HOUQIN_BRAND over the defaults above: for mails, which know no request."""
    given = getattr(settings, "HOUQIN_BRAND", {})
    return {**DEFAULTS, **{name: value for name, value in given.items() if value}}


def brand(request):
    """Context processor: `brand`."""
    return {"brand": of_settings()}
