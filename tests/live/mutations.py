"""Workbooks that went wrong in every way we could think of, each from a number, so that a failure can be made again."""

import html
import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import xlwt

SAMPLES = Path(__file__).parents[1] / "samples"
WORKBOOKS = sorted(SAMPLES.glob("e0*.xlsx"))
NASTY = (
    "1e308", "-1e308", "nan", "inf", "", "9" * 400, "0x10", "１２３．５", "1,2,3", "12万kWh", "-0", "=cmd|'/C calc'!A0",
    "\ufffd", "_x0000_", "长" * 40_000, "13月", "2024年13月", "0月", "合计", "🏫",
    "\u202e倒", "1/0", "#REF!", "TRUE", "1e-400",
)  # fmt: skip
REFERENCES = (
    "A0",
    "ZZZZ1",
    "A1048577",
    "",
    "a1",
    "XFD9999",
    "A-1",
    "1A",
    "A99999999999999999999",
    "AAA",
    "$A$1",
)
MERGES = ("A1:XFD1048576", "B2:A1", "A1", "A1:A1:A1", "A0:B0", "ZZZZ1:ZZZZ2", "A1:B99999999999")
NAMES = (
    "../../etc/passwd.xlsx", "a\x00b.xlsx", "长" * 300 + ".xlsx", ".xlsx", "CON.xlsx",
    "<img src=x onerror=alert(1)>.xlsx", "表\u202excslx.exe", "无扩展名", "a;b=c\".xlsx", "2024.pdf",
    "  .xls", "表.xlsx.html", "%2e%2e%2f.xlsx", "\n.xlsx",
)  # fmt: skip

Mutation = Callable[[random.Random, bytes], bytes]


def mutated(number: int) -> tuple[str, bytes]:
    """The name and the bytes of the workbook with this number."""
    chance = random.Random(number)
    kinds = [*PACKAGE, *PARTS, *OTHERS]
    kind = kinds[number % len(kinds)]
    # mostly the university's own, which is read to its end; the others are refused once their name is read
    source = WORKBOOKS[0] if chance.random() < 0.8 else chance.choice(WORKBOOKS)
    data = kind(chance, source.read_bytes())
    name = chance.choice(NAMES) if chance.random() < 0.4 else source.name
    return name, data


