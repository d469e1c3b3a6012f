"""The tags: markup, states, escaping."""

import json
import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from ui import icons, states
from ui.navigation import Entry, mark_current


def render(source, **context):
    return engines["django"].from_string("{% load ui %}" + source).render(context)


def test_icons_are_silent_without_a_label():
    assert 'aria-hidden="true"' in render('{% icon "upload" %}')
    named = render('{% icon "upload" label %}', label="上传 <b>")
    assert 'role="img"' in named and "上传 &lt;b&gt;" in named and "aria-hidden" not in named


def test_unknown_icon_fails_in_the_test_of_its_page():
    with pytest.raises(KeyError):
        icons.svg("no-such-icon")


def test_icon_outlines_are_added_to_the_sprite(tmp_path):
    (tmp_path / "x.svg").write_text(
        '<svg\n width="24">\n <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n <path d="M1 1" />\n</svg>'
    )
    sprite = tmp_path / "icons.json"
    assert icons.add(["x"], tmp_path, sprite) == 1
    assert json.loads(sprite.read_text()) == {"x": '<path d="M1 1"/>'}


@pytest.mark.parametrize("state", states.STATES)
def test_every_state_has_a_shape_and_a_word(state):
    shape, word = states.shape_and_word(state)
    assert shape in states.SHAPES and str(word)


def test_status_words():
    assert render('{% status "returned" %}') == '<span class="hq-status is-back">已退回</span>'
    assert render('{% status "sealed" "已封存 v1" %}') == '<span class="hq-status is-sealed">已封存 v1</span>'
    assert render("{% status s %}", s="<new>") == '<span class="hq-status is-draft">&lt;new&gt;</span>'


def test_what_is_handed_in_is_escaped_and_what_is_written_is_not():
    markup = render(
        '{% panel title=bad %}<p>{{ bad }}</p>{% endpanel %}{% callout "warn" title=bad %}<p>x</p>{% endcallout %}'
        "{% problem bad text=bad %}<i>y</i>{% endproblem %}{% stat bad bad note=bad %}"
        "{% empty_state bad text=bad %}{% endempty_state %}",
        bad="<script>",
    )
    assert "<script>" not in markup
    assert "<p>x</p>" in markup and "<i>y</i>" in markup


def test_capture_hands_markup_to_another_tag():
    markup = render('{% capture as goal %}<b>{{ x }}</b>{% endcapture %}{% stat "l" "1" note=goal %}', x="<")
    assert "<dd><b>&lt;</b></dd>" in markup


def test_stat_has_unit_and_comparison():
    markup = render('{% stat "用水" 43.49|number:1 unit="m³/人" note="上年 39.4" %}')
    assert "<b>43.5</b><i>m³/人</i>" in markup and "<dd>上年 39.4</dd>" in markup


def test_count_is_nothing_when_nothing_waits():
    assert render("{% count 0 %}") == ""
    assert "3" in render('{% count 3 "条未读" %}')


def test_hash_in_groups_of_four():
    assert "9f2c 71e0 4b8d" in render("{% hash h %}", h="9f2c71e04b8d")
    assert "9f2c 71e0 … b39f" in render("{% hash h short=True %}", h="9f2c71e04b8da635b39f")


def test_confirm_names_the_effect_and_submits_the_form():
    markup = render(
        '{% confirm "撤回" effect="学校可以再改" yes="撤回报送" %}<input name="a">{% endconfirm %}'
    )
    assert markup.startswith("<details") and "学校可以再改" in markup
    assert re.search(r'<button class="btn btn-danger is-solid btn-sm" type="submit">撤回报送', markup)


