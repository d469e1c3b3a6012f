"""What intake says of a workbook, said in English, and what Chinese is left in it."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import python_calamine
from django.utils import translation

from files import precheck
from surveys.catalog.sentences import sentence
from surveys.intake import IntakeResult
from surveys.intake.result import ambiguity_data, ignored_data, issue_data

CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff5e]+")
QUOTED = re.compile(r"“[^”]*”")


def said_in_english(result: IntakeResult) -> Iterator[str]:
    """Every sentence of the result as a page says it to an English reader: from plain data, as a database keeps it."""
    records = [(issue_data(issue), ("message", "suggestion")) for issue in result.issues]
    records += [(ignored_data(cells), ("cells", "why")) for cells in result.ignored]
    for asked in result.ambiguous:
        data = ambiguity_data(asked)
        records += [(data, ("note",)), *((reading, ("label",)) for reading in data["readings"])]
    with translation.override("en"):
        for record, fields in json.loads(json.dumps(records)):
            yield from (sentence(record, field, result.definition) for field in fields)


def words_in(path: Path) -> set[str]:
    """Every Chinese text of a workbook: its cells, also cut up as a header is read, and the names of its sheets."""
    if path.suffix == ".csv":
        cells = re.split(r"[,\n\t]", precheck.decode(path.read_bytes())[0])
    else:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        cells = [
            str(v)
            for name in book.sheet_names
            for row in book.get_sheet_by_name(name).to_python()
            for v in row
        ]
        cells += book.sheet_names
    return {path.name, path.stem, *(run for cell in cells for run in CHINESE.findall(cell))}


def chinese_left(text: str, words: Iterable[str]) -> list[str]:
    """The Chinese in a text that neither stands in quotation marks nor is one of these words or a part of one."""
    text = QUOTED.sub("", text)
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return [run for run in CHINESE.findall(text) if not any(run in word for word in words)]


def left_in_english(result: IntakeResult, words: Iterable[str]) -> list[str]:
    """The sentences of a result that still have Chinese in English other than these words and the names intake was
    given; [] is as it should be."""
    known = {*words, result.university, *result.facility_names.values(), result.file} - {""}
    return [text for text in said_in_english(result) if chinese_left(text, known)]
