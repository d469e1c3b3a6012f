"""The draft of an amendment beside the accepted version: values with who changed them and when."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from surveys.definition import Definition
from surveys.filings.amendment import Amendment
from surveys.filings.models import Filing, ObservationChange, Upload
from surveys.submissions.boundary import answers_in
from surveys.submissions.pages.boundary import boundary_differences
from surveys.submissions.pages.versions import size_differences, versions_table
from ui.formats import moment
from ui.tables import Table

KEY = ("facility", "item", "measure", "period")


def amendment_table(
    found: Amendment, filing: Filing, definition: Definition, places: Mapping[str, str], now: str = ""
) -> Table:
    """A row per value that differs from the accepted version, then the denominators. `now`: what the draft is called,
    where it has been sealed."""
    return versions_table(
        definition,
        (_("v%(n)s，已接受") % {"n": found.accepted.version}, now or _("现在的草稿")),
        found.values,
        size_differences(definition, found.accepted.denominators, found.sizes, found.accepted.round.period),
        places=places,
        who=_who(found, filing),
        words=boundary_differences(
            definition, answers_in(found.accepted.declared), answers_in(found.declared)
        ),
    )


def _who(found: Amendment, filing: Filing) -> dict[tuple, str]:
    """key → the last hand that changed the value, or the upload that brought it."""
    if found.begun is None or not found.values:
        return {}
    uploads = Upload.objects.filter(filing=filing, loaded_at__gte=found.begun.at).order_by("loaded_at")
    brought = {u.pk: f"{u.actor_name} {moment(u.loaded_at)}" for u in uploads}
    said = {}
    if brought:
        rows = filing_rows(filing, list(brought))
        said = {row[:4]: brought[row[4]] for row in rows}
    changes = ObservationChange.objects.filter(filing_id=filing.pk, revision__gt=found.begun.revision)
    for row in changes.order_by("revision", "pk").values_list(*KEY, "actor_name", "at"):
        said[row[:4]] = f"{row[4]} {moment(row[5])}"
    return said


def filing_rows(filing: Filing, uploads: list) -> list[tuple]:
    """(KEY, upload) of the draft's values that came with one of the uploads."""
    from surveys.filings.models import Observation

    rows = Observation.objects.filter(filing_id=filing.pk, upload_id__in=uploads)
    return list(rows.values_list(*KEY, "upload_id"))
