"""English is complete: every message of the house has its English, the same placeholders, and is compiled."""

import gettext
import re
from collections import defaultdict

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

from tests.english import messages
from tests.english.messages import CHINESE, ROOT, Message, NotAConstant, in_python, in_template

COMPILE = "Compile with: .venv/bin/pybabel compile -D django -l en -d <folder>/locale"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
# the switch names the language one does not read; 500 knows no language and says it in both
IN_BOTH = {"platform/ui/templates/ui/parts/language.html", "platform/ui/templates/ui/states/500.html"}
# Chinese in Python that is no message, and why
UNTRANSLATED = {
    "surveys/definition/evaluation.py": "errors of whoever writes a definition",
    "surveys/definition/load.py": "errors of whoever writes a definition",
    "surveys/definition/model.py": "errors of whoever writes a definition; the word for yuan",
    "surveys/definition/said.py": "joins words",
    "surveys/instruments/energy/benchmarks.py": "texts of the definition, which has their English",
    "surveys/intake/command.py": "the command line, for whoever runs it: no Django, no language",
    "surveys/intake/report.py": "the command line",
    "surveys/filings/template.py": "written into the office's own workbook, which is Chinese",
    "surveys/intake/annotated/": "written into the office's own workbook, which is Chinese",
    "platform/local/": "the demo city and the commands",
    "platform/config/settings/": "the names of languages and of the city",
    "platform/ui/guide": "the style guide of development",
    "platform/ui/brand.py": "names of the house, set by a deployment",
    "platform/ui/formats.py": "how Chinese counts and dates; English stands beside it",
    "platform/ui/charts.py": "an error for whoever writes a page",
    "platform/accounts/operations.py": "stored names: groups of editors, who replaced a deleted name",
    "platform/accounts/admin.py": "a workbook's cells",
    "surveys/catalog/names.py": "units as definitions write them",
    "surveys/submissions/payload.py": "errors of whoever builds a seal",
    "tenants/resources.py": "headers of workbooks, the same in every language",
    "tenants/facilities/resources.py": "headers of workbooks",
    "tenants/facilities/imports.py": "headers of workbooks",
    "tenants/tables.py": "cells of workbooks",
    "tenants/widgets.py": "cells of workbooks",
    "cms/pages/operations.py": "the first pages of a site: content",
}
# how Chinese workbooks are written: words to find and patterns; sentences among them are found all the same
VOCABULARY = {
    "surveys/intake/anchors.py": "captions of units",
    "surveys/intake/apart.py": "titles of tables",
    "surveys/intake/examples.py": "places that stand for any place",
    "surveys/intake/grid.py": "numbers with 元",
    "surveys/intake/headers.py": "column numbers of official forms",
    "surveys/intake/html.py": "the name of a table that has none, as its place",
    "surveys/intake/identity.py": "short names of universities",
    "surveys/intake/institutions.py": "what names of universities end in",
    "surveys/intake/margins.py": "titles and captions",
    "surveys/intake/meters.py": "how a figure was made, kept and sealed with it",
    "surveys/intake/openings.py": "captions of houses",
    "surveys/intake/pairs.py": "the name a column of values would have",
    "surveys/intake/numerals.py": "the signs of numbers that are written out",
    "surveys/intake/periods.py": "months, quarters and years",
    "surveys/intake/places.py": "wings of houses",
    "surveys/intake/rowkinds.py": "notes under a table",
    "surveys/intake/rowsums.py": "signs of money",
    "surveys/intake/scores/codes.py": "how forms number their items",
    "surveys/intake/scores/matching.py": "the unit behind points",
    "surveys/intake/scores/names.py": "joints of names, points in brackets",
    "surveys/intake/scores/places.py": "editions and days",
    "surveys/intake/scores/points.py": "scores and deductions as text",
    "surveys/intake/scores/roles.py": "whose a score is",
    "surveys/intake/scores/sums.py": "grand totals",
    "surveys/intake/scores/words.py": "numbering",
    "surveys/intake/totals.py": "halves, quarters and subtotals",
    "surveys/intake/units.py": "captions of units",
    "surveys/intake/votes.py": "months",
    "surveys/intake/wholes.py": "numbers of devices",
    "surveys/intake/words.py": "labels",
}


