"""The handover pack as a page and as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from documents.spreadsheet import Sheet
from jobs.models import Job, JobState
from surveys.catalog import names
from surveys.catalog.queries import definition_of
from surveys.definition import Definition
from surveys.filings.handover import Handover, OpenFiling
from surveys.filings.models import Explanation, Mapping, Upload
from ui.formats import listed, moment, number
from ui.states import shape_and_word

# the page shows the newest; the workbook has all
SHOWN = 30


@dataclass(frozen=True)
class PackWords:
    """The archive of the originals: `progress` as progress.js takes it while it is made or was not, its size and what
    is said of it once it is there, and how many files came since."""

    progress: dict | None
    size: int
    text: str
    newer: int


def pack_words(job: Job | None, uploads: int) -> PackWords | None:
    """The archive asked for last, in words; None where nobody has asked. `uploads`: how many there are now."""
    if job is None:
        return None
    if job.state != JobState.DONE:
        return PackWords(pack_progress(job), 0, "", 0)
    done = job.result
    text = _("%(who)s %(at)s 打包，%(n)s 份文件") % {
        "who": job.actor_name,
        "at": moment(job.finished_at),
        "n": number(done["files"]),
    }
    if done["left"]:
        text += _("；%(n)s 份没有收入，原因在清单里") % {"n": number(done["left"])}
    return PackWords(None, done["size"], text, uploads - done["uploads"])


def pack_progress(job: Job | None) -> dict | None:
    """{state, value, total, step, note, title, text} of an archive."""
    if job is None:
        return None
    if job.state == JobState.FAILED:
        return {"state": job.state, "title": _("没有打包完"), "text": job.message, "link": _("回到交接包")}
    note = f"{number(job.done)} / {number(job.total)}" if job.total else ""
    step = _("已收到，正在排队") if job.state == JobState.QUEUED else _("正在打包")
    return {"state": job.state, "value": job.done, "total": job.total, "step": step, "note": note}


@dataclass(frozen=True)
class Words:
    """A row in words: what it is called, and what is said of it."""

    round: str
    name: str
    text: str
    by: str


def mapping_words(found: Handover, limit: int | None = None) -> list[Words]:
    """Headers and names that were confirmed, and what they mean."""
    known = _definitions(found)
    return [_mapping(row, known.get(row.instrument_code)) for row in found.mappings[:limit]]


def _mapping(row: Mapping, definition: Definition | None) -> Words:
    if row.key.startswith("facility:"):
        return Words(
            row.instrument_code, row.key.removeprefix("facility:"), row.item or _("不使用"), row.actor_name
        )
    said = row.item
    if definition and row.item:
        try:
            said = names.column_name(definition, row.item, row.measure)
        except KeyError:
            said = row.item
    unit = f" {names.unit_name(row.unit)}" if row.unit and said else ""
    return Words(row.instrument_code, row.key, (said + unit) or _("不使用"), row.actor_name)


def explanation_words(found: Handover, limit: int | None = None) -> list[Words]:
    """Reasons that were given, with their figure."""
    known = _definitions(found)
    return [_explanation(found, row, known) for row in found.explanations[:limit]]


def _explanation(found: Handover, row: Explanation, known: dict[str, Definition]) -> Words:
    round = found.rounds.get(row.filing.round_code)
    definition = known.get(round.version.instrument_id) if round else None
    name = f"{row.item} {row.period}"
    if definition and row.item:
        try:
            name = names.value_name(definition, row.item, row.measure, row.period, row.facility)
        except KeyError:
            pass
    return Words(
        round.title if round else row.filing.round_code, f"{row.rule} {name}", row.text, row.actor_name
    )


def _definitions(found: Handover) -> dict[str, Definition]:
    """Instrument → the definition of its newest round here."""
    known: dict[str, Definition] = {}
    for round in found.rounds.values():
        known.setdefault(round.version.instrument_id, names.worded(definition_of(round.version)))
    return known


def state_word(entry: OpenFiling) -> str:
    """Where a report stands, in words."""
    word = str(shape_and_word(entry.obligation.state)[1])
    return f"{word}（{_('更正中')}）" if entry.obligation.is_amending else word


def sheets(found: Handover) -> list[Sheet]:
    """The pack as a workbook: a sheet each."""
    return [
        Sheet(
            _("在办报表"),
            [_("报表"), _("期间"), _("状态"), _("数"), _("截止"), _("关闭"), _("待答复的疑问")],
            [_filing_row(entry) for entry in found.filings],
        ),
        Sheet(
            _("记住的表头"),
            [_("报表"), _("表头或名称"), _("对应"), _("谁确认的")],
            [[w.round, w.name, w.text, w.by] for w in mapping_words(found)],
        ),
        Sheet(
            _("写过的说明"),
            [_("报表"), _("哪个数"), _("说明"), _("谁写的")],
            [[w.round, w.name, w.text, w.by] for w in explanation_words(found)],
        ),
        Sheet(
            _("上传记录"),
            [_("报表"), _("文件名"), _("状态"), _("谁传的"), _("时间"), _("校验码"), _("原件页面")],
            [_upload_row(found, upload) for upload in found.uploads],
        ),
        Sheet(
            _("联系人"),
            [_("姓名"), _("邮箱"), _("角色")],
            [[person.name, person.email, listed(person.roles)] for person in found.people],
        ),
    ]


def _filing_row(entry: OpenFiling) -> list[object]:
    row = entry.obligation
    return [
        row.round.title,
        row.round.period,
        state_word(entry),
        entry.values,
        localtime(row.due_at),
        localtime(row.closes_at),
        "\n".join(query.text for query in entry.questions),
    ]


def _upload_row(found: Handover, upload: Upload) -> list[object]:
    round = found.rounds.get(upload.filing.round_code)
    return [
        round.title if round else upload.filing.round_code,
        upload.name,
        str(upload.get_state_display()),
        upload.actor_name,
        localtime(upload.created_at),
        upload.sha256,
        urljoin(settings.BASE_URL, reverse("filings:original", args=[found.university_code, upload.pk])),
    ]
