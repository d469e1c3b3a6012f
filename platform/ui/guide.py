"""The style guide's pages and their invented figures."""

import datetime

from django import forms
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from . import charts, pictures, states
from .navigation import Entry, mark_current
from .tables import Column, estimated, not_applicable, row, table, total

FRAMES = ("work", "public", "sign-in", "print", "404", "403", "503")
LINKS = (charts.Link("定义与公式", "#"), charts.Link("CSV", "#"), charts.Link("XLSX", "#"))
SOURCE = "2025 年度发布第 1 版，2026-05-08 冻结，61 所"


class Registration(forms.Form):
    """A form with every kind of control."""

    name = forms.CharField(label="姓名")
    phone = forms.RegexField(
        r"^1\d{10}$", label="手机号", help_text="用于发签到码，不公开。",
        error_messages={"invalid": "手机号应为 11 位，现在是 10 位。"},
    )  # fmt: skip
    school = forms.ChoiceField(label="学校", choices=[("a", "海津理工大学"), ("b", "沽上师范大学")])
    years = forms.ChoiceField(
        label="填过几年能源年报", widget=forms.RadioSelect, choices=[("0", "第一次"), ("1", "1–3 年"), ("3", "3 年以上")]
    )
    question = forms.CharField(label="想解决的问题", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label="同意把姓名印在签到表上", error_messages={"required": "不同意就不能报名。"})


def trend_figure():
    frame = charts.Frame("trend", "能耗在降，离 2025 年目标差 1.7 个百分点",
                         "单位建筑面积能耗，全市中位数和中间一半的学校，2019–2025", source=SOURCE, links=LINKS)  # fmt: skip
    return charts.trend(
        frame, [str(year) for year in range(2019, 2026)], [16.9, 15.3, 16.4, 15.9, 15.6, 15.1, 14.8], unit="kgce/m²",
        low=[14.6, 13.2, 14.0, 13.6, 13.5, 13.1, 12.9], high=[18.9, 17.3, 18.4, 17.8, 17.5, 16.9, 16.5],
        target=[None, 15.3, 15.15, 14.99, 14.84, 14.69, 14.53],
        references=[charts.Reference(18.48, "全国公共机构 2020")],
    )  # fmt: skip


def price_figure():
    frame = charts.Frame("price", "价格指数第 5 周超过预警线", "上年同期 = 100", source="篮子 28 种，61 校采价", height="low")
    weeks = [f"第{n}周" for n in range(1, 11)]
    return charts.trend(frame, weeks, [100.4, 101.2, 101.9, 104.6, 105.1, 103.2, 102.4, 102.0, 102.2, 102.6], unit="",
                        line_label="指数", references=[charts.Reference(105, "预警线", alert=True)], period_label="周")  # fmt: skip


def lines_figure():
    frame = charts.Frame("lines", "高职高专用得最少", "单位建筑面积能耗中位数，按同类组", source=SOURCE, links=LINKS)
    series = {"理工类": [16.8, 16.4, 16.1, 15.9], "综合类": [15.2, 15.1, 14.9, 14.7], "高职高专": [12.4, None, 11.9, 11.6]}
    return charts.lines(frame, ["2022", "2023", "2024", "2025"], series, unit="kgce/m²")


def histogram_figure():
    frame = charts.Frame("histogram", "多数学校在 12–16 之间", "各学校落在哪个区间，2025 年；两端合并到每组不少于 5 所",
                         source=SOURCE, links=LINKS)  # fmt: skip
    bins = [("8–10", 6), ("10–12", 9), ("12–14", 13), ("14–16", 15), ("16–18", 9), ("18 以上", 9)]
    return charts.histogram(frame, bins, unit="kgce/m²")


def cohort_figure():
    frame = charts.Frame("cohorts", "同类学校之间差多少", "单位建筑面积能耗，各同类组的分布，kgce/m²", source=SOURCE,
                         links=LINKS, height="high")  # fmt: skip
    bars = [
        charts.CohortBar("综合类", 14, 12.9, 14.7, 16.6, 14.9), charts.CohortBar("理工类", 12, 13.8, 15.9, 17.8, 16.1),
        charts.CohortBar("医药类", 5, mean=17.2), charts.CohortBar("师范类", 4),
        charts.CohortBar("财经政法类", 6, mean=13.3), charts.CohortBar("艺术体育类", 3),
        charts.CohortBar("高职高专", 17, 9.8, 11.6, 13.4, 11.7),
    ]  # fmt: skip
    return charts.cohorts(frame, bars, unit="kgce/m²", references=[charts.Reference(18.48, "全国 2020", alert=True)])


