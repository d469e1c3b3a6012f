"""The words and shapes of states: a shape and a word together, never a colour alone.

Shapes are the classes of `hq-status`: none (dashed ring), draft (ring), review (half disc), ok (disc), back
(triangle), late and bad (diamond), sealed (square in a square).
"""

from django.utils.translation import gettext_lazy as _

SHAPES = ("none", "draft", "review", "ok", "back", "late", "bad", "sealed")

STATES = {
    # a filing, as in catalog.Obligation
    "none": ("none", _("未开始")),
    "draft": ("draft", _("草稿")),
    "submitted": ("review", _("待签发")),
    "sealed": ("sealed", _("已封存")),
    "review": ("review", _("审核中")),
    "queried": ("back", _("待答复")),
    "answered": ("review", _("已答复")),
    "returned": ("back", _("已退回")),
    "accepted": ("ok", _("已接受")),
    "withdrawn": ("draft", _("已撤回")),
    "late": ("late", _("已逾期")),
    # a job or an upload
    "queued": ("none", _("排队中")),
    "running": ("review", _("处理中")),
    "done": ("ok", _("已完成")),
    "failed": ("bad", _("未完成")),
    "refused": ("bad", _("已拒收")),
    "clean": ("ok", _("没有问题")),
    "warnings": ("back", _("有提醒")),
    "errors": ("bad", _("有错误")),
    # a round, a release, a person
    "planned": ("none", _("未开放")),
    "open": ("review", _("进行中")),
    "closed": ("draft", _("已截止")),
    "published": ("ok", _("已发布")),
    "frozen": ("ok", _("已冻结")),
    "active": ("ok", _("使用中")),
    "inactive": ("none", _("已停用")),
    "invited": ("draft", _("已邀请")),
}


def shape_and_word(state, word=""):
    """The shape and the word of a state.

    `state` is a key above or a shape by its own name; `word` replaces the usual word. An unknown state shows
    itself with the draft's ring, so that a new state is visible rather than an error on a page.
    """
    if state in STATES:
        shape, usual = STATES[state]
        return shape, word or usual
    return (state if state in SHAPES else "draft"), word or state
