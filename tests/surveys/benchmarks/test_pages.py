"""What the commission, the desk and a university see: released cells, and never one university."""

import csv
import datetime
import io
import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from accounts.operations import assign
from jobs.models import Job
from jobs.tasks import run_job
from surveys.benchmarks.models import Cell, Figure, Release
from surveys.benchmarks.operations import snapshot_completion, write_figures
from surveys.benchmarks.pages import figures
from surveys.benchmarks.queries import city_headline
from surveys.benchmarks.views import commission as views
from tenants.context import in_university
from tenants.models import University
from tenants.operations import add_member
from tests.surveys.benchmarks import city
from ui import charts

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 8)
PAGES = [
    "/benchmarks/",
    "/benchmarks/?by=size",
    "/benchmarks/?year=2023&base=2024",
    "/benchmarks/energy/",
    "/benchmarks/energy/eui_kgce_m2/",
    "/benchmarks/energy/energy_kgce/",
    "/benchmarks/energy/price_heat/?by=size",
    "/benchmarks/completion/",
    "/benchmarks/releases/",
    "/benchmarks/releases/energy-2024/1/",
    "/benchmarks/rules/",
]
FILES = [
    "/benchmarks/energy/trend.csv",
    "/benchmarks/energy/trend.xlsx?indicator=per_capita_kwh",
    "/benchmarks/energy/cohorts.csv?indicator=per_capita_kwh",
    "/benchmarks/energy/cohorts.xlsx",
    "/benchmarks/energy/structure.csv",
    "/benchmarks/energy/indicators.csv",
    "/benchmarks/completion/data.csv",
    "/benchmarks/completion/data.xlsx",
    "/benchmarks/releases/energy-2024/1/cells.csv",
    "/benchmarks/releases/energy-2024/1/cells.xlsx",
]


def person(role: str) -> Client:
    user = User.objects.create_user(f"{role}@association.example", "x", name="许清和")
    assign(user=user, role=role, actor_id=None)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def commission(db) -> Client:
    return person("commission")


@pytest.fixture
def staff(db) -> Client:
    return person("staff")


@pytest.fixture
def two_years(db):
    rounds = city.make_city(periods=("2023", "2024"))
    made = [city.release(round_) for round_ in rounds]
    snapshot_completion(now=city.NOW, day=DAY)
    return made


