"""What intake's findings are called on a page. The stable names are intake's, the words are ours."""

from django.utils.translation import gettext_lazy as _

TITLES = {
    "unit_suspect": _("单位疑错：同一列里有几个月像是用另一个单位填的"),
    "formula_without_value": _("公式没有存下结果"),
    "formula_error": _("公式出错"),
    "not_a_number": _("不是数"),
    "too_large": _("数太大"),
    "negative": _("出现负数"),
    "unit_unknown": _("单位换算不了"),
    "unit_missing": _("没有写单位"),
    "unmapped_column": _("没有认出的列"),
    "mapping_unclear": _("表头没有把握"),
    "facility_unknown": _("没有登记的楼宇"),
    "facility_near": _("楼名相近，按登记的楼宇写入"),
    "double_count": _("同一个数出现两次"),
    "duplicate": _("内容重复的工作表"),
    "subtotal_mismatch": _("小计对不上"),
    "part_of_whole": _("其中项或不属学校自用，没有写入"),
    "other_university": _("别的学校的行"),
    "total_mismatch": _("合计对不上"),
    "missing": _("填了占位符，没有数"),
    "blank": _("空白格"),
    "estimated": _("约数，按估计值写入"),
    "hidden_row": _("有隐藏的行，已读入"),
    "hidden_column": _("有隐藏的列"),
    "hidden_sheet": _("有隐藏的工作表"),
    "unit_converted": _("换算了单位"),
    "text_number": _("文本格式的数"),
    "month_spelling": _("月份写法"),
    "other_period": _("别的年份的数"),
    "period_unreadable": _("认不出月份"),
    "period_conflict": _("期间互相矛盾"),
    "period_granularity": _("不是按月的数"),
    "wrong_period": _("不是这一期的数"),
    "ambiguous_number": _("数的写法有两种读法"),
    "excel_error": _("公式出错"),
    "unit_assumed": _("没有写单位，按常用单位读"),
    "unit_in_cell": _("单位写在数里"),
    "not_applicable": _("填了不适用"),
    "digits_lost": _("代码丢了后几位"),
    "school_year": _("标题跨两个年度，月份没有写年份"),
    "coal_mismatch": _("折标对不上"),
    "coal_not_converted": _("用量没有折成标准煤"),
    "multiplier": _("疑似漏乘互感器倍率"),
    "heat_is_area": _("疑似把面积填成热量"),
    "deducted": _("扣除的量和填报的差不多大"),
    "peer_range": _("与同类院校差得很远"),
    "placeholder": _("填了占位符，没有数"),
    "pending": _("待定，没有数"),
    "repeated_header": _("重复的表头，跳过"),
    "example": _("示例，没有写入"),
    "nameless_table": _("没有写是哪栋楼"),
    "paid_day": _("只有付款日期，没有所属月份"),
    "other_note": _("表外的说明"),
    "no_table": _("没有认出表格的工作表"),
    "unread_cells": _("没有读入的格"),
    "meter_only": _("只有表底数，算不出用量"),
    "meter_mismatch": _("用量与表底数之差对不上"),
}
STAGES = {
    "": _("已收到，正在排队"),
    "sniff": _("第 1 步，共 4 步：检查文件"),
    "read": _("第 2 步，共 4 步：读取工作表"),
    "layout": _("第 3 步，共 4 步：对应表头，换算单位"),
    "check": _("第 4 步，共 4 步：核对与往年的变动"),
    "done": _("第 4 步，共 4 步：保存核对结果"),
}
# where a stage stands on the bar, of 100; its own counts move it on
REACHED = {"": 0, "sniff": 5, "read": 15, "layout": 40, "check": 75, "done": 95}


def title_of(kind: str) -> str:
    """The words for a kind of finding; the kind itself when it is new."""
    return str(TITLES.get(kind, kind))
