"""The paper of a seal: what is printed on it, how it is checked, and how the stamped one comes back."""

import io
import random
import re
import zlib

import pypdfium2
import pytest
from django.test import Client
from PIL import Image, ImageDraw

from files import storage
from surveys.submissions.codes import address_of, cleaned, code_of, grouped, read_address
from surveys.submissions.models import Proof, StampedCopy
from surveys.submissions.operations import NotThisPaper, SubmissionError, receive_stamped, withdraw
from surveys.submissions.printed import content, paper_pdf
from surveys.submissions.scan import NotAScan, read_scan
from tenants.context import in_university
from tests.surveys.factories import IN_TIME, energy_rows, make_round, make_seal

pytestmark = pytest.mark.django_db

REASON = {
    "rule": "V05", "facility": "", "item": "water", "measure": "quantity", "period": "2024-06",
    "text": "#evil() *北区* $x$ 浴室启用 \\u{41} <a> = 标题", "actor_name": "林知行",
}  # fmt: skip


@pytest.fixture
def sealed():
    return make_seal(make_round(), explanations=[REASON])


def words(pdf: bytes) -> str:
    """The text of a PDF without blanks, page after page."""
    document = pypdfium2.PdfDocument(pdf)
    return re.sub(r"\s+", "", "".join(page.get_textpage().get_text_range() for page in document))


def scanned(
    pdf: bytes, *, dots: int = 200, turn: float = 0.0, stamp: bool = True, kind: str = "JPEG", **options
) -> bytes:
    """The first page as a scanner sends it: a little askew, with a red stamp over its place and some noise."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=dots / 72).to_pil().convert("RGB")
    if stamp:
        side = page.width // 6
        at = (int(page.width * 0.62), int(page.height * 0.62))
        ImageDraw.Draw(page).ellipse((*at, at[0] + side, at[1] + side), outline=(200, 20, 30), width=8)
    page = page.rotate(turn, expand=True, fillcolor=(250, 250, 248))
    dice = random.Random(7)
    for _dot in range(4000):
        page.putpixel((dice.randrange(page.width), dice.randrange(page.height)), (90, 90, 90))
    out = io.BytesIO()
    page.save(out, kind, **options)
    return out.getvalue()


def send(submission, data: bytes, name: str = "扫描件.jpg", code: str = "") -> StampedCopy:
    with in_university(submission.university_code):
        return receive_stamped(
            submission=submission,
            name=name,
            data=data,
            code=code,
            actor_id=7,
            actor_name="林知行",
            now=IN_TIME,
        )


def test_paper_shows_sums_code_and_reasons_as_they_were_sealed(sealed):
    text = words(paper_pdf(sealed, clerks=["林知行"]))
    electricity = sum(row["value"] for row in energy_rows() if row["item"] == "electricity")
    wanted = [
        f"{electricity:,.0f}",
        "甲子大学（公章）",
        grouped(code_of(sealed)),
        sealed.number,
        "陈望舒",
        "林知行",
    ]
    assert [word for word in wanted if word.replace(" ", "") not in text] == []


def test_paper_prints_what_people_typed_and_never_runs_it(sealed):
    assert re.sub(r"\s+", "", REASON["text"]) in words(paper_pdf(sealed))


def test_paper_of_one_seal_is_the_same_bytes_each_time(sealed):
    assert paper_pdf(sealed) == paper_pdf(sealed)


def test_paper_of_buildings_has_a_row_for_each(sealed):
    rows = [{**row, "facility": code} for code in ("B01", "B02") for row in energy_rows()]
    places = [{"id": "B01", "name": "梅园 1 号楼"}, {"id": "B02", "name": "兰园 2 号楼"}]
    of_places = make_seal(make_round("NY2023", "2023"), rows=rows, facilities=places)
    tables = [part for annex in content(of_places)["annexes"] for part in annex["parts"]]
    assert [row[0] for row in tables[1]["rows"]] == ["梅园 1 号楼", "兰园 2 号楼"]


def test_draft_says_what_it_is_and_bears_no_code(sealed):
    told = content(sealed, draft=True)
    assert (told["seal"], told["watermark"], told["foot"]) == (None, "草稿", "草稿，没有封存")


def test_code_on_the_paper_leads_to_the_page_that_says_same_data(sealed):
    [text] = read_scan(scanned(paper_pdf(sealed)), "扫描件.jpg").codes
    assert text == address_of(sealed)
    response = Client().get(text.partition("8000")[2])
    assert (response.status_code, response.context["same"]) == (200, True)


def test_number_and_code_typed_with_blanks_say_same_data(sealed):
    typed = {"number": f" {sealed.number} ", "c": grouped(code_of(sealed)).upper()}
    response = Client().get("/verify/", typed, follow=True)
    assert response.context["same"] is True


def plain(response, number: str) -> str:
    """A page without the number asked for and the token of its forms."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode()).replace(
        number, ""
    )


