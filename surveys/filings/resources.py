"""The intake pipeline as a resource of django-import-export: any workbook an office keeps goes through its import
page, its preview, its hooks and its signals, and is written by COPY.

A dataset is the workbook as it came (`Workbook`): the library's own readers know neither merged headers nor units.
The rows of a result are what was read, those with a finding first; what asks a question is an error of the result, so
that the library offers no confirmation. Values of the draft are never shown: a file is judged by itself.
"""

from __future__ import annotations

from typing import Any

import tablib
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import fields, resources
from import_export.formats.base_formats import Format
from import_export.results import Error, Result, RowResult

from surveys.catalog.models import Obligation
from surveys.catalog.names import base_unit, column_name, period_name, worded
from surveys.catalog.queries import database_now, definition_of
from surveys.catalog.sentences import sentence, spoken
from surveys.definition import Definition
from surveys.filings import answers as asked
from surveys.filings.errors import Conflict, FilingError
from surveys.filings.operations.delivering import deliver, read_workbook
from surveys.filings.tasks import report_of
from surveys.intake.result import IntakeResult
from tenants.actors import Actor
from tenants.context import in_university
from tenants.facilities.models import Facility
from ui.formats import number

# rows and questions that a preview shows; the totals count all
SHOWN, ASKED = 200, 50
KEY = ("facility", "item", "measure", "period")


class Workbook(tablib.Dataset):
    """A workbook as its bytes; one row for the library, which asks whether there is anything."""

    def __init__(self, content: bytes):
        super().__init__(["workbook"], headers=["file"])
        self.content = content


class WorkbookFormat(Format):
    """Whatever intake reads: xlsx, xls, CSV of any encoding, a table of HTML."""

    def __init__(self, encoding: str | None = None):
        """The encoding is found in the file, whatever the library supposes."""

    def get_title(self) -> str:
        return _("学校自己的表格（xlsx、xls、csv）")

    def create_dataset(self, in_stream: bytes) -> Workbook:
        return Workbook(in_stream)

    def is_binary(self) -> bool:
        return True

    def can_import(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"


class FilingResource(resources.Resource):
    """A workbook into the draft of one obligation. `obligation` and `actor` come from whoever builds it."""

    facility = fields.Field(column_name=gettext_lazy("楼宇"))
    item = fields.Field(column_name=gettext_lazy("项目"))
    period = fields.Field(column_name=gettext_lazy("期间"))
    value = fields.Field(column_name=gettext_lazy("数"))
    unit = fields.Field(column_name=gettext_lazy("单位"))
    place = fields.Field(column_name=gettext_lazy("位置"))
    finding = fields.Field(column_name=gettext_lazy("提醒"))

    @classmethod
    def get_display_name(cls) -> str:
        """What the library's form calls it."""
        return _("学校的表格")

    def __init__(self, *, obligation: Obligation | None = None, actor: Actor | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.obligation, self.actor = obligation, actor

    def import_data(
        self, dataset: Workbook, dry_run: bool = False, raise_errors: bool = False, file_name: str = "", **kwargs: Any
    ) -> Result:  # fmt: skip
        """Reads the workbook, and unless `dry_run` writes it. Raises FilingError or Conflict with `raise_errors`, else
        they are errors of the result. Enters the university itself; keeps none of its rows."""
        self.before_import(dataset, dry_run=dry_run, file_name=file_name, **kwargs)
        with in_university(self.obligation.university_code):
            result = self._import(dataset.content, file_name, dry_run, raise_errors)
        self.after_import(dataset, result, dry_run=dry_run, file_name=file_name, **kwargs)
        return result

    def _import(self, content: bytes, name: str, dry_run: bool, raise_errors: bool) -> Result:
        read = read_workbook(obligation=self.obligation, name=name, content=content)
        report = report_of(read, set(Facility.objects.values_list("code", flat=True)))
        definition = worded(definition_of(self.obligation.round.version))
        result = _result(read, report, definition, list(map(str, self.get_diff_headers())))
        if dry_run or result.has_errors():
            return result
        try:
            counts = deliver(
                obligation=self.obligation, name=name, content=content, result=read, report=report,
                actor=self.actor, now=database_now(),
            )  # fmt: skip
        except (FilingError, Conflict) as error:
            if raise_errors:
                raise
            result.append_base_error(Error(error))
            return result
        result.totals.update(new=counts.inserted, update=counts.changed, skip=counts.same)
        return result


def _result(read: IntakeResult, report: dict, definition: Definition, headers: list[str]) -> Result:
    """What was read as the library shows it."""
    result = Result()
    result.diff_headers = headers
    for text in _objections(read, report, definition):
        result.append_base_error(Error(FilingError(text)))
    result.total_rows = result.totals[RowResult.IMPORT_TYPE_NEW] = len(read.frame)
    found = {tuple(issue.get(name) or "" for name in KEY): issue for issue in report["issues"]}
    for row in _first(read.frame, found):
        finding = found.get(tuple(row[name] for name in KEY))
        result.append_row_result(
            _row(row, sentence(finding, "message", definition) if finding else "", definition)
        )
    return result


def _first(frame, found: dict) -> list[dict]:
    """The rows to show, those with a finding first; of thirty thousand only these become dicts."""
    if not len(frame):
        return []
    told = [key in found for key in zip(*(frame[name] for name in KEY), strict=True)]
    order = sorted(range(len(frame)), key=lambda place: not told[place])[:SHOWN]
    return frame.iloc[order].to_dict("records")


def _row(row: dict, finding: str, definition: Definition) -> RowResult:
    shown = RowResult()
    shown.import_type = RowResult.IMPORT_TYPE_NEW
    shown.diff = [
        row["facility"],
        column_name(definition, row["item"], row["measure"]),
        period_name(row["period"]),
        number(row["exact"] or None),
        base_unit(definition, row["item"], row["measure"]),
        f"{row['sheet']}!{row['cell']}" if row["cell"] else "",
        finding,
    ]
    return shown


def _objections(read: IntakeResult, report: dict, definition: Definition) -> list[str]:
    """Why the workbook cannot be written without its clerk: refused, or something in it asks."""
    if read.verdict == "reject_file":
        return [sentence(issue, "message", definition) for issue in report["issues"]]
    questions = asked.open_questions(report, {})
    found = [f"{q.place}　{spoken(q.message, q.form, definition)}" for q in questions[:ASKED]]
    found += [_("楼宇“%(name)s”没有登记。") % {"name": name} for name in report["facilities_unknown"]]
    if report["to_confirm"]:
        found.append(_("有没把握的表头。"))
    if found:
        found.append(_("这些要由学校的填报人在自己的页面上传后逐处确认，运维不能代答。"))
    return found
