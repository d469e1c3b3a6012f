"""One university's way through the running site: a workbook uploaded, checked against its truth, explained, signed."""

import json
import time
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from local.city import samples
from local.city.visitor import Surprise, Visitor, fields_of
from surveys.catalog.models import Obligation, Round
from surveys.catalog.queries import database_now
from surveys.filings.models import Filing, Observation
from surveys.filings.readiness import readiness
from surveys.submissions.models import Submission
from tenants.context import in_university

REASON = "新实验楼 2024 年启用，用能增加，已核对抄表记录"
MOST_REASONS = 40


def expect(condition: bool, text: str) -> None:
    """Raises Surprise with the text when a step does not hold."""
    if not condition:
        raise Surprise(text)


class Filer:
    """The clerk and the approver of one university in one round."""

    def __init__(self, base: str, code: str, round_code: str):
        self.code, self.round_code = code, round_code
        self.page = f"/u/{code}/rounds/{round_code}/"
        self.clerk = Visitor(base, f"clerk@{code}.demo")
        self.approver = Visitor(base, f"approver@{code}.demo")

    def state(self) -> str:
        return Obligation.objects.get(round_id=self.round_code, university_code=self.code).state

    def upload(self, path: Path) -> str:
        """Uploads a workbook, waits for the reading, confirms the headers, writes it into the draft. Returns what the
        result page said, with the seconds it took."""
        self.clerk.open(f"{self.page}upload/")
        started = time.monotonic()
        self.clerk.submit(f"{self.page}upload/", files={"file": (path.name, path.read_bytes())})
        result = urlsplit(self.clerk.url).path
        answer = self.clerk.wait(f"{result}job/")
        expect(answer["state"] == "done", f"reading ended as {answer}")
        self.clerk.open(result)
        said = f"{self.clerk.title()}（{time.monotonic() - started:.1f} 秒）"
        if self.clerk.has_form(f"{result}mapping/"):
            self.clerk.submit(f"{result}mapping/")
            self.clerk.open(result)
        self.clerk.submit(f"{result}load/")
        return said

    def compare(self, path: Path) -> dict:
        """The draft's values by key, once they equal the workbook's truth. Raises Surprise otherwise."""
        truth = json.loads(path.with_name(f"{path.stem}.truth.json").read_text())
        codes = samples.facility_codes(self.code)
        wanted = {
            (codes.get(o["facility"] or "", ""), o["item"], o["measure"], o["month"]): Decimal(
                str(o["value"])
            )
            for o in truth["observations"]
        }
        with in_university(self.code):
            filing = Filing.objects.get(round_code=self.round_code, unit="")
            rows = Observation.objects.filter(filing_id=filing.pk, value__isnull=False)
            found = {(r.facility, r.item, r.measure, r.period): r.value for r in rows}
        expect(found == wanted, f"{self.code}: the draft differs from the workbook's truth")
        return found

    def answer(self) -> int:
        """States the denominators and the boundary as offered and gives a reason for everything the page asks; returns
        for how many forms. Boxes go out as the page has ticked them."""
        self.clerk.open(self.page)
        self.clerk.submit(f"{self.page}denominators/")
        self.clerk.open(self.page)
        self.clerk.submit(f"{self.page}boundary/")
        for given in range(MOST_REASONS):
            self.clerk.open(self.page)
            if not self.missing():
                return given
            empty = [
                n for n, form in enumerate(self._asking()) if not "".join(fields_of(form).get("reason", ""))
            ]
            expect(bool(empty), f"{self.code}: nothing asks any more, and still missing: {self.missing()}")
            self.clerk.submit(f"{self.page}explain/", nth=empty[0], reason=REASON)
        raise Surprise(f"{self.code}: the reasons do not close the questions: {self.missing()}")

    def _asking(self) -> list:
        return self.clerk.forms(f"{self.page}explain/") if self.clerk.has_form(f"{self.page}explain/") else []

    def missing(self) -> list[str]:
        """What stands in the way of submitting."""
        round_ = Round.objects.select_related("version__instrument").get(pk=self.round_code)
        with in_university(self.code):
            filing = Filing.objects.get(round_code=self.round_code, unit="")
            return [problem.text for problem in readiness(filing, round_, self.code, database_now()).problems]

    def submit(self) -> None:
        """Hands the draft to the approver; the clerk may not open the signing page."""
        self.clerk.open(self.page)
        self.clerk.submit(f"{self.page}submit/")
        expect(self.state() == "submitted", f"{self.code}: not submitted: {self.clerk.text()[:300]}")
        self.clerk.open(f"{self.page}sign/")
        expect(self.clerk.status == 403, f"the clerk could open the signing page ({self.clerk.status})")

    def sign(self) -> Submission:
        """The approver signs; returns the seal."""
        self.approver.open(f"{self.page}sign/")
        self.approver.submit(f"{self.page}sign/")
        found = self.newest_seal()
        expect(self.state() == "sealed", f"{self.code}: not sealed: {self.approver.text()[:300]}")
        return found

    def newest_seal(self) -> Submission:
        rows = Submission.objects.filter(round_id=self.round_code, university_code=self.code)
        found = rows.order_by("-version").first()
        expect(found is not None, f"{self.code}: nothing was sealed")
        return found

    def reply(self, text: str) -> None:
        """The clerk answers the first open question on the page."""
        self.clerk.open(self.page)
        self.clerk.submit(f"{self.page}queries/", text=text)
