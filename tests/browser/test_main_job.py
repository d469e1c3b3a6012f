"""From the front page to the benchmark by clicking, at a desk and on a phone."""

from pathlib import Path

import openpyxl
import pytest

from local.stage import PASSWORD

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
REASON = "新实验楼启用，已核对抄表记录"
# at a desk the clean workbook, on a phone the one by building with warnings
WAYS = [(1440, "haijin", "e01"), (390, "gushang", "e02")]


def sample(prefix: str) -> Path:
    (path,) = SAMPLES.glob(f"{prefix}_*.xlsx")
    return path


@pytest.mark.parametrize(("width", "code", "prefix"), WAYS)
def test_workbook_becomes_a_benchmark_by_clicking(person, width, code, prefix):
    clerk = person(width)
    clerk.page.goto("/")
    clerk.look("front-page")
    sign_in(clerk, f"clerk@{code}.demo")
    clerk.look("clerk-home")
    upload(clerk, sample(prefix))
    finish_draft(clerk, code)
    sign(person(width, f"approver@{code}.demo"))
    accept(person(width, "staff@demo"), code)


def sign_in(one, email: str) -> None:
    one.page.get_by_role("link", name="高校平台登录").first.click()
    one.look("sign-in")
    one.sign_in(email)


def upload(clerk, path: Path) -> None:
    clerk.page.get_by_role("link", name="去填报").first.click()
    clerk.look("upload")
    clerk.page.set_input_files("input[type=file]", str(path))
    clerk.page.get_by_role("button", name="上传并核对").click()
    clerk.page.wait_for_selector("text=/读到 .*个数/", timeout=60_000)
    clerk.look("result")
    clerk.page.get_by_role("button", name="写入草稿").first.click()
    clerk.page.wait_for_url("**/rounds/energy-2024/**")


def finish_draft(clerk, code: str) -> None:
    """Denominators and boundary as offered, one reason for each open rule, then handed to the approver."""
    clerk.look("round-draft")
    form = clerk.page.locator("form[action*='/denominators/']")
    form.locator("button[type=submit]").first.click()
    clerk.page.wait_for_load_state("load")
    clerk.page.locator("form[action*='/boundary/'] button[type=submit]").first.click()
    clerk.page.wait_for_load_state("load")
    for _ in range(20):
        submit = clerk.page.locator("form[action$='/submit/'] button[type=submit]")
        if submit.count() and submit.first.is_enabled():
            break
        explain_one(clerk)
    clerk.look("round-ready")
    submit.first.click()
    confirm(clerk)
    clerk.page.wait_for_selector("text=/待签发|等.*签发/")
    clerk.look("round-submitted")


def explain_one(clerk) -> None:
    """Gives a reason in the first form that still wants one."""
    forms = clerk.page.locator("form[action$='/explain/']")
    for place in range(forms.count()):
        form = forms.nth(place)
        why = form.locator("textarea[name=reason]")
        if not why.input_value():
            why.evaluate(
                "area => { for (let at = area; at; at = at.parentElement) if (at.tagName == 'DETAILS') at.open = true }"
            )
            why.fill(REASON)
            # the first gives the reason, another says that there is nothing of the kind
            form.locator("button[type=submit]").first.click()
            clerk.page.wait_for_load_state("load")
            return
    raise AssertionError(f"nothing left to explain and still not ready: {clerk.page.url}")


def confirm(one) -> None:
    """Says yes where a button asks again."""
    again = one.page.locator("[data-confirm-yes]:visible, .hq-confirm button:visible")
    if again.count():
        again.first.click()


def sign(approver) -> None:
    approver.look("approver-home")
    approver.page.get_by_role("link", name="签发").first.click()
    approver.look("sign")
    approver.page.locator("form[method=post] button.btn-primary").first.click()
    confirm(approver)
    approver.page.wait_for_url("**/sealed/1/")
    approver.look("sealed")


def accept(staff, code: str) -> None:
    staff.page.goto("/desk/")
    staff.look("desk")
    staff.page.goto("/desk/review/")
    staff.look("review-queue")
    staff.page.goto(f"/desk/review/energy-2024-{code}-v1/")
    staff.look("review")
    staff.page.get_by_role("button", name="接受").first.click()
    confirm(staff)
    staff.page.wait_for_selector("text=已接受")


