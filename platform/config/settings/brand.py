"""Whose site this is; a deployment writes its own. platform/ui/brand.py lists the names."""

from config.settings.environment import IS_LOCAL, env

# the association of the demo city, which does not exist
_CITY = {
    "HOUQIN_ASSOCIATION": "渤沽市高校后勤协会",
    "HOUQIN_ASSOCIATION_EN": "Bogu Association of University Logistics",
    "HOUQIN_GUIDED_BY": "渤沽市教育委员会",
    "HOUQIN_REGISTERED_WITH": "渤沽市民政局",
    "HOUQIN_PHONE": "000-0000 0000",
    "HOUQIN_CONTACT": [
        "渤沽市文教路 18 号 307 室，邮编 000000",
        "电话 000-0000 0000（工作日 8:30–17:00）",
        "邮箱 mishuchu@houqin.example",
    ],
    "HOUQIN_LINKS": ["常用|填报说明|/guide/", "常用|通知公告|/notices/", "常用|协会概况|/about/"],
    "HOUQIN_HELP": "/guide/",
    "HOUQIN_FILING_NUMBERS": ["ICP 备案号（示例）", "公网安备（示例）"],
}


def _text(name: str) -> str:
    return env.str(name, _CITY[name] if IS_LOCAL else "")


def _lines(name: str) -> list[str]:
    return env.list(name, default=_CITY[name] if IS_LOCAL else [])


def _groups(lines: list[str]) -> list[dict]:
    """`group|label|address` lines as groups of links, both in the order written."""
    groups: dict[str, list[dict]] = {}
    for line in lines:
        title, label, url = line.split("|", 2)
        groups.setdefault(title, []).append({"label": label, "url": url})
    return [{"title": title, "items": links} for title, links in groups.items()]


HOUQIN_BRAND = {
    "name": "后勤协同平台",
    "association": _text("HOUQIN_ASSOCIATION"),
    "association_other": _text("HOUQIN_ASSOCIATION_EN"),
    "guided_by": _text("HOUQIN_GUIDED_BY"),
    "registered_with": _text("HOUQIN_REGISTERED_WITH"),
    "phone": _text("HOUQIN_PHONE"),
    "contact": _lines("HOUQIN_CONTACT"),
    "links": _groups(_lines("HOUQIN_LINKS")),
    "help": _text("HOUQIN_HELP"),
    "filing_numbers": _lines("HOUQIN_FILING_NUMBERS"),
}