class Form(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    note = forms.CharField(label="备注", required=False)
    kind = forms.ChoiceField(label="类别", widget=forms.RadioSelect, choices=[("a", "甲"), ("b", "乙")])
    agree = forms.BooleanField(label="同意")


def test_field_says_what_is_optional_and_ties_help_to_the_control():
    markup = render("{% field form.name %}{% field form.note %}", form=Form())
    assert 'aria-describedby="h-name"' in markup and 'id="h-name"' in markup
    assert markup.count("（选填）") == 1


def test_errors_stand_above_the_control_and_in_the_summary():
    markup = render("{% form_fields form %}", form=Form({"note": "x", "kind": "z"}))
    assert "有 3 处需要改正" in markup and 'href="#id_name"' in markup
    assert 'aria-describedby="h-name e-name"' in markup and 'aria-invalid="true"' in markup
    assert markup.index('id="e-name"') < markup.index('name="name"')


def test_options_are_a_fieldset_with_its_legend():
    markup = render("{% field form.kind %}", form=Form({"kind": "b"}))
    assert "<legend" in markup and markup.count('type="radio"') == 2
    assert re.search(r'value="b" id="id_kind_1" checked', markup)


def test_summary_is_nothing_when_nothing_is_wrong():
    assert render("{% error_summary form %}", form=Form()).strip() == ""


def test_pagination_keeps_the_other_parameters():
    request = RequestFactory().get("/list", {"q": "节能 & 水", "page": "3"})
    markup = render("{% pagination page %}", page=Paginator(range(340), 20).page(3), request=request)
    assert "q=%E8%8A%82%E8%83%BD+%26+%E6%B0%B4&amp;page=4" in markup
    assert 'aria-current="page">3<' in markup and "第 41–60 条，共 340 条" in markup


def test_one_page_needs_no_pagination():
    assert render("{% pagination page %}", page=Paginator([1], 20).page(1)).strip() == ""


def test_queued_progress_has_no_value():
    assert "value=" not in render('{% progress label="排队中" %}')
    assert 'value="58" max="100"' in render('{% progress 58 100 label="x" %}')


def test_timeline_and_steps_mark_the_present():
    items = [{"title": "封存", "state": "sealed"}, {"title": "审核", "state": "now", "lines": ("甲", "乙")}]
    assert "is-done is-sealed" in render("{% timeline items %}", items=items)
    assert 'class="now" aria-current="step"' in render("{% steps items %}", items=items)


def test_place_for_a_file_says_what_may_come_and_what_to_do_with_another():
    markup = render('{% upload_field "file" accept=".xlsx,.csv" max_bytes=2097152 %}')
    said = dict(re.findall(r'data-(too-big|wrong-kind)="([^"]*)"', markup))
    assert said == {
        "too-big": "文件 {size}，超过 2.0 MB 上限。多数是表里贴了图片，删掉再选。",
        "wrong-kind": "“{name}”不是能读的表格，只收 .xlsx、.csv。"
        "选原来的电子表；带宏的在 WPS 或 Excel 里另存为 xlsx 再选。",
    }


def test_the_longest_address_is_the_current_one():
    entries = [Entry("首页", "/u/hj/"), Entry("填报", "/u/hj/filings/"), Entry("对标", "/u/hj/filingsx/")]
    assert [e.current for e in mark_current(entries, "/u/hj/filings/12/")] == [False, True, False]
    assert [e.current for e in mark_current(entries, "/u/hj/")] == [True, False, False]
    assert not any(e.current for e in mark_current(entries, "/desk/"))


def test_a_page_of_no_entry_marks_none():
    entries = [Entry("首页", "/u/hj/"), Entry("填报", "/u/hj/filings/")]
    assert not any(e.current for e in mark_current(entries, "/u/hj/notices/"))
    site = [Entry("首页", "/"), Entry("通知公告", "/notices/")]
    assert [e.current for e in mark_current(site, "/notices/3/")] == [False, True]
    assert not any(e.current for e in mark_current(site, "/no-such-page/"))
    # where there is nothing below it, the one entry stands for all
    assert mark_current([Entry("走访", "/assess/")], "/assess/12/")[0].current
