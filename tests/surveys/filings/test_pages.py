"""The pages: who gets in, what a posted file leads to, what a second clerk reads."""

import datetime
from functools import partial
from io import BytesIO
from urllib.parse import quote

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from local.city.visitor import fields_of
from surveys.catalog.models import Obligation
from surveys.catalog.queries import database_now
from surveys.filings import operations, queries
from surveys.filings.models import Filing, Upload
from surveys.intake.annotated import mark_of
from surveys.intake.annotated.child import annotate_in_child
from surveys.intake.guard import ChildLimits
from surveys.intake.read import read as read_book
from surveys.intake.sniff import sniff
from tenants.context import in_public, in_university

from .conftest import open_round, person, run, sample
from .helpers import complete, fill

pytestmark = pytest.mark.django_db

NO_TIME = ChildLimits(wall=0)
NOW_IS = datetime.datetime.now(datetime.UTC)


@pytest.fixture
def round_(haijin):
    """A round that is open by the real clock."""
    day = datetime.timedelta(days=1)
    return open_round(
        "energy-2024", "2024", opens=NOW_IS - 900 * day, due=NOW_IS + day, closes=NOW_IS + 30 * day
    )


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(name: str, *args, code: str = "alpha") -> str:
    return reverse(f"filings:{name}", args=[code, *args])


def upload_e01(client: Client) -> Upload:
    with sample("e01").open("rb") as file:
        response = client.post(
            page("upload", "energy-2024"), {"file": file}, headers={"Accept": "application/json"}
        )
    assert response.status_code == 202
    with in_university("alpha"):
        upload = Upload.objects.get()
    assert response.json() == {"url": page("result", upload.pk)}
    return upload


def read(upload: Upload) -> None:
    with in_university("alpha"):
        run(upload)


def test_the_whole_way_by_clicking(clerk, approver, round_):
    mine, theirs = browser(clerk), browser(approver)
    assert "去填报" in mine.get(page("home")).content.decode()
    upload = upload_e01(mine)
    assert "正在排队" in mine.get(page("result", upload.pk)).content.decode()
    assert mine.get(page("job", upload.pk)).json()["state"] == "queued"
    read(upload)
    assert mine.get(page("job", upload.pk)).json()["state"] == "done"
    assert "读到 130 个数" in mine.get(page("result", upload.pk)).content.decode()
    response = mine.post(page("load", upload.pk), {"revision": 1}, follow=True)
    assert response.redirect_chain[-1][0] == page("round", "energy-2024")
    # what the sheet marks as not applicable is kept, and is no figure
    assert (
        "新增 144 格，改动 0 格，0 格没有变。其中 14 格记下的是没有数，例如不适用。"
        in response.content.decode()
    )
    shown = mine.get(page("round", "energy-2024"))
    assert "补齐 2 项后可提交" in shown.content.decode()
    fields = {f"value-{d['key']}": d["value"] for d in shown.context["denominators"]}
    fields |= {f"calibre-{d['key']}": d["calibre"] for d in shown.context["denominators"]}
    mine.post(page("denominators", "energy-2024"), {**fields, "revision": shown.context["filing"].revision})
    with in_university("alpha"):
        complete(Filing.objects.get(), round_, clerk.actor)
        revision = Filing.objects.get().revision
    mine.post(page("submit", "energy-2024"), {"revision": revision})
    assert "去签发" in theirs.get(page("home")).content.decode()
    signing = theirs.get(page("sign", "energy-2024"))
    assert "签发并报送" in signing.content.decode()
    response = theirs.post(
        page("sign", "energy-2024"), {"revision": signing.context["filing"].revision}, follow=True
    )
    assert response.redirect_chain[-1][0] == page("sealed", "energy-2024", 1)
    assert Obligation.objects.get(university_code="alpha").state == "sealed"
    assert "审核中" in mine.get(page("round", "energy-2024")).content.decode()


def test_without_a_script_the_form_leads_to_the_same_page(clerk, round_):
    with sample("e01").open("rb") as file:
        response = browser(clerk).post(page("upload", "energy-2024"), {"file": file})
    with in_university("alpha"):
        assert response.headers["Location"] == page("result", Upload.objects.get().pk)


