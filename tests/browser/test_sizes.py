"""A campus that opened in September, and who else uses energy: filled in at a desk and on a phone, with and without
scripts, in an amendment that is given up again."""

import pytest

pytestmark = pytest.mark.browser

PARTS = (
    ("新校区一期", "60000", "2024-09", "2024-12"),
    ("新校区二期", "12,000", "2024-11", "2024-12"),
    ("老实验楼", "2400", "2024-01", "2024-05"),
)


@pytest.fixture(params=[(1440, "qigu", True), (390, "jingxi", False)], ids=["desk", "phone, no scripts"])
def amending(request, person, browser, stage):
    """A clerk's page of a report that is being amended, and the clerk; afterwards the amendment is given up."""
    width, code, scripts = request.param
    clerk = person(width, f"clerk@{code}.demo")
    report = f"/u/{code}/rounds/energy-2024/"
    clerk.page.goto(report)
    press(clerk, "更正已接受的数据", "开始更正", reason="新校区 9 月启用")
    page = clerk.page
    if not scripts:
        state = clerk.page.context.storage_state()
        context = browser.new_context(
            java_script_enabled=False, storage_state=state, base_url=stage.address,
            viewport={"width": width, "height": 844},
        )  # fmt: skip
        page = context.new_page()
    page.goto(report)
    yield page, clerk
    if not scripts:
        page.context.close()
    clerk.page.goto(report)
    press(clerk, "放弃更正", "放弃更正")
    assert clerk.page.locator("text=放弃更正，").count()


def press(clerk, button: str, yes: str, reason: str = "") -> None:
    """A button that asks again, and its answer."""
    clerk.page.get_by_text(button, exact=True).first.click()
    if reason:
        clerk.page.fill("#amend-reason", reason)
    clerk.page.get_by_role("button", name=yes).last.click()
    clerk.page.wait_for_load_state("load")


def test_areas_by_months_and_the_boundary_by_hand(amending):
    page, clerk = amending
    page.locator("#denominators details.parts summary").first.click()
    page.fill("[name=value-floor_area]", "100000")
    for n, (name, value, first, last) in enumerate(PARTS):
        page.fill(f"[name=part-floor_area-{n}-name]", name)
        page.fill(f"[name=part-floor_area-{n}-value]", value)
        page.select_option(f"[name=part-floor_area-{n}-first]", first)
        page.select_option(f"[name=part-floor_area-{n}-last]", last)
    page.get_by_role("button", name="保存人数和面积").click()
    page.wait_for_load_state("load")
    total = "100,000 + 60,000 × 4/12 + 12,000 × 2/12 + 2,400 × 5/12 = 123,000 m²"
    assert page.locator("#denominators").get_by_text(total).is_visible()
    residents = page.locator("#boundary fieldset").first
    assert residents.get_by_label("没有", exact=True).is_checked()
    assert not residents.locator("[name=amount-residents-electricity]").is_visible()
    residents.get_by_text("已扣除").click()
    residents.locator("[name=amount-residents-electricity]").fill("1.2万度")
    page.get_by_role("button", name="保存边界").click()
    page.wait_for_load_state("load")
    assert residents.locator("[name=amount-residents-electricity]").input_value() == "12000"
    clerk.page.reload()
    clerk.look("sizes-and-boundary")
    shown = clerk.page.locator("main").inner_text()
    assert "边界：家属区" in shown
    assert "已扣除（电力 12,000 kWh）" in shown
