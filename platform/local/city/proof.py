"""`demo --once`: the main job from two workbooks to a benchmark, through the running site, each step checked."""

import hashlib
import os
import sys
import time
import zlib
from decimal import Decimal
from pathlib import Path

import django

ROUND, PERIOD = "energy-2024", "2024"
SAMPLES = Path(__file__).resolve().parents[3] / "tests" / "samples"
QUESTION, REPLY = "西校区的电费是含税价吗？", "含税，与发票一致。"
MOST_PAGES = 80


class Proof:
    """The steps share people and what they found out."""

    def __init__(self, base: str):
        from local.city.filer import Filer
        from local.city.visitor import Visitor

        self.base, self.steps = base, 0
        self.staff = Visitor(base, "staff@demo")
        self.commission = Visitor(base, "commission@demo")
        # one workbook for the whole campus without a flaw, one by building with things to explain
        self.haijin, self.gushang = (Filer(base, code, ROUND) for code in ("haijin", "gushang"))

    def told(self, text: str) -> None:
        self.steps += 1
        print(f"  {self.steps:2}. {text}", flush=True)

    def run(self) -> None:
        """All steps in order. Raises Surprise at the first that does not hold. Running it again goes on from where
        the round stands."""
        for filer, sample in ((self.haijin, "e01"), (self.gushang, "e02")):
            if filer.state() in ("none", "draft"):
                self.file(filer, sample)
        self.refuse_change(self.haijin.newest_seal())
        self.accept(self.haijin)
        self.return_and_file_again(self.gushang)
        self.accept(self.gushang)
        self.figures()
        self.release()
        self.benchmark()
        self.walls()

    # the universities

    def file(self, filer, prefix: str) -> None:
        (path,) = SAMPLES.glob(f"{prefix}_*.xlsx")
        self.told(f"填报人上传 {path.name}：{filer.upload(path)}")
        found = filer.compare(path)
        self.told(f"草稿里 {len(found)} 个数，和原表逐个相等；电力合计 {sum_of(found, 'electricity'):,} kWh")
        reasons = filer.answer()
        self.told(f"填报人选好人数和面积的口径，写明 {reasons} 条原因")
        filer.submit()
        self.told("填报人提交；填报人自己打开签发页：403")
        self.told(f"审核人签发：{self.checked(filer.sign())}")

    def checked(self, submission) -> str:
        """The seal in words, once its hash fits its bytes."""
        from local.city.filer import expect

        payload = zlib.decompress(bytes(submission.payload))
        expect(hashlib.sha256(payload).hexdigest() == submission.sha256, "the hash does not fit the payload")
        return f"封存 {submission.number}，{submission.rows} 行，SHA-256 {submission.sha256[:16]}… 复算一致"

    def refuse_change(self, submission) -> None:
        from local.city.filer import expect

        refused = self._refused(
            [(None, f"UPDATE submissions_submission SET rows = 0 WHERE id = '{submission.pk}'")]
        )
        expect(refused == 1, "a sealed row was changed")
        self.told("数据库拒绝改动封存件")

    # the association

    def accept(self, filer) -> None:
        from local.city.filer import expect

        number = filer.newest_seal().number
        if filer.state() == "sealed":
            self.staff.open("/desk/review/")
            expect(number in str(self.staff.page), f"the queue does not list {number}")
            self.staff.open(f"/desk/review/{number}/")
            self.staff.submit(f"/desk/review/{number}/decision/", decision="accept")
        expect(filer.state() == "accepted", f"not accepted: {self.staff.text()[:300]}")
        self.told(f"秘书处在审核列表里打开 {number}，接受")

    def return_and_file_again(self, filer) -> None:
        if filer.state() == "sealed" and filer.newest_seal().version == 1:
            page = f"/desk/review/{filer.newest_seal().number}/"
            self.staff.open(page)
            self.staff.submit(f"{page}questions/", text=QUESTION)
            self.staff.open(page)
            self.staff.submit(f"{page}decision/", decision="return", reason="请答复疑问")
            self.told(f"秘书处提问并退回 {filer.newest_seal().number}")
        if filer.state() == "returned":
            filer.reply(REPLY)
            filer.submit()
            self.told(f"填报人答复后再提交，审核人再签发：{self.checked(filer.sign())}")

    def figures(self) -> None:
        from local.city.filer import expect
        from surveys.benchmarks.models import Figure

        wanted = {filer.code: filer.newest_seal().pk for filer in (self.haijin, self.gushang)}
        deadline = time.monotonic() + 60
        while True:
            rows = Figure.objects.filter(
                period=PERIOD, university_code__in=wanted, submission_id__in=wanted.values()
            )
            found = list(rows)
            if {row.university_code for row in found} == set(wanted):
                break
            expect(time.monotonic() < deadline, "no figures after a minute")
            time.sleep(0.5)
        lead = next(r for r in found if (r.indicator, r.university_code) == ("eui_kgce_m2", "haijin"))
        self.told(f"任务算出两校 {len(found)} 个指标值，海津理工单位建筑面积能耗 {lead.value:.2f} kgce/m²")

    def release(self) -> None:
        from local.city.filer import expect
        from surveys.benchmarks.models import Cell, Release

        page = f"/desk/releases/{ROUND}/"
        self.staff.open(page)
        expect(self.staff.status == 200, f"{page} answered {self.staff.status}")
        if self.staff.has_form(f"{page}release"):
            self.staff.submit(f"{page}release")
            if "/jobs/" in self.staff.url:
                self.staff.wait(self.staff.url.rstrip("/") + "/state")
        newest = Release.objects.filter(round_code=ROUND).order_by("-number").first()
        expect(newest is not None, f"no release: {self.staff.text()[:300]}")
        cells = Cell.objects.filter(release=newest)
        held = f"{cells.count()} 格，其中 {cells.filter(state='suppressed').count()} 格不发布"
        self.told(f"发布 {PERIOD} 年度第 {newest.number} 版：{newest.contributors} 所学校，{held}")

    # the commission

    def benchmark(self) -> None:
        from local.city.filer import expect
        from tenants.models import University

        names = [n for row in University.objects.values_list("name", "short_name", "code") for n in row]
        pages = self._pages_of_the_commission()
        leaks = [f"{name} @ {address}" for address, text in pages.items() for name in names if name in text]
        expect(not leaks, f"universities in the commission's pages: {leaks[:5]}")
        self.told(f"市教委看 {len(pages)} 页：{len(names) // 3} 所学校的校名、简称、代码一处也没有")

    def _pages_of_the_commission(self) -> dict[str, str]:
        """Pages under /benchmarks/ that can be reached by links, with their text."""
        from local.city.filer import expect

        waiting, seen = ["/benchmarks/"], {}
        while waiting and len(seen) < MOST_PAGES:
            address = waiting.pop()
            self.commission.open(address)
            expect(self.commission.status == 200, f"{address} answered {self.commission.status}")
            seen[address] = self.commission.page.get_text(" ")
            for link in self.commission.page.find_all("a", href=True):
                target = link["href"].split("#")[0]
                known = target in seen or target in waiting or ".csv" in target or ".xlsx" in target
                if target.startswith("/benchmarks/") and not known:
                    waiting.append(target)
        return seen

    def walls(self) -> None:
        from local.city.filer import expect
        from tenants.context import as_commission, in_university

        attempts = [
            (as_commission(), "SELECT * FROM benchmarks_figure"),
            (as_commission(), "SELECT * FROM submissions_submission"),
            (in_university("haijin"), "SELECT * FROM accounts_user"),
            (in_university("haijin"), "SELECT * FROM u_gushang.filings_observation"),
        ]
        refused = self._refused(attempts)
        expect(refused == len(attempts), f"only {refused} of {len(attempts)} reads were refused")
        strangers = (
            (self.haijin.clerk, "/u/gushang/"),
            (self.commission, "/u/haijin/"),
            (self.staff, "/u/haijin/"),
        )
        for visitor, address in strangers:
            visitor.open(address)
            expect(visitor.status == 404, f"{address} answered {visitor.status} to {visitor.email}")
        self.told(f"数据库拒绝 {refused} 次越界读取；别校的填报人、市教委、秘书处打开学校地址：404")

    @staticmethod
    def _refused(attempts: list) -> int:
        """How many statements the database refuses, each in its scope (None: where we stand)."""
        from contextlib import nullcontext

        from django.db import ProgrammingError, connection, transaction

        refused = 0
        for scope, statement in attempts:
            try:
                with scope or nullcontext(), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
            except ProgrammingError:
                refused += 1
        return refused


def sum_of(found: dict, item: str) -> Decimal:
    """The year's quantity of a carrier, without needless zeros."""
    total = sum(value for (_, i, measure, _), value in found.items() if (i, measure) == (item, "quantity"))
    return Decimal(f"{total.normalize():f}")


def main() -> int:
    """Runs the proof; returns 0 when every step held, 1 with the step that did not."""
    django.setup()
    from local.city.visitor import Surprise

    started, steps = time.monotonic(), 0
    try:
        proof = Proof(os.environ["HOUQIN_BASE_URL"])
        proof.run()
        steps = proof.steps
    except Surprise as surprise:
        print(f"\n  没有走通：{surprise}", flush=True)
        return 1
    print(f"\n  {steps} 步都走通了，用时 {time.monotonic() - started:.0f} 秒。", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