def flipped(chance: random.Random, data: bytes, most: int = 40) -> bytes:
    """Some bytes differ."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, most)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


# the package


def cut_short(chance, data):
    return data[: chance.randrange(len(data))]


def doubled(chance, data):
    return data + data


def without_a_part(chance, data):
    parts = unpacked(data)
    del parts[chance.choice([*parts])]
    return packed(parts)


def parts_swapped(chance, data):
    parts = unpacked(data)
    one, other = chance.sample([*parts], 2)
    parts[one], parts[other] = parts[other], parts[one]
    return packed(parts)


def part_twice(chance, data):
    parts = unpacked(data)
    out = io.BytesIO(packed(parts))
    name = chance.choice([*parts])
    with zipfile.ZipFile(out, "a") as package, warnings.catch_warnings(action="ignore"):
        package.writestr(name.upper() if chance.random() < 0.5 else name, parts[name])
    return out.getvalue()


def part_flipped(chance, data):
    parts = unpacked(data)
    name = chance.choice([*parts])
    parts[name] = flipped(chance, parts[name])
    return packed(parts)


def part_cut_short(chance, data):
    parts = unpacked(data)
    name = chance.choice([*parts])
    parts[name] = parts[name][: chance.randrange(len(parts[name]) + 1)]
    return packed(parts)


# the parts


def in_sheets(change: Callable[[random.Random, str], str], part: str = "xl/worksheets/") -> Mutation:
    """A mutation of the text of the sheets, or of another part."""

    def mutate(chance: random.Random, data: bytes) -> bytes:
        parts = unpacked(data)
        for name in [name for name in parts if name.startswith(part) and name.endswith(".xml")]:
            parts[name] = change(chance, parts[name].decode("utf-8", "replace")).encode("utf-8", "replace")
        return packed(parts)

    return mutate


def some(
    chance: random.Random, pattern: str, text: str, instead: Callable[[re.Match], str], share=0.1
) -> str:
    """The text with some of the matches replaced."""
    return re.sub(pattern, lambda match: instead(match) if chance.random() < share else match[0], text)


def nasty_values(chance, text):
    return some(chance, r"<v>[^<]*</v>", text, lambda m: f"<v>{html.escape(chance.choice(NASTY))}</v>")


def nasty_texts(chance, text):
    return some(
        chance, r"<t[^>]*>[^<]*</t>", text, lambda m: f"<t>{html.escape(chance.choice(NASTY))}</t>", 0.3
    )


def wrong_types(chance, text):
    types = ("s", "b", "e", "d", "n", "str", "inlineStr", "x", "")
    return some(chance, r' t="\w+"', text, lambda m: f' t="{chance.choice(types)}"', 0.3)


def strings_out_of_range(chance, text):
    return some(chance, r'( t="s"><v>)\d+', text, lambda m: m[1] + str(chance.choice((-1, 10**6, 10**12))))


def wrong_references(chance, text):
    return some(chance, r'<c r="[^"]*"', text, lambda m: f'<c r="{chance.choice(REFERENCES)}"', 0.05)


def no_references(chance, text):
    return re.sub(r'<(c|row) r="[^"]*"', r"<\1", text)


def wrong_merges(chance, text):
    ranges = "".join(
        f'<mergeCell ref="{chance.choice(MERGES)}"/>' for _ in range(chance.choice((1, 5, 20_000)))
    )
    text = re.sub(r"<mergeCells.*?</mergeCells>", "", text, flags=re.DOTALL)
    return text.replace("</sheetData>", f"</sheetData><mergeCells>{ranges}</mergeCells>", 1)


def wrong_dimension(chance, text):
    said = chance.choice(("A1:XFD1048576", "", "A1", "ZZZ", "A1:A0"))
    return re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{said}"', text)


def wrong_styles(chance, text):
    return some(chance, r' s="\d+"', text, lambda m: f' s="{chance.choice((99999, -1, "x"))}"', 0.3)


def unclosed(chance, text):
    return some(chance, r"</(c|row|v|t|si)>", text, lambda m: "", 0.02)


def deep(chance, text):
    return text.replace("<sheetData>", "<sheetData>" + "<row>" * 5000, 1)


def rows_shuffled(chance, text):
    rows = re.findall(r"<row.*?</row>", text, flags=re.DOTALL)
    chance.shuffle(rows)
    return re.sub(
        r"<sheetData>.*</sheetData>",
        lambda m: f"<sheetData>{''.join(rows)}</sheetData>",
        text,
        flags=re.DOTALL,
    )


def strange_sheets(chance, text):
    names = ("", "长" * 300, "../../x", "&lt;script&gt;", "a&#10;b", "汇总", "[1]表!A1")
    text = some(chance, r'<sheet name="[^"]*"', text, lambda m: f'<sheet name="{chance.choice(names)}"', 0.8)
    return some(chance, r"<sheet ", text, lambda m: '<sheet state="veryHidden" ', 0.3)


def years_from_1904(chance, text):
    return re.sub(r"<workbookPr[^>]*/>", '<workbookPr date1904="1"/>', text)


def formats(chance, text):
    return some(chance, r'formatCode="[^"]*"', text, lambda m: 'formatCode="[$-409]yyyy[[[;;;;&quot;"', 0.9)


# files that are no package


def list_of_values(chance, data):
    """A list as text, in the wrong bytes."""
    rows = [
        ["月份", "用电量（kWh）", "电费（元）"],
        *([f"{m}月", chance.choice(NASTY), "5"] for m in range(1, 13)),
    ]
    text = "\r\n".join(chance.choice((",", "\t", ";")).join(row) for row in rows)
    coded = text.encode(chance.choice(("utf-8", "gb18030", "utf-16", "utf-8-sig")), "replace")
    return flipped(chance, coded, 10)


def list_of_commas(chance, data):
    return ("月份,用电量（kWh）\n" + "," * 200_000 + "\n1月" + ",5" * 20_000 + "\n" * 200_000).encode()


def open_quotes(chance, data):
    return ('月份,用电量\n1月,"5\n' + '2月,"' * 5000 + "\x0b" * 50).encode()


def old_workbook(chance, data):
    """BIFF with wrong bytes."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for row in range(13):
        for column, value in enumerate(("月份", "用电量(kWh)") if row == 0 else (f"{row}月", 1000.5 + row)):
            sheet.write(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return flipped(chance, out.getvalue(), chance.choice((1, 5, 60)))


def page_as_workbook(chance, data):
    """A table of a web page, unclosed, with spans that cannot be."""
    span = chance.choice(("0", "-1", "x", "99999999", "3"))
    row = f"<tr><td colspan={span}>1月<td rowspan='{span}'>5"
    return ("<html><table>" * chance.choice((1, 2000)) + "<tr><th>月份<th>用电量(kWh)" + row * 300).encode()


PACKAGE = (
    flipped,
    cut_short,
    doubled,
    without_a_part,
    parts_swapped,
    part_twice,
    part_flipped,
    part_cut_short,
)
PARTS = (
    *map(in_sheets, (nasty_values, wrong_types, strings_out_of_range, wrong_references, no_references, wrong_merges,
                     wrong_dimension, wrong_styles, unclosed, deep, rows_shuffled)),
    in_sheets(nasty_texts, "xl/sharedStrings"), in_sheets(unclosed, "xl/sharedStrings"),
    in_sheets(strange_sheets, "xl/workbook"), in_sheets(years_from_1904, "xl/workbook"),
    in_sheets(formats, "xl/styles"),
)  # fmt: skip
OTHERS = (list_of_values, list_of_commas, open_quotes, old_workbook, page_as_workbook)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {entry.filename: package.read(entry) for entry in package.infolist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """A package of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()