def test_wrong_code_and_unknown_number_get_one_answer(sealed):
    wrong = Client().get(f"/verify/{sealed.number}/", {"c": "0" * 16})
    absent = Client().get("/verify/NY2024-beta-v1/", {"c": "0" * 16})
    assert wrong.context["same"] is absent.context["same"] is False
    assert plain(wrong, sealed.number) == plain(absent, "NY2024-beta-v1")


def test_b15_paper_of_another_version_differs_from_its_number(sealed):
    other = make_seal(make_round("NY2023", "2023"))
    assert Client().get(f"/verify/{other.number}/", {"c": code_of(sealed)}).context["same"] is False


def test_code_alone_shows_no_value_and_no_name(sealed):
    page = Client().get(f"/verify/{sealed.number}/", {"c": code_of(sealed)}).content.decode()
    sums = [
        f"{sum(r['value'] for r in energy_rows() if r['item'] == item):,.0f}"
        for item in ("electricity", "water")
    ]
    assert [word for word in (*sums, "陈望舒", "21,000") if word in page] == []


def test_paper_of_a_withdrawn_version_says_so(sealed):
    with in_university("alpha"):
        withdraw(submission=sealed, actor_id=7, actor_name="林知行", now=IN_TIME, reason="数不对")
    response = Client().get(f"/verify/{sealed.number}/", {"c": code_of(sealed)})
    assert (response.context["same"], response.context["withdrawn"]) == (True, True)


def test_codes_of_two_nil_returns_differ_although_their_figures_are_the_same(sealed):
    nil = {"nil": {"reason": "新校区未启用", "by": "林知行"}}
    one, other = (
        make_seal(make_round(f"NY{year}", year), rows=[], declared=nil) for year in ("2022", "2023")
    )
    assert (one.sha256 == other.sha256, code_of(one) == code_of(other)) == (True, False)
    assert Client().get(f"/verify/{one.number}/", {"c": one.sha256[:16]}).context["same"] is False


@pytest.mark.parametrize(
    "change", [{"denominators": {}}, {"declared": {"nil": {"reason": "x"}}}, {"sha256": "0" * 64}]
)
def test_code_covers_all_that_is_printed(sealed, change):
    before = code_of(sealed)
    for name, value in change.items():
        setattr(sealed, name, value)
    assert code_of(sealed) != before


@pytest.mark.parametrize("text", ["https://example.org/other", "随便什么", "http://x/verify/a/?c=xyz", ""])
def test_codes_that_are_not_of_our_papers_are_none(text):
    assert read_address(text) is None


def test_typed_code_is_read_without_what_separates_it():
    typed = (
        "9F2C 71e0-4b8d_a635",
        "９Ｆ２ｃ　７１ｅ０ 4b8da635",
        "9f2c7leO4b8da635",
        "9f2c71e04b8da63",
        "9f2c71e04b8da63g",
    )
    assert [cleaned(text) for text in typed] == ["9f2c71e04b8da635"] * 3 + ["", ""]


def test_number_and_code_typed_full_width_or_small_say_same_data(sealed):
    wide = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789abcdefNYvNYalph-"}
    for number in (sealed.number.lower(), sealed.number.translate(wide), address_of(sealed)):
        typed = {"number": number, "c": code_of(sealed).translate(wide)}
        assert Client().get("/verify/", typed, follow=True).context["same"] is True


