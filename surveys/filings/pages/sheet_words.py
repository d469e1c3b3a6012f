"""What the grid's scripts say, in the reader's language. `{name}` are places that the script fills."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    """Key → sentence."""
    return {**_of_saving(), **_of_cells(), **_of_typing(), **_of_pasting(), **_of_others()}


def _of_saving() -> dict[str, str]:
    return {
        "state_idle": _("改动自动保存"),
        "state_typing": _("正在保存…"),
        "state_sending": _("正在保存…"),
        "state_saved": _("已保存 {clock}"),
        "state_offline": _("没有连上，{n} 格已记在本机，连上后自动保存"),
        "state_not_kept": _("没有连上，{n} 格还没有保存，这台电脑也存不下：不要关这一页"),
        "state_login": _("登录已过期，{n} 格已记在本机，登录后自动保存"),
        "state_closed": _("没有保存：{why}"),
        "state_wrong": _("没有保存：{why}"),
        "state_left": _("{n} 格认不出，没有保存"),
        "state_clash": _("{n} 格和别人填的不一样，选一个"),
        "sign_in": _("在新页登录"),
        "gone": _("这份报表现在打不开，刷新这一页看看。"),
        "adopted": _("上次没有保存的 {n} 格还在，正在保存"),
        "adopted_gone": _("上次没有保存的 {n} 格不在这张表里了，没有保存"),
        "elsewhere": _("“{place}”还有 {n} 格没有保存"),
        "merged": _("{who}刚刚也改了 {n} 格，都已合并，你的改动不受影响"),
    }


def _of_cells() -> dict[str, str]:
    return {
        "comma": _("，"),
        "colon": _("："),
        "stop": _("；"),
        "list_comma": _("、"),
        "grid_name": _("逐月数据，可以填写"),
        "month": _("月份"),
        "item": _("项目"),
        "total": _("合计"),
        "sum_of": _("{measure}合计"),
        "est_mark": pgettext("mark", "估"),
        "estimated": _("估计值"),
        "none": pgettext("cell", "无此项"),
        "none_such": _("无此项（不适用）"),
        "not_applicable": _("不适用"),
        "blank_because": _("空着，已写原因"),
        "gap": _("空白，要补数或写原因"),
        "gap_long": _("这一列填了别的月份，这个月空着：补上数，或写明原因。没有用填 0。"),
        "out_of_season": _("非采暖期，不用填"),
        "out_of_season_long": _("这个月不在季节里，不用填；确实有数也可以填。"),
        "empty": _("没有填"),
        "waiting": _("正在保存"),
        "refused": _("没有保存：{why}"),
        "clash": _("别人也改了这一格"),
        "has_error": _("有错误"),
        "has_warning": _("有提醒"),
        "figure": _("数值"),
        "last_year": _("上年"),
        "last_was": _("上年 {value}"),
        "last_none": _("上年没有数"),
        "flag": _("标记"),
        "reason": _("原因"),
        "source": _("来源"),
        "by_hand": _("手工填写"),
        "typed_as": _("手工填写，写的是“{raw}”"),
        "explained": _("（已说明）"),
        "findings_open": _("{n} 处要看"),
        "findings_none": _("没有要改正和说明的"),
        "gaps_open": _("{n} 处空白要补数或写原因"),
        "findings_new": _("核对后多出 {n} 处要看"),
        "findings_gone": _("消去了 {n} 处"),
    }


def _of_typing() -> dict[str, str]:
    return {
        "leaving": _("再按 Tab 离开表格"),
        "copied": _("已复制 {n} 格"),
        "undone": _("已撤销，{n} 格恢复原样"),
        "redone": _("已重做 {n} 格"),
        "nothing_to_undo": _("没有可撤销的"),
        "nothing_to_redo": _("没有可重做的"),
        "nothing_to_mark": _("选中的格里没有数，估计值要先填数"),
        "marked": _("{n} 格标为估计值"),
        "unmarked": _("{n} 格不再标为估计值"),
        "not_saved": _("{name}没有保存：{why}"),
        "why_blank": _("空着的原因"),
        "why_blank_of": _("{name}空着的原因"),
        "why_blank_ask": _("空着要有原因；没有用填 0"),
        "mark_estimate": _("{name}是估计值"),
        "column_has_figures": _("这一项已经有数，不能收起；清空它的各格再收"),
        "as_form": _("逐项填"),
        "as_table": _("表格填"),
        "view_by": _("怎样翻"),
        "by_month": _("按月"),
        "by_item": _("按项目"),
        "previous": _("上一个"),
        "next": _("下一个"),
        "onward": _("接着填 {name}"),
    }


def _of_pasting() -> dict[str, str]:
    return {
        "reading_paste": _("正在看粘贴的内容…"),
        "nothing_to_paste": _("剪贴板里没有文字"),
        "pasted_blank": _("剪贴板里是空格子，什么也没有改；要清空，选中后按 Delete"),
        "pasted": _("粘贴了 {n} 格，其中 {changed} 格和原来不同；Ctrl+Z 可撤销"),
        "pasted_alone": _("没有连上，{n} 格先按位置放入，{over} 格超出表格没有放；连上后核对"),
        "paste_title": _("粘贴：{n} 格可以写入，{bad} 格认不出，{left} 格不要"),
        "paste_named": _("粘贴的内容带着表头或月份，按它们对应的位置放，不按选中的格。"),
        "paste_bad": _("认不出的，不写入"),
        "paste_left": _("不要的"),
        "paste_good": _("要写入的"),
        "paste_yes": _("写入 {n} 格"),
        "paste_no": _("不粘贴"),
        "more_rows": _("还有 {n} 格"),
        "and_more": _("{some} 等 {n} 格"),
        "cell": _("位置"),
        "before": _("原来"),
        "after": _("改为"),
        "note": _("说明"),
    }


def _of_others() -> dict[str, str]:
    return {
        "keep_mine": _("用我的"),
        "keep_theirs": _("用对方的"),
        "mine": _("我填的"),
        "theirs": _("现在的"),
        "who": _("谁"),
        "you_elsewhere": _("你在别的页面"),
    }