def key_of(entry: Entry) -> tuple[str, str]:
    return entry.context or "", entry.id[0] if isinstance(entry.id, tuple) else entry.id


def english(entry: Entry) -> tuple[str, ...]:
    return entry.string if isinstance(entry.string, tuple) else (entry.string,)


@pytest.fixture(scope="module")
def catalogues() -> dict[str, Catalog]:
    found = {}
    for path in messages.catalogues():
        with path.open("rb") as file:
            found[path.relative_to(ROOT).as_posix()] = read_po(file, locale="en", abort_invalid=True)
    return found


@pytest.fixture(scope="module")
def entries(catalogues) -> list[tuple[str, Entry]]:
    return [(name, entry) for name, catalogue in catalogues.items() for entry in catalogue if entry.id]


@pytest.fixture(scope="module")
def used() -> list[Message]:
    return list(messages.used())


def test_every_message_has_its_english(used, entries):
    known = {key_of(entry): isinstance(entry.id, tuple) for _name, entry in entries}
    missing = sorted(
        {m.place.partition(":")[0] + ": " + m.text for m in used if (m.context, m.text) not in known}
    )
    assert missing == []
    assert [m for m in used if m.plural and not known[m.context, m.text]] == []


def test_no_english_is_empty_fuzzy_or_chinese(entries):
    assert [(name, entry.id) for name, entry in entries if not all(english(entry)) or entry.fuzzy] == []
    # what a workbook must say stands in quotation marks
    plain = [(name, re.sub("“[^”]*”", "", " ".join(english(entry)))) for name, entry in entries]
    assert [found for found in plain if CHINESE.search(found[1])] == []


def test_placeholders_are_the_same_in_english(entries):
    wrong = []
    for name, entry in entries:
        wanted = sorted(PLACEHOLDER.findall(key_of(entry)[1]))
        *one, last = (sorted(PLACEHOLDER.findall(text)) for text in english(entry))
        # “the one warning is explained” needs no number
        if last != wanted or any(not set(found) <= set(wanted) for found in one):
            wrong.append((name, entry.id, entry.string))
    assert wrong == []


def test_one_message_has_one_english(entries):
    """Catalogues are merged: of two the first app's would win everywhere."""
    said = defaultdict(set)
    for _name, entry in entries:
        said[key_of(entry)].add(english(entry))
    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}


def test_no_english_is_left_of_a_message_that_is_gone(used, entries):
    there = {(m.context, m.text) for m in used}
    assert sorted((name, key_of(entry)[1]) for name, entry in entries if key_of(entry) not in there) == []