def stacked_figure():
    frame = charts.Frame("stacked", "用能集中在采暖季", "全市综合能耗逐月构成，2025 年，万 tce（当量值）", source=SOURCE, links=LINKS)
    parts = {
        "电力": [3.4, 2.2, 2.9, 2.6, 2.7, 3.2, 2.8, 2.2, 3.3, 2.7, 3.0, 3.5],
        "热力": [5.2, 4.6, 2.6, 0, 0, 0, 0, 0, 0, 0, 2.9, 5.0],
        "天然气": [1.3, 0.8, 1.0, 0.6, 0.6, 0.6, 0.4, 0.3, 0.7, 0.6, 0.9, 1.3],
        "其他": [0.1] * 12,
    }
    return charts.stacked(frame, [f"{n}月" for n in range(1, 13)], parts, unit="万 tce")


def monthly_table():
    """A sealed month table: hatched where there is nothing to fill, dashed where estimated, a sum at the end."""
    columns = [Column("月份", kind="text"), Column("电力", "kWh", decimals=0), Column("水", "m³", decimals=0),
               Column("热力", "GJ", decimals=1)]  # fmt: skip
    rows = [
        row("1月", 3421000, 98200, 52300),
        row("4月", 2498000, estimated(110200), not_applicable()),
        row("5月", 2523000, None, not_applicable()),
        row("11月", 2918000, 0, 28600),
    ]
    return table(columns, [*rows, total("全年", rows, 3)], grid=True, frozen=True, label="逐月数据")


def state_table():
    columns = [Column("表", kind="text"), Column("期间", kind="text"), Column("状态", kind="text", key=True),
               Column("变动", kind="change"), Column("报送", kind="day")]  # fmt: skip
    from .templatetags._part_tags import status  # the tag's own markup, as a view would hand it over

    rows = [
        row("能源统计年报", "2025", status("draft"), 0.207, None, url="#"),
        row("能源台账", "2026-01", status("accepted"), -0.0144, datetime.date(2026, 2, 9), url="#", sub="v1"),
        row("公寓自评 梅园 3 号楼", "2025–2026", status("returned"), 0, datetime.date(2026, 3, 2), url="#"),
    ]
    return table(columns, rows, stack=True, label="填报状态")


def problem_table(kind):
    from .tables import Cell
    from .templatetags._part_tags import cell

    columns = [Column("项目", kind="text"), Column("单元格", kind="text"), Column("填的数", "kWh", decimals=1),
               Column("上年同月", "kWh", decimals=0)]  # fmt: skip
    rows = [row("9月 用电量", cell("电力!C14"), Cell(318.2, flag=kind), 3067749),
            row("10月 用电量", cell("电力!C15"), Cell(262.4, flag=kind), 2588310)]  # fmt: skip
    return table(columns, rows, stack=True, label="有问题的格")


def frame_context(request, frame="work"):
    """What config gives the frames: bars, place, person."""
    here = request.path
    labels = [("首页", here, "home"), ("填报", "#b", "table"), ("评估", "#c", "clipboard-check"), ("对标", "#e", "chart-dots")]
    entries = mark_current([Entry(label, url, icon) for label, url, icon in labels], here)
    sections = ["首页", "通知公告", "协会动态", "专业委员会", "标准化建设", "节能减排", "农校对接", "会议与活动", "资料下载"]
    return {
        "nav": [*entries[:2], Entry("台账", "#d"), *entries[2:], Entry("设施", "#f")],
        "bottom_nav": [*entries, Entry("消息", "#m", "bell", count=3)],
        "sections": [Entry(label, "#", current=label == "首页") for label in sections],
        "place": "海津理工大学", "messages_url": "#m", "unread_count": 3, "help_url": "#h", "search_url": "#s",
        "foot_links": [Entry("填报手册", "#"), Entry("校验规则目录", "#")],
        "person": {"name": "林知行", "role": "填报人", "email": "clerk@hjlg.demo", "account_url": "#a", "roles": [
            {"label": "海津理工大学 填报人", "url": "#1", "current": True}, {"label": "能源专委会 审核员", "url": "#2"}]},
    }  # fmt: skip


