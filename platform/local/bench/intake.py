"""A workbook read, checked, committed and given back with its marks, each against doing no more than must be done."""

import resource
import subprocess
import sys
from io import BytesIO

from local.bench import material
from local.bench.measures import Result, measure, paired

# the same kind of child: a fresh Python that reads the workbook with calamine, as a user of pandas would
MERELY = """
import sys
import pandas
sheets = pandas.read_excel(sys.argv[1], engine="calamine", sheet_name=None, header=None)
print(sum(map(len, sheets.values())))
"""
ROUNDS = 5
# 5,000 rows for the marks, 200,000 for the memory, at 48 rows a building
MARKED_BUILDINGS, HEAVY_BUILDINGS = 104, 4_167
# one cell in ten of two columns is marked
EVERY = 10


@measure("intake 1")
def file_to_checked() -> list[Result]:
    """File → checked frame in the guarded child, against calamine alone in a fresh child."""
    from surveys.intake import run_in_child

    path, context = material.workbook(), material.context()
    result = run_in_child(path, context)
    loaded = int(result.frame["value"].notna().sum())

    def merely() -> None:
        subprocess.run([sys.executable, "-c", MERELY, str(path)], check=True, capture_output=True)

    checked, read = paired(lambda: run_in_child(path, context), merely, ROUNDS)
    detail = f"{loaded} values, verdict {result.verdict}: {checked:.2f} s against {read:.2f} s"
    return [Result("intake 1: file → checked / merely reading", checked / read, 1.3, False, detail)]


@measure("intake 2")
def file_to_committed() -> list[Result]:
    """The same, and the rows written into the draft and committed."""
    from local.bench.loading import emptied, load
    from surveys.intake import run_in_child

    path, context = material.workbook(), material.context()

    def merely() -> None:
        subprocess.run([sys.executable, "-c", MERELY, str(path)], check=True, capture_output=True)

    def whole() -> None:
        load(filing, run_in_child(path, context).frame)

    with emptied() as filing:
        committed, read = paired(whole, merely, ROUNDS)
    detail = f"{committed:.2f} s against {read:.2f} s"
    return [Result("intake 2: file → committed / merely reading", committed / read, 2.0, False, detail)]


@measure("intake 4")
def annotated() -> list[Result]:
    """A workbook of 5,000 rows back with 1,000 marks, against openpyxl loading and saving it unmarked."""
    import openpyxl

    from surveys.intake.annotated import Mark, annotate
    from surveys.intake.sniff import sniff

    data = material.listing(MARKED_BUILDINGS).read_bytes()
    last = MARKED_BUILDINGS * 48 + 3
    marks = [
        Mark("warning", "流水", f"{column}{row}", "比往年同月多 40%。", "写明原因。", "1", "V02")
        for row in range(3, last, EVERY)
        for column in "EF"
    ]
    made = annotate(sniff(data), marks, "00000000-0000-0000-0000-000000000000")

    def reopened() -> None:
        openpyxl.load_workbook(BytesIO(data)).save(BytesIO())

    ours, theirs = paired(lambda: annotate(sniff(data), marks, "0"), reopened, ROUNDS)
    detail = f"{len(marks):,} marks, {len(made):,} bytes: {ours:.2f} s against {theirs:.2f} s"
    return [Result("intake 4: annotated / openpyxl load + save", ours / theirs, 1.5, False, detail)]


@measure("intake 5")
def memory() -> list[Result]:
    """Peak resident memory of the child that reads 200,000 rows; it is ended beyond the goal."""
    from surveys.intake import run_in_child

    result = run_in_child(material.listing(HEAVY_BUILDINGS), material.context(HEAVY_BUILDINGS))
    # of the children so far the largest is this one
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    loaded = int(result.frame["value"].notna().sum())
    detail = f"{loaded:,} values from {HEAVY_BUILDINGS * 48:,} rows, verdict {result.verdict}"
    met = peak if result.verdict != "reject_file" else float("inf")
    return [Result("intake 5: peak memory of the child, MB", met, 640, False, detail)]