@pytest.mark.parametrize(
    ("kind", "turn", "dots"), [("JPEG", 1.5, 200), ("PNG", -3, 150), ("PDF", 0.7, 200), ("JPEG", 180, 150)]
)
def test_l12_stamped_scan_is_tied_to_its_seal_by_its_code(sealed, kind, turn, dots):
    copy = send(sealed, scanned(paper_pdf(sealed), turn=turn, dots=dots, kind=kind), f"盖章.{kind.lower()}")
    assert (copy.submission_id, copy.proof, copy.university_code) == (sealed.pk, Proof.SCANNED, "alpha")


def test_b15_stamped_scan_of_another_paper_is_refused_by_its_name(sealed):
    other = make_seal(make_round("NY2023", "2023"))
    with pytest.raises(NotThisPaper, match=other.number):
        send(sealed, scanned(paper_pdf(other)))
    assert StampedCopy.objects.count() == 0


def test_scan_without_a_code_asks_for_it_and_takes_it_typed(sealed):
    blank = scanned(paper_pdf(sealed, draft=True))
    with pytest.raises(NotThisPaper, match="没有认出"):
        send(sealed, blank)
    with pytest.raises(NotThisPaper, match="不一致"):
        send(sealed, blank, code="0000 0000 0000 0000")
    assert send(sealed, blank, code=grouped(code_of(sealed))).proof == Proof.TYPED


def test_scan_sent_twice_is_kept_once(sealed):
    data = scanned(paper_pdf(sealed))
    assert send(sealed, data).pk == send(sealed, data).pk


def letter(text: str) -> bytes:
    """A page of a PDF that bears somebody else's code."""
    import segno

    out = io.BytesIO()
    segno.make(text).save(out, kind="pdf", scale=6)
    return out.getvalue()


def test_code_is_found_behind_a_covering_letter_that_bears_another(sealed):
    bundle = pypdfium2.PdfDocument(letter("https://weixin.example/abc"))
    bundle.import_pages(pypdfium2.PdfDocument(scanned(paper_pdf(sealed), kind="PDF")))
    out = io.BytesIO()
    bundle.save(out)
    assert send(sealed, out.getvalue(), "函和报表.pdf").proof == Proof.SCANNED


def test_photo_is_kept_without_the_place_where_it_was_taken(sealed):
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 5.0, 30.0), 3: "E", 4: (117.0, 12.0, 1.0)})
    exif[0x010F] = "电话厂商"
    data = scanned(paper_pdf(sealed), exif=exif, comment=b"at the office")
    kept = storage.read("alpha", send(sealed, data).sha256)
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(kept)) as after:
        assert (dict(before.getexif().get_ifd(0x8825)) != {}, dict(after.getexif()), after.info.get("comment")) == (
            True, {}, None)  # fmt: skip


def bomb() -> bytes:
    """A PNG of a few kilobytes that asks for ten gigabytes."""
    out = io.BytesIO()
    Image.new("1", (100, 100)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = (60000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "kind"),
        (b"PK\x03\x04 a workbook", "kind"),
        (b"%PDF-1.7\nnothing of a document", "damaged"),
        (b"\xff\xd8\xff\xe0 torn", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "damaged"),
        (b"%PDF-" + b"0" * (20 << 20), "large"),
    ],
)
def test_file_that_is_no_scan_is_refused_with_its_reason(data, reason):
    with pytest.raises(NotAScan) as refused:
        read_scan(data, "文件")
    assert refused.value.reason == reason


def test_picture_that_asks_for_gigabytes_is_refused():
    with pytest.raises(NotAScan) as refused:
        read_scan(bomb(), "bomb.png")
    assert refused.value.reason in ("large", "damaged")


def test_pdf_with_too_many_pages_is_refused(sealed):
    document = pypdfium2.PdfDocument.new()
    for _page in range(13):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(NotAScan) as refused:
        read_scan(out.getvalue(), "book.pdf")
    assert refused.value.reason == "pages"


def test_every_reason_has_a_sentence(sealed):
    with pytest.raises(SubmissionError, match="只收扫描件"):
        send(sealed, b"text", "说明.txt")


def test_stamped_paper_of_one_university_is_not_there_for_another(sealed):
    copy = send(sealed, scanned(paper_pdf(sealed)))
    with in_university("beta"):
        assert StampedCopy.objects.count() == 0
    with in_university("alpha"):
        assert list(StampedCopy.objects.values_list("pk", flat=True)) == [copy.pk]
