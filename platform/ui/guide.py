"""The style guide's pages and their invented figures."""

import datetime

from django import forms
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from . import guide_figures, pictures, states
from .navigation import Entry, mark_current

FRAMES = ("work", "public", "sign-in", "print", "404", "403", "503")


class Registration(forms.Form):
    """A form with every kind of control."""

    name = forms.CharField(label="姓名")
    phone = forms.RegexField(
        r"^1\d{10}$",
        label="手机号",
        help_text="用于发签到码，不公开。",
        error_messages={"invalid": "手机号应为 11 位，现在是 10 位。"},
    )
    school = forms.ChoiceField(label="学校", choices=[("a", "海津理工大学"), ("b", "沽上师范大学")])
    years = forms.ChoiceField(
        label="填过几年能源年报",
        widget=forms.RadioSelect,
        choices=[("0", "第一次"), ("1", "1–3 年"), ("3", "3 年以上")],
    )
    question = forms.CharField(label="想解决的问题", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(
        label="同意把姓名印在签到表上", error_messages={"required": "不同意就不能报名。"}
    )


def frame_context(request, frame="work"):
    """What config gives the frames: bars, place, person."""
    here = request.path
    labels = [
        ("首页", here, "home"),
        ("填报", "#b", "table"),
        ("评估", "#c", "clipboard-check"),
        ("对标", "#e", "chart-dots"),
    ]
    entries = mark_current([Entry(label, url, icon) for label, url, icon in labels], here)
    sections = [
        "首页",
        "通知公告",
        "协会动态",
        "专业委员会",
        "标准化建设",
        "节能减排",
        "农校对接",
        "会议与活动",
        "资料下载",
    ]
    return {
        "nav": [*entries[:2], Entry("台账", "#d"), *entries[2:], Entry("设施", "#f")],
        "bottom_nav": [*entries, Entry("消息", "#m", "bell", count=3)],
        "sections": [Entry(label, "#", current=label == "首页") for label in sections],
        "place": "海津理工大学",
        "messages_url": "#m",
        "unread_count": 3,
        "search_url": "#s",
        "foot_links": [Entry("填报手册", "#"), Entry("校验规则目录", "#")],
        "person": {
            "name": "林知行",
            "role": "填报人",
            "email": "clerk@hjlg.demo",
            "account_url": "#a",
            "roles": [
                {"label": "海津理工大学 填报人", "url": "#1", "current": True},
                {"label": "能源专委会 审核员", "url": "#2"},
            ],
        },
    }


def filing_context():
    """Timeline, steps, stats and seal of an invented filing."""
    now = timezone.now()
    return {
        "events": [
            {
                "title": "上传表格",
                "by": "林知行，312 个数",
                "at": now - datetime.timedelta(days=12),
                "state": "done",
            },
            {
                "title": "签发",
                "by": "周予安（非填报人）",
                "at": now - datetime.timedelta(days=5),
                "state": "done",
            },
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
        "now": now,
        "soon": now + datetime.timedelta(days=19),
        "crumbs": [("首页", "#"), ("填报", "#"), "2025 年度"],
    }


def components(request):
    """Every component in every state, on one page."""
    form = (
        Registration({"name": "林知行", "phone": "1380000123", "school": "a"})
        if "bad" in request.GET
        else Registration()
    )
    segments = pictures.segments(
        [("accepted", 44), ("review", 9), ("returned", 3), ("draft", 4), ("none", 1)]
    )
    context = {
        **frame_context(request),
        **filing_context(),
        "form": form,
        "segments": segments,
        "shares": [
            pictures.Share("安全管理", 22, "分", "#", "10 项"),
            pictures.Share("居住条件与基础设施", 18, "分", "#", "9 项"),
            pictures.Share("队伍建设", 7, "分"),
        ],
        "states": states.STATES,
        "monthly": guide_figures.monthly_table(),
        "long": guide_figures.long_table(),
        "filings": guide_figures.state_table(),
        "bad_cells": guide_figures.problem_table("bad"),
        "warn_cells": guide_figures.problem_table("warn"),
        "big": [33482000, 1210000],
        "spark": [14, 20, None, 15, 10, 4],
        "page_obj": Paginator(range(340), 20).page(request.GET.get("page", 3)),
        "positions": [
            pictures.Position("单位建筑面积能耗", 15.7, "kgce/m²", 13.8, 15.9, 17.8),
            pictures.Position("人均用水量", 42.9, "m³/人", 31.0, 36.2, 42.0),
            pictures.Position("人均用电量", 1121, "kWh/人", decimals=0),
        ],
        "figures": [make() for make in guide_figures.FIGURES],
    }
    return render(request, "ui/guide/components.html", context)


def frame(request, name):
    """One frame by itself, to see it at both widths."""
    if name not in FRAMES:
        name = "404"
    return render(
        request,
        f"ui/guide/{name}.html" if not name.isdigit() else f"ui/states/{name}.html",
        frame_context(request),
    )


def job(request):
    """A job that is done after ten looks, for progress.js."""
    seen = int(request.COOKIES.get("guide_job", 0)) + 1
    steps = ["读取工作表", "对应表头", "换算单位", "核对与上年的变动", "写入草稿"]
    state = "queued" if seen < 3 else "running" if seen < 10 else "done"
    answer = {
        "state": state,
        "value": max(seen - 2, 0) * 39,
        "total": 312 if seen > 2 else 0,
        "title": "",
        "step": f"第 {min(seen // 2 + 1, 5)} 步，共 5 步：{steps[min(seen // 2, 4)]}",
        "note": f"已核对 {max(seen - 2, 0) * 39} / 312 个数" if seen > 2 else "前面还有 2 份",
    }
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
