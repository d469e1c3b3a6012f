"""What an upload changes in the draft: before it is written, and afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from files import storage
from surveys.filings import answers as asked
from surveys.filings import frames
from surveys.filings.models import Filing, Observation, ObservationChange, Upload, UploadState
from surveys.intake.numbers import is_too_large

KEY = ("facility", "item", "measure", "period")
# a figure as the database keeps it
STEP = Decimal("0.00000001")


@dataclass(frozen=True)
class Change:
    """One figure of the draft that an upload replaces. Values in base units, None for "not reported"; `by_hand`: what
    stood there was typed, not uploaded."""

    facility: str
    item: str
    measure: str
    period: str
    before: Decimal | None
    after: Decimal | None
    sheet: str
    cell: str
    by_hand: bool


@dataclass(frozen=True)
class Differences:
    """Figures that are new, changed (those typed by hand first), as they were, and in the draft alone (they stay)."""

    inserted: int
    changes: tuple[Change, ...]
    same: int
    kept: int = 0


def pending(upload: Upload, university_code: str) -> Differences | None:
    """What writing an upload would do to the draft as it is now, the answers given so far included; None when it does
    not wait to be written or the draft is empty."""
    if upload.state != UploadState.READ or not upload.frame_sha256:
        return None
    there = _draft(upload.filing)
    if not there:
        return None
    frame = frames.unpack(storage.read(university_code, upload.frame_sha256))
    frame = asked.answered(frame, upload.report, upload.answers)
    inserted, same, changes = 0, 0, []
    columns = [frame[name].tolist() for name in (*KEY, "exact", "text", "flag", "sheet", "cell")]
    for *key, exact, text, flag, sheet, cell in zip(*columns, strict=True):
        now = there.pop(tuple(key), None)
        after = _kept(exact)
        if now is None:
            inserted += 1
        elif (now[0], now[1], now[2]) == (after, text, flag):
            same += 1
        else:
            changes.append(Change(*key, now[0], after, sheet, cell, by_hand=now[3] is None))
    return Differences(inserted, _sorted(changes), same, len(there))


def _kept(exact: str) -> Decimal | None:
    """As the draft would keep it; what is too large for it is left as it is and refused when it is written."""
    value = Decimal(exact) if exact else None
    return value.quantize(STEP) if value is not None and not is_too_large(exact) else value


def written(upload: Upload) -> Differences | None:
    """What an upload did when it was written; None when it is not in the draft."""
    if upload.state != UploadState.LOADED:
        return None
    rows = ObservationChange.objects.filter(
        filing_id=upload.filing_id, upload_id=upload.pk, before__isnull=False
    )
    changes = [
        Change(
            row.facility, row.item, row.measure, row.period, _value(row.before), _value(row.after),
            (row.after or {}).get("sheet") or "", (row.after or {}).get("cell") or "",
            by_hand=not (row.before or {}).get("upload"),
        )
        for row in rows
    ]  # fmt: skip
    event = upload.filing.events.filter(kind="loaded", facts__upload=str(upload.pk)).last()
    facts = event.facts if event else {}
    return Differences(facts.get("inserted", 0), _sorted(changes), facts.get("same", 0))


def _draft(filing: Filing) -> dict[tuple[str, ...], tuple]:
    """(KEY) → (value, text, flag, upload id) of the draft."""
    rows = Observation.objects.filter(filing_id=filing.pk).values_list(
        *KEY, "value", "text", "flag", "upload_id"
    )
    return {row[:4]: row[4:] for row in rows}


def _value(kept: Mapping | None) -> Decimal | None:
    text = (kept or {}).get("value")
    return Decimal(text) if text is not None else None


def _sorted(changes: list[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda c: (not c.by_hand, c.facility, c.item, c.measure, c.period)))