def test_a_file_over_the_limit_is_said_so_and_nothing_is_kept(clerk, round_, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    with sample("e01").open("rb") as file:
        response = browser(clerk).post(
            page("upload", "energy-2024"), {"file": file}, headers={"Accept": "application/json"}
        )
    assert response.status_code == 413
    assert response.json()["text"].startswith("文件超过 1000 B 上限")
    with in_university("alpha"):
        assert Upload.objects.count() == 0


def test_a_body_far_over_the_limit_is_answered_in_words_too(clerk, round_, settings, tmp_path):
    settings.UPLOAD_MAX_BYTES = 1000
    big = tmp_path / "大.csv"
    big.write_bytes(b"1" * 2_200_000)
    with big.open("rb") as file:
        response = browser(clerk).post(
            page("upload", "energy-2024"), {"file": file}, headers={"Accept": "application/json"}
        )
    assert (response.status_code, response.json()["title"]) == (413, "")


def test_no_file_is_said_so(clerk, round_):
    response = browser(clerk).post(page("upload", "energy-2024"), follow=True)
    assert "没有收到文件" in response.content.decode()


WRITES = [
    ("upload", "filings.edit"), ("explain", "filings.edit"), ("denominators", "filings.edit"),
    ("submit", "filings.submit"), ("take_back", "filings.submit"), ("withdraw", "filings.submit"),
    ("sign", "filings.sign"), ("send_back", "filings.sign"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "permission"), WRITES)
def test_the_wrong_role_is_refused(clerk, approver, round_, name, permission):
    for user in (clerk, approver):
        response = browser(user).post(page(name, "energy-2024"))
        assert (response.status_code == 403) == (not user.actor.may(permission))


def test_a_correspondent_sees_no_report(haijin, round_):
    client = browser(person("alpha", "correspondent", name="木棉"))
    assert client.get(page("rounds")).status_code == 403
    assert "energy-2024" not in client.get(page("home")).content.decode()


@pytest.mark.parametrize("name", ["home", "rounds"])
def test_another_university_does_not_exist(clerk, round_, name):
    assert browser(clerk).get(page(name, code="beta")).status_code == 404


def test_another_universitys_upload_is_not_found(clerk, round_):
    upload = upload_e01(browser(clerk))
    stranger = browser(person("beta", "clerk", "approver", name="陌生"))
    for name in ("result", "job", "original", "annotated"):
        assert stranger.get(page(name, upload.pk)).status_code == 404
        assert stranger.get(page(name, upload.pk, code="beta")).status_code == 404
    for name in ("load", "undo", "answer", "mapping", "again"):
        assert stranger.post(page(name, upload.pk, code="beta")).status_code == 404


def test_a_round_the_university_does_not_owe_is_not_found(clerk, round_):
    open_round("energy-2023", "2023", universities=("beta",))
    assert browser(clerk).get(page("round", "energy-2023")).status_code == 404


def test_the_second_of_two_clerks_reads_what_changed(clerk, round_):
    other = person("alpha", "clerk", name="白露")
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        fill(filing, round_, clerk.actor)
    cell = page("cell", "energy-2024") + "?f=&i=electricity&m=quantity&p=2024-05"
    first, second = browser(clerk), browser(other)
    seen = first.get(cell).context["form"].initial["revision"]
    assert second.post(cell, {"value": "4321", "flag": "", "revision": seen}).status_code == 302
    response = first.post(cell, {"value": "9999", "flag": "", "revision": seen})
    assert response.status_code == 409
    text = response.content.decode()
    assert "白露" in text
    assert "4,321" in text
    with in_university("alpha"):
        values = {r["period"]: r["value"] for r in queries.values_of(filing) if r["measure"] == "quantity"}
    assert values["2024-05"] == 4321


def test_the_same_clerk_on_two_pages_is_not_called_a_colleague(clerk, round_):
    with in_university("alpha"):
        filing = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        fill(filing, round_, clerk.actor)
    cell = page("cell", "energy-2024") + "?f=&i=electricity&m=quantity&p=2024-05"
    mine = browser(clerk)
    seen = mine.get(cell).context["form"].initial["revision"]
    mine.post(cell, {"value": "4321", "flag": "", "revision": seen})
    response = mine.post(cell, {"value": "9999", "flag": "", "revision": seen})
    heading = BeautifulSoup(response.content, "html.parser").h1.get_text()
    assert (response.status_code, heading) == (409, "你在别的页面做过“修改数值”，这一步没有写入")
    assert "同事" not in response.content.decode()


def test_last_years_calibre_stands_beside_this_years_choice(clerk, round_):
    earlier = open_round("energy-2023", "2023")
    with in_university("alpha"):
        before = operations.ensure_filing(round_code="energy-2023", university_code="alpha")
        complete(before, earlier, clerk.actor)
        now = operations.ensure_filing(round_code="energy-2024", university_code="alpha")
        fill(now, round_, clerk.actor)
    text = browser(clerk).get(page("round", "energy-2024")).content.decode()
    definition = queries.definition_of(round_)
    assert [text.count(f"上年口径：{d.calibres[0].name}") for d in definition.denominators] == [1] * 4


def test_a_round_without_figures_offers_the_upload_once(clerk, round_):
    shown = BeautifulSoup(browser(clerk).get(page("round", "energy-2024")).content, "html.parser")
    assert [link.get_text(strip=True) for link in shown.select("main a.btn-primary")] == ["上传表格"]
    assert len(shown.select(f"main a[href='{page('upload', 'energy-2024')}']")) == 1


def test_the_original_is_a_download(clerk, round_):
    client = browser(clerk)
    upload = upload_e01(client)
    response = client.get(page("original", upload.pk))
    assert b"".join(response.streaming_content) == sample("e01").read_bytes()
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_double_click_on_the_form_is_one_job(clerk, round_):
    client = browser(clerk)
    upload_e01(client)
    with sample("e01").open("rb") as file:
        client.post(page("upload", "energy-2024"), {"file": file})
    assert Job.objects.count() == 1


def test_a_refused_file_names_the_other_university_and_keeps_the_draft(clerk, round_):
    client = browser(clerk)
    with sample("e02").open("rb") as file:
        client.post(page("upload", "energy-2024"), {"file": file})
    with in_university("alpha"):
        upload = Upload.objects.get()
    read(upload)
    text = client.get(page("result", upload.pk)).content.decode()
    assert "沽上师范大学" in text
    assert "没有读入任何数，草稿没有变" in text
    assert client.get(page("original", upload.pk)).status_code == 200


def test_pages_of_a_university_are_not_kept_by_browsers(clerk, round_):
    assert browser(clerk).get(page("home"))["Cache-Control"] == "private, no-store"


def test_a_correction_of_the_mapping_reads_the_file_again(clerk, round_):
    upload = upload_e01(browser(clerk))
    read(upload)
    with in_university("alpha"):
        entry = next(
            m for m in upload.report["mapping"] if m["item"] == "diesel" and m["measure"] == "quantity"
        )
        said = {"key": entry["key"], "item": "kerosene", "measure": "quantity", "unit": entry["unit"]}
        again = operations.confirm_mapping(upload=upload, entries=[said], actor=clerk.actor, now=NOW_IS)
        assert again
        upload.refresh_from_db()
        run(upload)
        items = {m["item"] for m in upload.report["mapping"]}
        assert "kerosene" in items
        assert queries.remembered_mapping("energy")["headers"][entry["key"]]["item"] == "kerosene"
    with in_public():
        assert Job.objects.count() == 2


def test_blanks_are_explained_with_the_form_the_page_shows(clerk, round_):
    """The form goes out as a browser would send it, with the boxes the page has ticked."""
    mine = browser(clerk)
    upload = upload_e01(mine)
    read(upload)
    mine.post(page("load", upload.pk), {"revision": 1})
    with in_university("alpha"):
        filing = Filing.objects.get()
        values = [
            {"item": "water", "measure": "quantity", "period": f"2024-{m:02}", "value": None} for m in (3, 4)
        ]
        operations.set_values(
            filing=filing, values=values, revision=filing.revision, actor=clerk.actor, now=database_now()
        )
    shown = BeautifulSoup(mine.get(page("round", "energy-2024")).content, "html.parser")
    (form,) = [f for f in shown.find_all("form") if f.find("input", attrs={"name": "rule", "value": "blank"})]
    mine.post(form["action"], fields_of(form) | {"reason": "水表检修"})
    after = BeautifulSoup(mine.get(page("round", "energy-2024")).content, "html.parser")
    assert after.find("input", attrs={"name": "rule", "value": "blank"}) is None


def test_what_was_written_is_undone_only_while_the_draft_is_open(clerk, round_):
    mine = browser(clerk)
    upload = upload_e01(mine)
    read(upload)
    mine.post(page("load", upload.pk), {"revision": 1})
    with in_university("alpha"):
        complete(Filing.objects.get(), round_, clerk.actor)
        revision = Filing.objects.get().revision

    def acts() -> list[str]:
        soup = BeautifulSoup(mine.get(page("result", upload.pk)).content, "html.parser")
        forms = [
            button.find_parent("form")["action"] for button in soup.select("main form button[type=submit]")
        ]
        return [*forms, *(link.get_text() for link in soup.select("main .verdict a"))]

    assert acts() == [page("undo", upload.pk), "看草稿"]
    mine.post(page("undo", upload.pk))
    assert acts()[0] == page("take_again", upload.pk)
    again = mine.post(page("take_again", upload.pk))
    with in_university("alpha"):
        upload = Upload.objects.exclude(pk=upload.pk).get()
    assert again.url == page("result", upload.pk)
    read(upload)
    with in_university("alpha"):
        revision = Filing.objects.get().revision
    mine.post(page("load", upload.pk), {"revision": revision})
    assert acts() == [page("undo", upload.pk), "看草稿"]
    with in_university("alpha"):
        revision = Filing.objects.get().revision
    mine.post(page("submit", "energy-2024"), {"revision": revision})
    assert Obligation.objects.get(university_code="alpha").state == "submitted"
    assert acts() == ["看报表"]


def test_the_annotated_workbook_is_the_clerks_own_with_its_findings(clerk, round_):
    mine = browser(clerk)
    upload = upload_e01(mine)
    read(upload)
    shown = BeautifulSoup(mine.get(page("result", upload.pk)).content, "html.parser")
    links = [link["href"] for link in shown.select(".hq-acts a") if "批注件" in link.get_text()]
    assert links == [page("annotated", upload.pk)]
    response = mine.get(links[0])
    named = quote(f"{sample('e01').stem}（批注）.xlsx")
    assert response["Content-Disposition"] == f"attachment; filename*=UTF-8''{named}"
    book = openpyxl.load_workbook(BytesIO(response.content))
    with in_university("alpha"):
        found = len(Upload.objects.get().report["issues"])
    assert (book.sheetnames[-1], book["核对结果"].max_row, found) == ("核对结果", 4 + found, 15)
    assert mark_of(read_book(sniff(response.content)).sheets) == str(upload.pk)


def test_the_annotated_workbook_sent_again_writes_nothing_new(clerk, round_):
    mine = browser(clerk)
    upload = upload_e01(mine)
    read(upload)
    mine.post(page("load", upload.pk), {"revision": 1})
    back = mine.get(page("annotated", upload.pk)).content
    file = SimpleUploadedFile("e01（批注）.xlsx", back)
    mine.post(page("upload", "energy-2024"), {"file": file}, headers={"Accept": "application/json"})
    with in_university("alpha"):
        again = Upload.objects.exclude(pk=upload.pk).get()
    read(again)
    with in_university("alpha"):
        again.refresh_from_db()
        revision = Filing.objects.get().revision
        before = list(queries.values_of(Filing.objects.get()))
    assert (again.report["meta"]["annotated"], again.report["values"]) == (str(upload.pk), 130)
    mine.post(page("load", again.pk), {"revision": revision})
    with in_university("alpha"):
        assert list(queries.values_of(Filing.objects.get())) == before
        assert Filing.objects.get().events.latest("at").facts["changed"] == 0


def test_a_workbook_that_cannot_be_annotated_says_so_and_offers_the_original(clerk, round_, monkeypatch):
    monkeypatch.setattr(
        "surveys.filings.views.downloads.annotate_in_child", partial(annotate_in_child, limits=NO_TIME)
    )
    mine = browser(clerk)
    upload = upload_e01(mine)
    read(upload)
    shown = mine.get(page("annotated", upload.pk), follow=True)
    assert shown.redirect_chain == [(page("result", upload.pk), 302)]
    said = [str(message) for message in shown.context["messages"]]
    assert said == ["批注件没有做成：这份文件太大或结构特殊。问题都在本页，原件可以下载。"]


def table_of(client, upload) -> tuple[str, list[list[str]]]:
    """The title and the lines of what an upload changes."""
    soup = BeautifulSoup(client.get(page("result", upload.pk)).content, "html.parser")
    part = soup.select_one("#differences")
    lines = [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in part.select("tbody tr")
    ]
    return part.header.span.get_text(), lines


def test_a_second_upload_shows_what_it_changes_before_and_after_it_is_written(clerk, round_):
    mine = browser(clerk)
    first = upload_e01(mine)
    read(first)
    assert (
        BeautifulSoup(mine.get(page("result", first.pk)).content, "html.parser").select("#differences") == []
    )
    mine.post(page("load", first.pk), {"revision": 1})
    with in_university("alpha"):
        filing = Filing.objects.get()
        key = {"item": "electricity", "measure": "quantity"}
        typed = [{**key, "period": "2024-02", "value": "1234567"}]
        now = database_now()
        operations.set_values(
            filing=filing, values=typed, revision=filing.revision, actor=clerk.actor, now=now
        )
    book = openpyxl.load_workbook(sample("e01"))
    book["Sheet1"]["B5"].value *= 2
    out = BytesIO()
    book.save(out)
    file = SimpleUploadedFile(sample("e01").name, out.getvalue())
    mine.post(page("upload", "energy-2024"), {"file": file}, headers={"Accept": "application/json"})
    with in_university("alpha"):
        second = Upload.objects.exclude(pk=first.pk).get()
    read(second)
    title, lines = table_of(mine, second)
    assert title == "改动 2 个数，142 格不变"
    assert lines == [
        ["2月 电力用量 手工填", "1,234,567", "1,554,459 kWh", "+25.9%", "Sheet1!B6"],
        ["1月 电力用量", "2,689,749", "5,379,498 kWh", "+100.0%", "Sheet1!B5"],
    ]
    with in_university("alpha"):
        revision = Filing.objects.get().revision
    mine.post(page("load", second.pk), {"revision": revision})
    assert table_of(mine, second) == (title, lines)


def test_the_template_is_offered_where_the_upload_is(clerk, round_):
    day = datetime.timedelta(days=1)
    open_round("energy-2023", "2023", opens=NOW_IS - 900 * day, due=NOW_IS + day, closes=NOW_IS + day)
    water = {"item": "water", "measure": "quantity"}
    amounts = [{**water, "period": f"2023-{month:02}", "value": f"{900 + month}"} for month in range(1, 13)]
    with in_university("alpha"):
        before = operations.ensure_filing(round_code="energy-2023", university_code="alpha")
        now = database_now()
        operations.set_values(
            filing=before, values=amounts, revision=before.revision, actor=clerk.actor, now=now
        )
    mine = browser(clerk)
    shown = BeautifulSoup(mine.get(page("upload", "energy-2024")).content, "html.parser")
    links = [link["href"] for link in shown.select(".hq-acts a")]
    assert links == [page("template", "energy-2024")]
    book = openpyxl.load_workbook(BytesIO(mine.get(links[0]).content))
    assert book["填报"]["A1"].value == "海津理工大学2024年能源资源消费统计表"
    last = [[cell.value for cell in row] for row in book["上年参考"].iter_rows(min_row=3, max_row=5)]
    assert last == [["月份", "水用量（m3）"], ["1月", 901], ["2月", 902]]