def text_of(response) -> str:
    """The words of a page or file, workbooks unpacked."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    if data[:2] != b"PK":
        return data.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(data))
    return "\n".join(str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line)


def test_no_page_or_file_of_the_commission_names_a_university_or_tells_its_value(commission, two_years):
    names = [name for names in University.objects.values_list("name", "short_name", "code") for name in names]
    # values that only one university has, as a file would write them in full
    singles = Figure.objects.exclude(indicator__startswith="part.").values_list("value", flat=True)
    cells = {
        format(v.normalize(), "f") for v in Cell.objects.exclude(value=None).values_list("value", flat=True)
    }
    own = {format(value.normalize(), "f") for value in singles} - cells
    own = {value for value in own if len(value.replace(".", "")) > 6}
    assert len(own) > 100
    for path in PAGES + FILES:
        response = commission.get(path)
        assert response.status_code == 200, path
        text = text_of(response)
        assert [word for word in (*names, *own) if word in text] == [], path


def test_values_of_suppressed_cells_are_nowhere_in_the_database_the_commission_reads(two_years):
    hidden = Cell.objects.filter(state="suppressed")
    assert hidden.exists() and not hidden.exclude(value=None, n=None).exists()


def test_data_is_read_under_the_commissions_role_and_a_figure_is_refused(commission, two_years, monkeypatch):
    """The wall stands in the view: were a page to read figures, the database would refuse it."""
    seen = []

    def reads_figures(*_arguments):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            seen.append(cursor.fetchone()[0])
        return {"scope": None, "completion": {}, "figures": list(Figure.objects.all())}

    monkeypatch.setattr(views.overview, "overview", reads_figures)
    with pytest.raises(Exception, match="permission denied for table benchmarks_figure"):
        commission.get("/benchmarks/")
    assert [role.rsplit("_", 1)[1] for role in seen] == ["commission"]


def test_overview_shows_the_median_of_the_city_and_the_change(commission, two_years):
    page = commission.get("/benchmarks/energy/per_capita_kwh/").content.decode()
    # 144 kWh per head in both years, see test_releases
    assert "<b>144</b><i>kWh/人</i>" in page
    assert "2023 年 144，0%" in page or "2023 年 144，0.0%" in page


def test_distribution_shows_the_city_and_each_cohort_as_far_as_it_is_released(commission, two_years):
    response = commission.get("/benchmarks/energy/cohorts.csv?indicator=per_capita_kwh")
    header, *rows = csv.reader(io.StringIO(text_of(response)))
    lines = {line[0]: line[1:] for line in rows}
    words = ["同类组", "学校", "P25", "中位数", "P75", "均值", "合计之比"]
    assert [word.partition("（")[0] for word in header] == words
    assert rows[0][0] == "全市"
    # 120 + 1.2 × i kWh per head, i from 0 to 41: each quantile the mean of its three nearest ranks
    numbers = ["42", "132.00000000", "144.00000000", "157.20000000", "144.60000000", "144.60000000"]
    assert lines["全市"] == numbers
    assert lines["财经政法类"] == ["6", "不足 10 所，没有分位数", "", "", "151.80000000", "151.80000000"]
    assert lines["艺术体育类"] == ["", "不发布", "", "", "", ""]
    assert lines["师范类"] == ["", "不发布", "", "", "", ""]
    assert lines["理工类"][0] == "10"


@pytest.mark.parametrize("by", ["kind", "size"])
def test_every_number_of_a_distribution_is_a_released_cell(commission, two_years, by):
    for key in ("eui_kgce_m2", "per_capita_kwh", "heat_kgce_m2"):
        page = commission.get(f"/benchmarks/energy/{key}/?year=2024&by={by}").content.decode()
        figure = page.partition('id="fig-cohorts"')[2].partition("</figure>")[0]
        shown = set(re.findall(r'data-v="([^"]*)"', figure))
        cells = Cell.objects.filter(release=two_years[-1], indicator=key, period="2024").exclude(value=None)
        released = {str(cell.value) for cell in cells} | {str(cell.n) for cell in cells}
        assert len(shown) > 5 and shown - released == set()
        # the picture reads its numbers from the table and has none of its own but the axis and the reference
        options = json.loads(re.search(r'id="fig-cohorts-options"[^>]*>(.*?)</script>', figure)[1])
        assert set(options) == {"x", "references", "words"}


def test_distribution_finds_no_difference_that_its_numbers_do_not_show():
    bars = [charts.CohortBar(name, 12, 1, median, 20, 10) for name, median in (("甲", 12.46), ("乙", 12.54))]
    whole = charts.CohortBar("全市", 24, Decimal("10.12"), Decimal("12.5"), Decimal("13.06"), 12)
    assert figures._apart(whole, bars, 1) == "全市一半学校在 10.1–13.1 之间"
    assert figures._apart(whole, bars, 2) == "乙中位数最高（12.54），甲最低（12.46）"
    assert figures._apart(charts.CohortBar("全市", 8, mean=12), bars[:1], 1) == "同类学校之间差多少"


def test_structure_table_hides_a_part_and_never_sums_the_visible_ones(commission, db):
    def rows(period, i):
        coal = {"facility": "", "item": "raw_coal", "measure": "quantity", "period": "2024-01", "value": 900}
        return city.plain_rows(period, i) + ([coal] if i == 3 else [])

    (round_,) = city.make_city(rows=rows)
    city.release(round_)
    lines = list(csv.reader(io.StringIO(text_of(commission.get("/benchmarks/energy/structure.csv")))))
    january = next(line for line in lines if line[0] == "1月")
    assert january.count("不发布") >= 2
    february = next(line for line in lines if line[0] == "2月")
    assert february.count("不发布") == 0
    parts, total = [float(v) for v in february[1:-1]], float(february[-1])
    assert sum(parts) == pytest.approx(total)


def test_indicator_page_shows_definition_sources_and_what_is_not_verified(commission, two_years):
    page = commission.get("/benchmarks/energy/eui_kgce_m2/").content.decode()
    for words in (
        "eui_kgce_m2@1",
        "kgce/m²",
        "GB/T 2589-2020",
        "未核对",
        "全国公共机构 2020",
        "18.48",
        "新华社",
        'href="/instruments/energy/v1/#eui_kgce_m2"',
    ):
        assert words in page, words


def test_before_the_first_release_the_page_says_what_is_missing_and_shows_completion(commission):
    city.make_city()
    snapshot_completion(now=city.NOW, day=DAY)
    page = commission.get("/benchmarks/").content.decode()
    assert "还没有发布过汇总" in page and "42" in page
    for path in ("/benchmarks/energy/", "/benchmarks/energy/eui_kgce_m2/", "/benchmarks/releases/"):
        assert "还没有发布过汇总" in commission.get(path).content.decode()
    assert commission.get("/benchmarks/energy/trend.csv").status_code == 404


def test_empty_house_is_no_error(commission, staff):
    for path in ("/benchmarks/", "/benchmarks/completion/", "/desk/releases/"):
        assert staff.get(path).status_code == 200
    assert commission.get("/desk/releases/").status_code == 403


def test_what_is_not_there_is_404(commission, two_years):
    for path in (
        "/benchmarks/energy/nothing/",
        "/benchmarks/canteen9/x/",
        "/benchmarks/energy/trend.pdf",
        "/benchmarks/energy/zzz.csv",
        "/benchmarks/releases/energy-2024/9/",
        "/benchmarks/energy/trend.csv?indicator=nothing",
    ):
        assert commission.get(path).status_code == 404, path


def test_overview_needs_few_queries_whatever_the_number_of_years(commission, two_years):
    commission.get("/benchmarks/")
    with CaptureQueriesContext(connection) as captured:
        commission.get("/benchmarks/")
    reads = [q["sql"] for q in captured if "benchmarks_" in q["sql"] or "catalog_" in q["sql"]]
    assert len(reads) <= 7, reads


def test_carried_cells_are_announced(commission, db):
    (round_,) = city.make_city()
    city.release(round_)
    rows = city.rows_of("2024", electricity=500_000, heat=100, gas=2000, water=3000)
    write_figures(submission_id=city.accept(round_, "zq001", rows, version=2).pk)
    city.release(round_)
    assert "更正待发布" in commission.get("/benchmarks/").content.decode()


# desk


def test_staff_previews_releases_by_a_job_and_reaches_the_release(staff, db):
    city.make_city()
    assert "2024 年度能源统计" in staff.get("/desk/releases/").content.decode()
    page = staff.get("/desk/releases/energy-2024/").content.decode()
    assert "不足 5 所" in page and "一两所占比过大" not in page.split("不发布的原因")[0]
    response = staff.post("/desk/releases/energy-2024/release", {"note": "首次"})
    job = Job.objects.get()
    assert response["Location"] == reverse("releases:job", args=[job.pk])
    assert staff.get(f"/desk/releases/jobs/{job.pk}/state").json()["state"] == "queued"
    run_job(str(job.pk))
    answer = staff.get(f"/desk/releases/jobs/{job.pk}/state").json()
    assert (answer["state"], answer["url"]) == ("done", "/benchmarks/releases/energy-2024/1/")
    release = Release.objects.get()
    assert (release.note, release.frozen_by_name) == ("首次", "许清和")
    assert "和上一版没有差别" in staff.get("/desk/releases/energy-2024/").content.decode()
    assert staff.get(answer["url"]).status_code == 200


def test_release_that_cannot_be_made_says_why(staff, db):
    city.make_city(kinds=["normal"] * 3)
    assert "现在没有可以发布的数" in staff.get("/desk/releases/energy-2024/").content.decode()
    staff.post("/desk/releases/energy-2024/release")
    job = Job.objects.get()
    run_job(str(job.pk))
    answer = staff.get(f"/desk/releases/jobs/{job.pk}/state").json()
    assert (answer["state"], answer["title"]) == ("failed", "没有发布")
    assert "不足 5 所" in answer["text"]
    assert "不足 5 所" in staff.get(f"/desk/releases/jobs/{job.pk}/").content.decode()


# a university


@pytest.fixture
def alpha_in_the_city(db):
    """alpha, which has a schema, among 42 others; released."""
    universities = [*city.make_universities(), University.objects.get(code="alpha")]
    round_ = city.make_round("2024", universities)
    for i, university in enumerate(universities):
        city.store(round_, university.code, city.figures_of(city.plain_rows, "2024", i))
    city.release(round_)
    return round_


def clerk(code: str) -> Client:
    user = User.objects.create_user(f"clerk@{code}.example", "x", name="林知行")
    add_member(user=user, university=University.objects.get(code=code), role="clerk", actor_id=None)
    client = Client()
    client.force_login(user)
    return client


def test_university_sees_its_own_value_beside_released_quartiles_and_no_rank(alpha_in_the_city):
    page = clerk("alpha").get("/u/alpha/benchmarks/?in=all").content.decode()
    # number 42: 120 + 1.2 × 42 kWh per head, above P75
    assert "170" in page and "在最高的四分之一" in page
    assert "第 43" not in page and "名次" not in page
    others = University.objects.exclude(code="alpha").values_list("name", flat=True)
    assert [name for name in others if name in page] == []


def test_university_in_a_small_cohort_is_told_so_and_can_compare_with_the_city(alpha_in_the_city):
    University.objects.filter(code="alpha").update(kind="arts")
    page = clerk("alpha").get("/u/alpha/benchmarks/").content.decode()
    assert "理工类" in page  # the cohort of the release, not of today


def test_university_without_figures_is_told_what_to_do(alpha_in_the_city):
    page = clerk("beta").get("/u/beta/benchmarks/").content.decode()
    assert "这一年度没有本校的数" in page


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"covers": {"from": "2024-09", "to": "2024-12", "reason": "新校区 9 月启用"}}, "只报"),
        ({"nil": {"reason": "由主校区结算"}}, "零报告"),
    ],
)
def test_university_whose_accepted_report_is_no_whole_year_is_told_why_it_is_not_compared(
    alpha_in_the_city, declared, said
):
    city.accept(alpha_in_the_city, "beta", [], declared=declared)
    page = clerk("beta").get("/u/beta/benchmarks/").content.decode()
    assert "不参加比较" in page and said in page and "去填报" not in page


def test_university_before_any_release_is_told_so(db):
    page = clerk("alpha").get("/u/alpha/benchmarks/").content.decode()
    assert "还没有发布过汇总" in page


def test_inside_a_university_only_its_own_figures_are_there(alpha_in_the_city):
    with in_university("alpha"):
        assert set(Figure.objects.values_list("university_code", flat=True)) == {"alpha"}


# the public


def test_headline_of_the_city_is_none_before_a_release_and_a_released_median_after(db):
    assert city_headline() is None
    rounds = city.make_city(periods=("2023", "2024"))
    for round_ in rounds:
        city.release(round_)
    headline = city_headline()
    held = Cell.objects.get(
        release__period="2024", indicator="eui_kgce_m2", cohort_code="all", statistic="p50", period="2024"
    )
    assert (headline["value"], headline["n"], headline["period"]) == (held.value, 42, "2024")
    assert (headline["unit"], headline["before"]["period"]) == ("kgce/m2", "2023")