def filing_context():
    """Timeline, steps, stats and seal of an invented filing."""
    now = timezone.now()
    return {
        "events": [
            {"title": "上传表格", "by": "林知行，312 个数", "at": now - datetime.timedelta(days=12), "state": "done"},
            {"title": "签发", "by": "周予安（非填报人）", "at": now - datetime.timedelta(days=5), "state": "done"},
            {"title": "封存 v1", "at": now - datetime.timedelta(days=4), "state": "sealed"},
            {"title": "审核中", "by": "叶知秋 提出 1 条疑问", "at": now, "state": "now"},
            {"title": "接受", "by": "之后计入全市汇总"},
        ],
        "steps": [
            {"title": "草稿", "lines": ("林知行", "3月12日–18日"), "state": "done"},
            {"title": "签发", "lines": ("周予安", "3月19日 16:20"), "state": "done"},
            {"title": "封存 v1", "lines": ("平台", "3月20日 8:05"), "state": "sealed"},
            {"title": "审核", "lines": ("能源专委会", "1 条疑问"), "state": "now"},
            {"title": "接受", "lines": ("预计 4月20日前",)},
        ],
        "sha256": "9f2c71e04b8da635c01f6e97d2845ab30e7df1c863b92a448c551d06ea72b39f",
        "now": now, "soon": now + datetime.timedelta(days=19), "crumbs": [("首页", "#"), ("填报", "#"), "2025 年度"],
    }  # fmt: skip


def components(request):
    """Every component in every state, on one page."""
    form = Registration({"name": "林知行", "phone": "1380000123", "school": "a"}) if "bad" in request.GET else Registration()
    segments = pictures.segments([("accepted", 44), ("review", 9), ("returned", 3), ("draft", 4), ("none", 1)])
    context = {
        **frame_context(request), **filing_context(), "form": form, "segments": segments, "states": states.STATES,
        "monthly": monthly_table(), "filings": state_table(), "bad_cells": problem_table("bad"),
        "warn_cells": problem_table("warn"), "big": [33482000, 1210000], "spark": [14, 20, None, 15, 10, 4],
        "page_obj": Paginator(range(340), 20).page(request.GET.get("page", 3)),
        "positions": [
            pictures.Position("单位建筑面积能耗", 15.7, "kgce/m²", 13.8, 15.9, 17.8),
            pictures.Position("人均用水量", 42.9, "m³/人", 31.0, 36.2, 42.0),
            pictures.Position("人均用电量", 1121, "kWh/人", decimals=0),
        ],
        "figures": [trend_figure(), cohort_figure(), stacked_figure(), histogram_figure(), lines_figure(), price_figure()],
    }  # fmt: skip
    return render(request, "ui/guide/components.html", context)


def frame(request, name):
    """One frame by itself, to see it at both widths."""
    if name not in FRAMES:
        name = "404"
    return render(request, f"ui/guide/{name}.html" if not name.isdigit() else f"ui/states/{name}.html", frame_context(request))


def job(request):
    """A job that is done after ten looks, for progress.js."""
    seen = int(request.COOKIES.get("guide_job", 0)) + 1
    steps = ["读取工作表", "对应表头", "换算单位", "核对与上年的变动", "写入草稿"]
    state = "queued" if seen < 3 else "running" if seen < 10 else "done"
    answer = {"state": state, "value": max(seen - 2, 0) * 39, "total": 312 if seen > 2 else 0, "title": "",
              "step": f"第 {min(seen // 2 + 1, 5)} 步，共 5 步：{steps[min(seen // 2, 4)]}",
              "note": f"已核对 {max(seen - 2, 0) * 39} / 312 个数" if seen > 2 else "前面还有 2 份"}  # fmt: skip
    response = JsonResponse(answer)
    response.set_cookie("guide_job", 0 if state == "done" else seen, samesite="Lax")
    return response


@csrf_exempt
def receive(request):
    """Takes a file and keeps nothing: a name with 师范 is refused, everything else goes back to the guide."""
    file = request.FILES.get("file")
    if not file or "师范" in file.name:
        refused = {"title": "没有写入", "cell": "电力!A2", "text": "表里写的是“沽上师范大学”"}
        return JsonResponse(refused, status=422)
    return JsonResponse({"url": "."}, status=202)
