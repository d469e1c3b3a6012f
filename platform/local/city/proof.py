"""`demo --once`: the main job from a workbook to a benchmark, through the running site, each step checked."""

import hashlib
import json
import os
import sys
import time
import zlib
from decimal import Decimal
from pathlib import Path

import django

CODE, ROUND = "haijin", "energy-2024"
SAMPLES = Path(__file__).resolve().parents[3] / "tests" / "samples"
REASON = "新实验楼 2024 年启用，用能增加，已核对抄表记录"


class Proof:
    """The steps share people and what they found out."""

    def __init__(self, base: str):
        from local.city.visitor import Visitor

        self.base, self.visit = base, Visitor
        self.steps = 0
        self.clerk = Visitor(base, f"clerk@{CODE}.demo")
        self.approver = Visitor(base, f"approver@{CODE}.demo")
        self.staff = Visitor(base, "staff@demo")

    def told(self, text: str) -> None:
        self.steps += 1
        print(f"  {self.steps:2}. {text}", flush=True)

    def expect(self, condition: bool, text: str) -> None:
        from local.city.visitor import Surprise

        if not condition:
            raise Surprise(text)

    def run(self) -> None:
        """All steps in order. Raises Surprise at the first that does not hold."""
        state = self.clerk_state()
        if state in ("none", "draft", "returned"):
            self.upload()
            self.answer()
            self.submit()
        self.sign()
        self.review()
        self.figures()
        self.release()
        self.benchmark()
        self.walls()

    def clerk_state(self) -> str:
        from surveys.catalog.models import Obligation

        return Obligation.objects.get(round_id=ROUND, university_code=CODE).state

    # the university

    def upload(self) -> None:
        (path,) = SAMPLES.glob("e01_*.xlsx")
        truth = json.loads(path.with_name(path.name.replace(".xlsx", ".truth.json")).read_text())
        address = f"/u/{CODE}/rounds/{ROUND}/upload/"
        self.clerk.open(address)
        started = time.monotonic()
        self.clerk.submit(address, files={"file": (path.name, path.read_bytes())})
        result = self.clerk.url
        answer = self.clerk.wait(result + "job/")
        self.expect(answer["state"] == "done", f"reading ended as {answer}")
        self.clerk.open(result)
        self.told(f"填报人上传 {path.name}：{self.clerk.title()}（{time.monotonic() - started:.1f} 秒）")
        if self.clerk.has_form(f"{self._path(result)}mapping/"):
            self.clerk.submit(f"{self._path(result)}mapping/")
            self.clerk.open(result)
        self.clerk.submit(f"{self._path(result)}load/")
        self.expect_values(truth)

    def expect_values(self, truth: dict) -> None:
        from surveys.filings.models import Filing, Observation
        from tenants.context import in_university

        with in_university(CODE):
            filing = Filing.objects.get(round_code=ROUND, unit="")
            rows = Observation.objects.filter(filing_id=filing.pk, value__isnull=False)
            found = {(r.facility or None, r.item, r.measure, r.period): r.value for r in rows}
        wanted = {
            (o["facility"], o["item"], o["measure"], o["month"]): Decimal(str(o["value"]))
            for o in truth["observations"]
        }
        self.expect(found == wanted, "the draft differs from the workbook's truth")
        self.told(f"草稿里 {len(found)} 个数，和原表逐个相等；电力合计 {sum_of(found, 'electricity'):,} kWh")

    def answer(self) -> None:
        page = f"/u/{CODE}/rounds/{ROUND}/"
        self.clerk.open(page)
        self.clerk.submit(f"{page}denominators/")
        self.clerk.open(page)
        explained = 0
        while self.clerk.has_form(f"{page}explain/"):
            form = self.clerk.forms(f"{page}explain/")[0]
            cells = [box["value"] for box in form.find_all("input", attrs={"name": "cell"})]
            self.clerk.submit(f"{page}explain/", reason=REASON, cell=cells)
            explained += len(cells)
            self.clerk.open(page)
            if explained > 500:
                self.expect(False, "the reasons do not close the questions")
            if not self._open_questions():
                break
        self.told(f"填报人说明 {explained} 处提醒和空白，写明人数和面积的口径")

    def _open_questions(self) -> bool:
        from surveys.catalog.models import Round
        from surveys.catalog.queries import database_now
        from surveys.filings.models import Filing
        from surveys.filings.readiness import readiness
        from tenants.context import in_university

        round_ = Round.objects.select_related("version__instrument").get(pk=ROUND)
        with in_university(CODE):
            filing = Filing.objects.get(round_code=ROUND, unit="")
            return bool(readiness(filing, round_, CODE, database_now()).problems)

    def submit(self) -> None:
        page = f"/u/{CODE}/rounds/{ROUND}/"
        self.clerk.open(page)
        self.clerk.submit(f"{page}submit/")
        self.expect(self.clerk_state() == "submitted", f"not submitted: {self.clerk.text()[:300]}")
        self.clerk.open(f"{page}sign/")
        self.expect(self.clerk.status == 403, f"the clerk could open the signing page ({self.clerk.status})")
        self.told("填报人提交；填报人自己打开签发页：403")

    def sign(self) -> None:
        address = f"/u/{CODE}/rounds/{ROUND}/sign/"
        if self.clerk_state() == "submitted":
            self.approver.open(address)
            self.approver.submit(address)
        submission = self.submission()
        payload = zlib.decompress(bytes(submission.payload))
        self.expect(
            hashlib.sha256(payload).hexdigest() == submission.sha256, "the hash does not fit the payload"
        )
        self.told(
            f"审核人签发，封存 {submission.number}：{submission.rows} 行，SHA-256 {submission.sha256[:16]}… 复算一致"
        )
        self.refuse_change(submission)

    def submission(self):
        from surveys.submissions.models import Submission

        rows = Submission.objects.filter(round_id=ROUND, university_code=CODE).order_by("-version")
        found = rows.first()
        self.expect(found is not None, f"nothing was sealed: {self.approver.text()[:300]}")
        return found

    def refuse_change(self, submission) -> None:
        from django.db import ProgrammingError, connection, transaction

        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE submissions_submission SET rows = 0 WHERE id = %s", [submission.pk])
        except ProgrammingError:
            self.told("数据库拒绝改动封存件")
        else:
            self.expect(False, "a sealed row was changed")

    # the association

    def review(self) -> None:
        submission = self.submission()
        page = f"/desk/review/{submission.number}/"
        self.staff.open("/desk/review/")
        listed = submission.number in str(self.staff.page)
        self.staff.open(page)
        if self.clerk_state() == "sealed":
            self.expect(listed, "the queue does not list the submission")
            self.staff.submit(f"{page}decision/", decision="accept")
        self.expect(self.clerk_state() == "accepted", f"not accepted: {self.staff.text()[:300]}")
        self.told(f"秘书处在审核列表里打开 {submission.number}，接受")

    def figures(self) -> None:
        from surveys.benchmarks.models import Figure

        deadline = time.monotonic() + 60
        submission = self.submission()
        while time.monotonic() < deadline:
            rows = list(
                Figure.objects.filter(university_code=CODE, period="2024", submission_id=submission.pk)
            )
            if rows:
                break
            time.sleep(0.5)
        else:
            self.expect(False, "no figures after a minute")
        eui = next(row for row in rows if row.indicator == "eui_kgce_m2")
        self.told(f"任务算出 {len(rows)} 个指标值，其中单位建筑面积能耗 {eui.value:.2f} kgce/m²")

    def release(self) -> None:
        from surveys.benchmarks.models import Cell, Release

        page = f"/desk/releases/{ROUND}/"
        self.staff.open(page)
        self.expect(self.staff.status == 200, f"{page} answered {self.staff.status}")
        if self.staff.has_form(f"{page}release"):
            self.staff.submit(f"{page}release")
            if "/jobs/" in self.staff.url:
                self.staff.wait(self.staff.url.rstrip("/") + "/state")
        newest = Release.objects.filter(round_code=ROUND).order_by("-number").first()
        self.expect(newest is not None, f"no release: {self.staff.text()[:300]}")
        cells = Cell.objects.filter(release=newest)
        hidden = cells.filter(state="suppressed").count()
        held = f"{cells.count()} 格，其中 {hidden} 格不发布"
        self.told(f"发布 2024 年度第 {newest.number} 版：{newest.contributors} 所学校，{held}")

    # the commission

    def benchmark(self) -> None:
        from tenants.models import University

        names = [n for row in University.objects.values_list("name", "short_name", "code") for n in row]
        commission = self.visit(self.base, "commission@demo")
        pages = self._pages_of(commission)
        leaks = [f"{name} @ {address}" for address, text in pages.items() for name in names if name in text]
        self.expect(not leaks, f"universities in the commission's pages: {leaks[:5]}")
        self.told(f"市教委看 {len(pages)} 页：{len(names) // 3} 所学校的校名、简称、代码一处也没有")
        commission.open(f"/u/{CODE}/")
        self.expect(commission.status == 404, f"the commission reached a university: {commission.status}")

    def _pages_of(self, commission) -> dict[str, str]:
        """Every page under /benchmarks/ that can be reached by its links."""
        waiting, seen = ["/benchmarks/"], {}
        while waiting and len(seen) < 80:
            address = waiting.pop()
            commission.open(address)
            self.expect(commission.status == 200, f"{address} answered {commission.status}")
            seen[address] = commission.page.get_text(" ")
            for link in commission.page.find_all("a", href=True):
                target = link["href"].split("#")[0]
                plain = not target.endswith((".csv", ".xlsx"))
                if (
                    target.startswith("/benchmarks/")
                    and target not in seen
                    and target not in waiting
                    and plain
                ):
                    waiting.append(target)
        return seen

    def walls(self) -> None:
        from django.db import ProgrammingError, connection, transaction

        from tenants.context import as_commission, in_university

        refused = 0
        attempts = (
            (as_commission(), "SELECT * FROM benchmarks_figure"),
            (as_commission(), "SELECT * FROM submissions_submission"),
            (in_university(CODE), "SELECT * FROM accounts_user"),
            (in_university(CODE), "SELECT * FROM u_gushang.filings_observation"),
        )
        for scope, statement in attempts:
            try:
                with scope, transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
            except ProgrammingError:
                refused += 1
        self.expect(refused == len(attempts), f"only {refused} of {len(attempts)} reads were refused")
        self.clerk.open("/u/gushang/")
        self.expect(self.clerk.status == 404, f"another university answered {self.clerk.status}")
        self.told(f"数据库拒绝 {refused} 次越界读取；填报人打开别校地址：404")

    @staticmethod
    def _path(url: str) -> str:
        from urllib.parse import urlsplit

        return urlsplit(url).path


def sum_of(found: dict, item: str) -> Decimal:
    """The year's quantity of a carrier, without needless zeros."""
    total = sum(value for (_, i, measure, _), value in found.items() if (i, measure) == (item, "quantity"))
    return Decimal(f"{total.normalize():f}")


def main() -> int:
    """Runs the proof; returns 0 when every step held, 1 with the step that did not."""
    django.setup()
    from local.city.visitor import Surprise

    proof = Proof(os.environ["HOUQIN_BASE_URL"])
    try:
        proof.run()
    except Surprise as surprise:
        print(f"\n  没有走通，第 {proof.steps + 1} 步：{surprise}", flush=True)
        return 1
    print(f"\n  {proof.steps} 步都走通了。", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