def test_session_that_ends_in_mid_work_leads_to_the_sign_in_and_back(person, tmp_path):
    clerk = person(1440, "clerk@luxi.demo")
    clerk.page.goto("/u/luxi/rounds/energy-2024/upload/")
    # saved once more: the same bytes a moment after another test's would be the same upload, read already
    again = tmp_path / sample("e06").name
    openpyxl.load_workbook(sample("e06")).save(again)
    clerk.page.set_input_files("input[type=file]", str(again))
    clerk.page.get_by_role("button", name="上传并核对").click()
    clerk.page.wait_for_url("**/uploads/**")
    at = clerk.page.url
    # the page goes on asking how far the reading is
    clerk.page.context.clear_cookies()
    clerk.page.wait_for_url("**/account/login/?next=/u/luxi/rounds/uploads/**", timeout=30_000)
    enter(clerk, "clerk@luxi.demo")
    assert clerk.page.url == at
    clerk.page.wait_for_selector("text=/读到 .*个数/", timeout=60_000)
    # a form that is sent afterwards
    clerk.page.goto("/u/luxi/notices/")
    at = clerk.page.url
    signed_out = [c for c in clerk.page.context.cookies() if c["name"] == "csrftoken"]
    clerk.page.context.clear_cookies()
    clerk.page.context.add_cookies(signed_out)
    clerk.page.get_by_role("button", name="全部标为已读").click()
    clerk.page.wait_for_selector("text=刚才那一步没有做成")
    clerk.look("signed-out")
    enter(clerk, "clerk@luxi.demo")
    assert clerk.page.url == at


def enter(one, email: str) -> None:
    """Signs in on the page that stands there."""
    one.page.fill("input[name=login]", email)
    one.page.fill("input[name=password]", PASSWORD)
    one.page.press("input[name=password]", "Enter")
    one.page.wait_for_url(lambda url: "/account/login/" not in url)


@pytest.mark.parametrize("width", [1440, 390])
def test_commission_reads_every_page_of_the_benchmark(person, width):
    commission = person(width, "commission@demo")
    commission.page.goto("/benchmarks/")
    commission.look("benchmarks")
    for name, path in (
        ("benchmarks-energy", "/benchmarks/energy/"),
        ("benchmarks-completion", "/benchmarks/completion/"),
        ("benchmarks-releases", "/benchmarks/releases/"),
        ("benchmarks-rules", "/benchmarks/rules/"),
        ("benchmarks-indicator", "/benchmarks/energy/eui_kgce_m2/"),
    ):
        commission.page.goto(path)
        commission.look(name)


@pytest.mark.parametrize("width", [1440, 390])
def test_university_sees_where_it_stands_and_its_register(person, width):
    clerk = person(width, "clerk@bolan.demo")
    for name, path in (
        ("position", "/u/bolan/benchmarks/"),
        ("facilities", "/u/bolan/facilities/"),
        ("notices", "/u/bolan/notices/"),
        ("rounds", "/u/bolan/rounds/"),
        ("round-accepted", "/u/bolan/rounds/energy-2023/"),
    ):
        clerk.page.goto(path)
        clerk.look(name)


@pytest.mark.parametrize("width", [1440, 390])
def test_staff_find_rounds_releases_and_people(person, width):
    staff = person(width, "staff@demo")
    for name, path in (
        ("desk-rounds", "/desk/rounds/"),
        ("desk-round", "/desk/rounds/energy-2024/"),
        ("desk-releases", "/desk/releases/"),
        ("desk-release-preview", "/desk/releases/energy-2024/"),
        ("desk-people", "/desk/people/"),
    ):
        staff.page.goto(path)
        staff.look(name)


@pytest.mark.parametrize("width", [1440, 390])
def test_strangers_and_wrong_roles_meet_pages_that_say_what_to_do(person, width):
    clerk = person(width, "clerk@haijin.demo")
    for name, path in (("not-found", "/u/gushang/"), ("forbidden", "/desk/"), ("no-page", "/no-such-page/")):
        clerk.page.goto(path)
        clerk.look(name)
