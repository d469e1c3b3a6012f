"""One university files one year of the demo, through the operations everyone else uses."""

import csv
import datetime
import io

import pandas as pd

from files import storage
from jobs.tasks import run_job
from local.city.energy import Row
from surveys.catalog.models import Round
from surveys.filings import completeness, frames, operations, queries
from surveys.filings.models import Filing, Upload, UploadState
from surveys.filings.readiness import readiness
from surveys.submissions.models import Submission
from tenants.actors import Actor
from tenants.context import in_public

NAMES = {
    "electricity": "电", "water": "水", "natural_gas": "天然气", "heat": "热力", "gasoline": "汽油", "diesel": "柴油",
    "lpg": "液化石油气", "cooling": "集中供冷量", "pv_generation": "光伏发电",
}  # fmt: skip
REASON = "与上年相比有变动：新增用能设备，已核对抄表记录"
# for months and for a whole year without a figure
SEASON, UNUSED = "这几个月不供，没有用量", "本校不使用"


def draft(
    *, round: Round, rows: list[Row], sizes: dict, others: dict, actor: Actor, now: datetime.datetime
) -> Filing:
    """Uploads the year as a CSV, writes it into the draft, states the denominators and who else uses energy."""
    filing = operations.ensure_filing(round_code=round.code, university_code=actor.university_code)
    upload = operations.receive_upload(
        filing=filing, name=f"{round.period}年能源台账.csv", chunks=[_csv(rows)], actor=actor, now=now
    )
    Upload.objects.filter(pk=upload.pk).update(created_at=now)
    packed = storage.store(actor.university_code, [frames.pack(_frame(rows))])
    operations.record_reading(
        upload_id=str(upload.pk), verdict="clean",
        report={"values": len(rows), "rows": len(rows), "sheets": {"csv": len(rows)}},
        frame_sha256=packed.sha256, state=UploadState.READ, now=now,
    )  # fmt: skip
    with in_public():
        # the job finds the upload read and closes itself
        run_job(str(upload.job_id))
    filing.refresh_from_db()
    upload.refresh_from_db()
    operations.load_upload(upload=upload, revision=filing.revision, actor=actor, now=now)
    operations.set_denominators(filing=filing, values=_denominators(round, sizes), actor=actor, now=now)
    operations.set_boundary(filing=filing, answers=others, actor=actor, now=now)
    filing.refresh_from_db()
    return filing


def submit(*, round: Round, filing: Filing, actor: Actor, now: datetime.datetime) -> None:
    """Explains what the checks ask and hands the draft to the approver."""
    found = readiness(filing, round, actor.university_code, now)
    for finding in found.findings:
        if finding.open:
            operations.explain(
                filing=filing, rule=finding.rule, cells=finding.open, text=REASON, actor=actor, now=now
            )
    for gap in found.gaps:
        cells = [
            {"facility": gap.facility, "item": gap.item, "measure": gap.measure, "period": period}
            for period in (gap.periods or ("",))
        ]
        text = SEASON if gap.periods else UNUSED
        operations.explain(
            filing=filing, rule=completeness.BLANK, cells=cells, text=text, actor=actor, now=now
        )
    filing.refresh_from_db()
    operations.submit(filing=filing, revision=filing.revision, actor=actor, now=now)


def sign(*, filing: Filing, actor: Actor, now: datetime.datetime) -> Submission:
    """The approver signs what was submitted."""
    filing.refresh_from_db()
    return operations.sign(filing=filing, revision=filing.revision, actor=actor, now=now)


def _csv(rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["楼宇", "月份", "能源品种", "项目", "数值"])
    for row in rows:
        kind = "费用（元）" if row.measure == "cost" else "用量"
        writer.writerow([row.facility, row.period, NAMES.get(row.item, row.item), kind, row.value])
    return out.getvalue().encode("utf-8-sig")


def _frame(rows: list[Row]) -> pd.DataFrame:
    frame = pd.DataFrame([(r.facility, r.item, r.measure, r.period, float(r.value)) for r in rows])
    frame.columns = ["facility", "item", "measure", "period", "value"]
    frame["exact"] = [str(r.value) for r in rows]
    for name in ("flag", "text"):
        frame[name] = ""
    frame["sheet"] = "csv"
    frame["cell"] = [f"E{place}" for place in range(2, len(rows) + 2)]
    frame["raw"] = frame["exact"]
    return frame


def _denominators(round: Round, sizes: dict) -> dict[str, tuple]:
    """Every denominator of the definition from the university's sizes, in its first calibre; `opened`: what came into
    use during the year, by key."""
    people = sizes["students"] + sizes["staff"]
    known = {
        "headcount": people,
        "standard_headcount": sizes["students"] + sizes["staff"] * 0.5,
        "floor_area": sizes["floor_area"],
        "heated_area": sizes["heated_area"],
    }
    definition = queries.definition_of(round)
    found = {d.key: (str(known[d.key]), d.calibres[0].key) for d in definition.denominators if d.key in known}
    opened = sizes.get("opened", {})
    return {key: (*pair, [opened[key]]) if key in opened else pair for key, pair in found.items()}
