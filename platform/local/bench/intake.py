"""intake 1: a workbook read and checked, against merely reading it."""

import subprocess
import sys

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