def test_what_is_served_is_what_was_written(catalogues):
    for name, catalogue in catalogues.items():
        with (ROOT / name).with_suffix(".mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)._catalog
        compiled.pop("", None)
        assert compiled == dict(_compiled(catalogue)), f"{name} is newer than its .mo. {COMPILE}"


def _compiled(catalogue: Catalog):
    for entry in catalogue:
        if not entry.id:
            continue
        context, text = key_of(entry)
        name = f"{context}\x04{text}" if context else text
        if isinstance(entry.id, tuple):
            yield from (((name, number), form) for number, form in enumerate(entry.string))
        else:
            yield name, entry.string


def test_templates_say_nothing_outside_of_translations():
    found = [
        (path.relative_to(ROOT).as_posix(), text)
        for ending in (".html", ".txt")
        for path in messages.sources(ending)
        if "templates" in path.parts
        for text in messages.unsaid(path.read_text(encoding="utf-8"))
    ]
    assert [one for one in found if one[0] not in IN_BOTH] == []


def test_python_says_nothing_outside_of_gettext():
    found = []
    for path in messages.sources(".py"):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith((*UNTRANSLATED, *VOCABULARY)):
            found += [
                f"{name}: {text}" for text in messages.unsaid_in_python(path.read_text(encoding="utf-8"))
            ]
    assert found == []


def test_words_and_patterns_hide_no_sentence():
    found = [
        (name, text)
        for name in VOCABULARY
        for text in messages.sentences_in_vocabulary((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert [one for one in found if one != ("surveys/intake/html.py", 'f"表{number}"')] == []


def test_what_may_be_untranslated_exists():
    names = (*UNTRANSLATED, *VOCABULARY)
    assert [name for name in names if not list(ROOT.glob(name.rstrip("/") + "*"))] == []
    needed = {n: messages.unsaid_in_python((ROOT / n).read_text(encoding="utf-8")) for n in VOCABULARY}
    assert [name for name, literals in needed.items() if not literals] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('from django.utils.translation import gettext as _\n_("甲" "乙")', ("甲乙", "", "")),
        ('from django.utils.translation import ngettext_lazy as n\nn("甲", "乙", 2)', ("甲", "乙", "")),
        ('from django.utils.translation import pgettext\npgettext("月", "甲")', ("甲", "", "月")),
        ('from django.utils import translation\ntranslation.gettext("甲")', ("甲", "", "")),
        ('from surveys.definition.said import say\nsay("甲{n}", n=1)', ("甲{n}", "", "said")),
        ('from surveys.definition.said import frame as f\nf("甲")', ("甲", "", "said")),
    ],
)
def test_messages_of_python_are_found(source, found):
    assert list(in_python(source, "x.py")) == [Message(*found, "x.py:2")]


def test_a_message_put_together_at_run_time_is_refused():
    with pytest.raises(NotAConstant):
        list(in_python("from django.utils.translation import gettext as _\n_(name)", "x.py"))
    assert list(in_python("_ = str\n_(name)", "x.py")) == []
    with pytest.raises(NotAConstant):
        list(in_python("from surveys.definition.said import say\nsay(f'甲{n}')", "x.py"))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "甲" %}', ("甲", "", "")),
        ("{% translate '甲 (“乙”)' context 'x' as y %}", ("甲 (“乙”)", "", "x")),
        ('{% panel _("甲，\\"乙\\"") flush=True %}', ('甲，"乙"', "", "")),
        ("{% blocktranslate count n=x with a=b %}{{ n }} {{ a }}{% plural %}{{ n }}{% endblocktranslate %}",
         ("%(n)s %(a)s", "%(n)s", "")),
        ("{% blocktranslate %}10%{% endblocktranslate %}", ("10%%", "", "")),
    ],
)  # fmt: skip
def test_messages_of_templates_are_found(source, found):
    assert list(in_template("{% load i18n %}" + source, "x.html")) == [Message(*found, "x.html")]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>甲</p>", ["<p>甲</p>"]),
        ('{% tag "甲" %}', ['tag "甲"']),
        ('{{ x|date:"n月" }}', ['x|date:"n月"']),
        ('{% translate "甲" %}{% blocktranslate %}乙{% endblocktranslate %}{{ x|default:_("丙") }}', []),
        ('{% if x == "甲" %}{# 乙 #}{% endif %}', []),
    ],
)
def test_text_of_templates_outside_of_translations_is_found(source, found):
    assert messages.unsaid(source) == found


def test_text_of_python_outside_of_gettext_is_found():
    source = '"""文"""\nfrom django.utils.translation import gettext as _\n"文"\nx = _("甲"), f"乙{1}"'
    assert messages.unsaid_in_python(source) == ["乙"]


def test_sentences_among_words_and_patterns_are_found():
    assert messages.sentences_in_vocabulary('A = "小计"\nB = rf"第{x}季度"') == []
    assert messages.sentences_in_vocabulary('A = "没有写入。"\nB = f"第{x}行"') == [
        'f"第{x}行"',
        "没有写入。",
    ]


def test_message_counted_somewhere_is_counted_everywhere():
    """A catalogue holds a message with its plural or without: Python before 3.11.5 finds it only as it is held."""
    singular = {(m.context, m.text): m.place for m in messages.used() if not m.plural}
    counted = {(m.context, m.text): m.place for m in messages.used() if m.plural}
    assert [
        (text, place, counted[_, text]) for (_, text), place in singular.items() if (_, text) in counted
    ] == []
