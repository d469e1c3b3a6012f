"""Sentences of pure code: the Chinese text, how it was made, and the same in another language."""

import copy
import json
import pickle

import pytest
from django.utils import translation

from surveys import instruments
from surveys.catalog.sentences import part, sentence, spoken
from surveys.definition.said import (
    Said,
    fill,
    form_of,
    frame,
    listing,
    say,
    term,
    unit_term,
    with_forms,
    without_forms,
)

ENERGY = instruments.get("energy")


@pytest.fixture
def price() -> Said:
    return say(
        "{where} {name} {months}的单价是 {price} {unit}，常见范围是 {low}–{high}。",
        where=say("“{sheet}”表 {cell}", sheet="用电", cell="B5"),
        name=say("{place}{item}", place="梅园", item=term("电力")),
        months=say("{months} 月", months=listing(["3", "7"])),
        price="12.00", unit=unit_term("元/kWh"), low="0.3", high="1.5",
    )  # fmt: skip


def in_english(record: dict, field: str = "message") -> str:
    with translation.override("en"):
        return sentence(record, field, ENERGY)


def test_a_sentence_is_its_chinese_text(price):
    text = "“用电”表 B5 梅园电力 3、7 月的单价是 12.00 元/kWh，常见范围是 0.3–1.5。"
    assert price == text
    assert hash(price) == hash(text)
    assert json.dumps(price) == json.dumps(text)


def test_a_sentence_outlives_pickle_copy_and_json(price):
    again = without_forms(json.loads(json.dumps(with_forms({"message": price}, "message"))))["message"]
    for other in (pickle.loads(pickle.dumps(price)), copy.deepcopy(price), again):
        assert (other, form_of(other)) == (price, form_of(price))


def test_a_sentence_is_said_in_english_with_its_names_and_units(price):
    assert in_english(with_forms({"message": price}, "message")) == (
        "Sheet “用电”, B5: the unit price of 梅园 Electricity in months 3, 7 is 12.00 yuan/kWh; "
        "the usual range is 0.3–1.5."
    )


def test_a_chinese_reader_gets_the_text_as_it_was_kept(price):
    record = {**with_forms({"message": price}, "message"), "message": "旧的原话"}
    assert sentence(record, "message", ENERGY) == "旧的原话"


def test_a_part_is_said_in_both_languages():
    form = form_of(say("“{sheet}”表 {cell}", sheet="用电", cell="B5"))
    assert part(form, ENERGY) == "“用电”表 B5"
    with translation.override("en"):
        assert part(form, ENERGY) == "sheet “用电”, B5"


def test_a_sentence_without_places_needs_nothing_beside_it():
    record = {"suggestion": say("核对汇总和分表，改错的一处。"), "message": "按表里的单位"}
    assert with_forms(record, "message", "suggestion") == record
    assert in_english(record, "suggestion") == (
        "Compare the summary with the single sheets and correct the one that is wrong."
    )
    assert in_english(record) == "as the sheet has it"


def test_what_an_old_report_says_is_shown_as_it_is():
    assert in_english({"message": "“用电”表 B5 起，电力逐月只增不减，像是表底读数。"}) == (
        "“用电”表 B5 起，电力逐月只增不减，像是表底读数。"
    )
    assert in_english({"message": "", "said": {}}) == ""
    assert in_english({}) == ""


def test_a_remedy_of_the_definition_has_its_own_english():
    remedy = ENERGY.check("V01").remedy
    assert in_english({"message": remedy}) == ENERGY.in_language("en").check("V01").remedy != remedy


def test_words_of_a_file_stay_as_they_are():
    said = say("“{name}”是空文件。", name="没有写单位 {cell} %s")
    assert in_english(with_forms({"message": said}, "message")) == "“没有写单位 {cell} %s” is an empty file."


def test_a_frame_without_english_is_never_filled():
    with translation.override("en"):
        assert spoken("甲乙", ["甲{x.__class__}", {"x": "乙"}], ENERGY) == "甲乙"


def test_a_frame_may_be_written_apart_from_where_it_is_filled():
    assert fill(frame("“{name}”带有宏。"), name="表.xlsm") == say("“{name}”带有宏。", name="表.xlsm")


def test_a_place_that_is_not_given_is_an_error():
    with pytest.raises(KeyError):
        say("“{name}”带有宏。", file="表.xlsm")
