"""The grid at a browser: typed by keys alone, pasted, lost line, two at once, phone."""

import json
import re

import pytest

pytestmark = pytest.mark.browser

GRID = "/u/weigu/rounds/energy-2024/grid/"
SAVED = "[data-grid=status][data-state=saved]"
BLOCK = "\r\n".join(
    (
        "月份\t用电量(万kWh)\t电费\t水",
        "1月\t12.3\t73,800\t１２３４",
        "2月\t约11\t66000\t见附表",
        "合计\t23.3\t139800\t1234",
        "",
    )
)


@pytest.fixture
def second(stage) -> str:
    """The address of somebody else who types at the same university."""
    stage.services.postgres.sql(
        "INSERT INTO tenants_membership (user_id, university_id, role, created_at)"
        " SELECT u.id, v.id, 'clerk', now() FROM accounts_user u, tenants_university v"
        " WHERE u.email = 'clerk@guji.demo' AND v.code = 'weigu' ON CONFLICT DO NOTHING",
        database=stage.database,
    )
    return "clerk@guji.demo"


@pytest.fixture
def at_grid(person):
    """Somebody at the grid of a university, at a width."""

    def go(width: int = 1440, email: str = "clerk@weigu.demo"):
        one = person(width, email)
        one.page.goto(GRID)
        one.page.wait_for_selector("[data-grid=table] [data-r], [data-grid=form] input")
        return one

    return go


def cell(one, at: str):
    """A cell by item|measure|month."""
    item, measure, month = at.split("|")
    column = one.page.evaluate(
        "key => hqGridPage.table.columns.findIndex(c => c.key === key)", f"{item}|{measure}"
    )
    return one.page.locator(f"[data-r='{int(month) - 1}'][data-c='{column}']")


def value(one, at: str) -> str:
    return cell(one, at).locator(".grid-value").inner_text()


def focus(one, at: str) -> None:
    cell(one, at).click()


def inside_a_cell(page) -> bool:
    return page.evaluate("Boolean(document.activeElement.closest('[role=gridcell]'))")


def type_in(one, *texts: str) -> None:
    for text in texts:
        one.page.keyboard.type(text)
        one.page.keyboard.press("Enter")


def saved(one) -> None:
    one.page.wait_for_selector(SAVED)


def clear(one, *columns: str) -> None:
    """Empties columns and saves."""
    one.page.evaluate(
        "keys => hqGridPage.change(Object.keys(hqGridPage.model.cells).filter("
        "at => keys.some(k => at.startsWith(k + '|'))).map(at => ({at, text: ''})))",
        list(columns),
    )
    while one.page.evaluate("hqGridPage.model.sending()"):
        one.page.wait_for_timeout(50)


def paste(one, text: str) -> None:
    """What the browser does on Ctrl+V with this on the clipboard, until the page has done its part."""
    one.page.evaluate(
        """text => { const clipboardData = new DataTransfer(); clipboardData.setData("text/plain", text);
        document.activeElement.dispatchEvent(
          new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true})) }""",
        text,
    )
    while "正在看" in one.page.locator("[data-grid=said]").inner_text():
        if one.page.locator("#grid-dialog").is_visible():
            break
        one.page.wait_for_timeout(20)


def test_a_report_is_typed_with_keys_alone(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "electricity|quantity", "electricity|cost", "water|quantity", "water|cost")
    clerk.look("grid-empty")
    # from the top of the page to the first cell without a mouse
    page.locator("[data-grid=last]").focus()
    for _ in range(20):
        if inside_a_cell(page):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Control+Home")
    type_in(clerk, "12.3万", "１１００００", "约90000", "95,000度", "0.1 GWh", "表坏")
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    type_in(clerk, "73800")
    saved(clerk)
    shown = [value(clerk, f"electricity|quantity|{n:02}") for n in range(1, 7)]
    assert shown == ["123,000", "110,000", "90,000", "95,000", "100,000", "表坏"]
    assert "估计值" in cell(clerk, "electricity|quantity|03").inner_text()
    # a word is refused where it stands, with the reason, and stays to be mended
    focus(clerk, "electricity|quantity|07")
    type_in(clerk, "十来万")
    page.wait_for_selector("[data-grid=status][data-state=left]")
    assert "“十来万”不是数字" in page.locator("[data-grid=said]").inner_text()
    assert cell(clerk, "electricity|quantity|07").locator(".grid-value").inner_text() == "十来万"
    focus(clerk, "electricity|quantity|07")
    clerk.look("grid-refused")
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    type_in(clerk, "98000")
    saved(clerk)
    # Delete empties, Ctrl+Z brings back, Ctrl+E marks, Ctrl+D fills
    focus(clerk, "electricity|quantity|07")
    page.keyboard.press("Delete")
    saved_text = "98,000"
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+e")
    saved(clerk)
    assert value(clerk, "electricity|quantity|07") == saved_text
    assert cell(clerk, "electricity|quantity|07").locator(".grid-mark").inner_text() == "估"
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    saved(clerk)
    assert value(clerk, "electricity|quantity|09") == saved_text
    # what is saved is there after a reload
    page.reload()
    page.wait_for_selector("[data-r]")
    assert value(clerk, "electricity|quantity|01") == "123,000"
    # Escape, then Tab, leaves the grid
    focus(clerk, "electricity|quantity|01")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not inside_a_cell(page)


def test_a_block_with_headings_and_chinese_figures_is_shown_written_and_undone(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "electricity|quantity", "electricity|cost", "water|quantity", "water|cost")
    focus(clerk, "water|quantity|05")
    paste(clerk, BLOCK)
    dialog = page.locator("#grid-dialog")
    dialog.wait_for(state="visible")
    assert dialog.locator("h2").inner_text() == "粘贴：5 格可以写入，1 格认不出，10 格不要"
    assert "“见附表”不是数字" in dialog.inner_text()
    assert "是合计，平台自己算" in dialog.inner_text()
    clerk.look("grid-paste")
    dialog.get_by_role("button", name="写入 5 格").click()
    saved(clerk)
    assert value(clerk, "electricity|quantity|01") == "123,000"
    assert value(clerk, "water|quantity|01") == "1,234"
    clerk.look("grid-pasted")
    page.keyboard.press("Control+z")
    saved(clerk)
    assert value(clerk, "electricity|quantity|01") == "—"
    # a bare block goes in at once, and out again
    focus(clerk, "electricity|quantity|01")
    paste(clerk, '100\t60\r\n"2\r\n00"\t120\r\n')
    saved(clerk)
    assert not dialog.is_visible()
    assert [value(clerk, f"electricity|{m}|01") for m in ("quantity", "cost")] == ["100", "60"]


def test_a_year_of_figures_is_pasted_at_once(at_grid):
    clerk = at_grid()
    page = clerk.page
    # a little more than last year, as the office's sheet has it
    block = page.evaluate(
        """() => { const page = hqGridPage, columns = page.table.columns.slice(0, 8);
        return page.look.rows.map(row => columns.map(c => { const last = page.model.data.last[c.key + "|" + row.key];
          return last === undefined ? "" : (Number(last) * 1.02).toFixed(c.sums ? 2 : 0) }).join("\\t"))
          .join("\\r\\n") }"""
    )
    page.keyboard.press("Tab")
    focus(clerk, "electricity|quantity|01")
    paste(clerk, block)
    saved(clerk)
    assert not page.locator("#grid-dialog").is_visible()
    first = block.split("\r\n")[0].split("\t")[0]
    assert value(clerk, "electricity|quantity|01") == f"{int(first):,}"
    focus(clerk, "electricity|quantity|05")
    page.keyboard.press("Control+e")
    saved(clerk)
    clerk.look("grid-year")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    saved(clerk)


def test_a_block_is_copied_out_as_a_spreadsheet_takes_it(at_grid):
    clerk = at_grid()
    clear(clerk, "electricity|quantity", "electricity|cost")
    focus(clerk, "electricity|quantity|01")
    paste(clerk, "1000\t60.5\r\n2000\t—\r\n")
    saved(clerk)
    focus(clerk, "electricity|quantity|01")
    clerk.page.keyboard.press("Shift+ArrowDown")
    clerk.page.keyboard.press("Shift+ArrowRight")
    copied = clerk.page.evaluate(
        """() => { const clipboardData = new DataTransfer();
        document.activeElement.dispatchEvent(
          new ClipboardEvent("copy", {clipboardData, bubbles: true, cancelable: true}));
        return clipboardData.getData("text/plain") }"""
    )
    assert copied == "1000\t60.5\r\n2000\t"


def test_what_is_typed_without_a_line_is_kept_and_saved_when_it_is_back(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "natural_gas|quantity")
    page.context.set_offline(True)
    focus(clerk, "natural_gas|quantity|01")
    type_in(clerk, "111", "222")
    page.wait_for_selector("[data-grid=status][data-state=offline]")
    assert "2 格已记在本机" in page.locator("[data-grid=status]").inner_text()
    clerk.look("grid-offline")
    page.context.set_offline(False)
    page.wait_for_selector(SAVED, timeout=40_000)
    assert (value(clerk, "natural_gas|quantity|01"), value(clerk, "natural_gas|quantity|02")) == (
        "111",
        "222",
    )


def test_a_block_pasted_without_a_line_lies_where_it_was_put_and_is_read_when_it_is_back(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "heat|quantity", "heat|cost")
    page.context.set_offline(True)
    focus(clerk, "heat|quantity|01")
    paste(clerk, "约1.2万\t3\r\n见附表\t4\r\n")
    page.wait_for_selector("[data-grid=status][data-state=offline]")
    assert "4 格先按位置放入" in page.locator("[data-grid=said]").inner_text()
    page.context.set_offline(False)
    page.wait_for_selector("[data-grid=status][data-state=left]", timeout=40_000)
    assert [value(clerk, f"heat|{m}|01") for m in ("quantity", "cost")] == ["12,000", "3"]
    assert value(clerk, "heat|quantity|02") == "见附表"
    cell(clerk, "heat|quantity|02").click()
    page.get_by_role("button", name="不要这次填的").click()
    assert value(clerk, "heat|quantity|02") == "—"


def test_a_slow_line_does_not_hold_up_the_hands(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "heat|quantity", "heat|cost")
    sent = []

    def slowly(route):
        sent.append(json.loads(route.request.post_data)["edits"])
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/grid/save/", slowly)
    focus(clerk, "heat|quantity|01")
    for number in range(1, 4):
        type_in(clerk, str(number * 11))
        page.wait_for_timeout(900)
    # typed again while the first is still on its way
    focus(clerk, "heat|quantity|01")
    type_in(clerk, "99")
    page.wait_for_selector(SAVED, timeout=40_000)
    assert [value(clerk, f"heat|quantity|{n:02}") for n in (1, 2, 3)] == ["99", "22", "33"]
    assert page.locator("[data-grid=clashes]").is_hidden()
    assert sum(map(len, sent)) == 4
    page.reload()
    page.wait_for_selector("[data-r]")
    assert value(clerk, "heat|quantity|01") == "99"


def test_what_an_input_method_composes_on_a_selected_cell_loses_no_sign(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "heat|cost")
    method = page.context.new_cdp_session(page)
    for month, spelled, word in (("11", "wei", "未抄表"), ("12", "biao", "表坏")):
        focus(clerk, f"heat|cost|{month}")
        for n in range(1, len(spelled) + 1):
            method.send(
                "Input.imeSetComposition", {"text": spelled[:n], "selectionStart": n, "selectionEnd": n}
            )
        # a candidate is chosen with Enter: that key is the method's, not the grid's
        method.send(
            "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 229}
        )
        method.send("Input.insertText", {"text": word})
        assert page.evaluate("hqGridPage.table.input.value") == word
        page.keyboard.press("Enter")
    saved(clerk)
    assert [value(clerk, f"heat|cost|{month}") for month in ("11", "12")] == ["未抄表", "表坏"]
    # a method that was only switched on, and left again, takes nothing away
    focus(clerk, "heat|cost|11")
    method.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229}
    )
    page.keyboard.press("Enter")
    assert value(clerk, "heat|cost|11") == "未抄表"


def test_a_cell_is_cut_and_pasted_with_the_keys_of_the_machine(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "heat|quantity")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    focus(clerk, "heat|quantity|01")
    type_in(clerk, "12", "13")
    saved(clerk)
    focus(clerk, "heat|quantity|01")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+x")
    focus(clerk, "heat|quantity|03")
    page.keyboard.press("Control+v")
    saved(clerk)
    page.wait_for_function("hqGridPage.model.cells['heat|quantity|2024-04']?.v === '13'")
    assert [value(clerk, f"heat|quantity|{n:02}") for n in range(1, 5)] == ["—", "—", "12", "13"]


def test_what_another_version_of_the_page_left_behind_stops_nothing(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "heat|quantity", "heat|cost")
    cell_of = {"text": "5", "flag": None, "reason": None, "base": None}
    left = {
        "a": "{{{",
        "b": json.dumps({"facility": "", "edits": {"heat|quantity|2024-01": cell_of}}),
        "c": json.dumps({"facility": "", "flights": [{"batch": "7", "edits": {"heat|cost|2024-01": cell_of}}]}),
        "d": json.dumps({"facility": "", "edits": {"uranium|quantity|2024-01": cell_of, "heat|cost|2031-01": cell_of}}),
        "e": json.dumps({"facility": '"]<b>', "edits": {"heat|quantity|2024-01": cell_of}}),
    }  # fmt: skip
    page.evaluate(
        "left => Object.entries(left).forEach(([k, v]) => localStorage.setItem(hqGridPage.model.shelf + k, v))",
        left,
    )
    page.reload()
    page.wait_for_selector("[data-r]")
    saved(clerk)
    told = page.locator("[data-grid=said]").inner_text()
    assert "上次没有保存的 2 格不在这张表里了" in told or "核对后" in told
    assert [value(clerk, f"heat|{m}|01") for m in ("quantity", "cost")] == ["5", "5"]
    # and the next figure is saved
    focus(clerk, "heat|cost|02")
    type_in(clerk, "6")
    saved(clerk)
    assert value(clerk, "heat|cost|02") == "6"
    page.evaluate("localStorage.clear()")


def test_the_first_key_of_an_input_method_opens_the_cell(at_grid):
    clerk = at_grid()
    clear(clerk, "heat|cost")
    focus(clerk, "heat|cost|03")
    keys = clerk.page.context.new_cdp_session(clerk.page)
    keys.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229}
    )
    keys.send("Input.insertText", {"text": "约"})
    type_in(clerk, "3000")
    saved(clerk)
    assert value(clerk, "heat|cost|03") == "3,000"
    assert cell(clerk, "heat|cost|03").locator(".grid-mark").count() == 1


def test_an_answer_that_was_lost_is_no_conflict_and_nothing_is_written_twice(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "natural_gas|cost")
    sent = []

    def lose(route):
        sent.append(json.loads(route.request.post_data))
        if len(sent) == 1:
            # the server writes, the answer does not arrive
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/grid/save/", lose)
    focus(clerk, "natural_gas|cost|01")
    type_in(clerk, "777")
    page.wait_for_selector(SAVED, timeout=40_000)
    assert [s["batch"] for s in sent] == [sent[0]["batch"]] * 2
    assert value(clerk, "natural_gas|cost|01") == "777"
    assert page.locator("[data-grid=clashes]").is_hidden()


def test_a_page_that_was_closed_without_a_line_gives_back_what_was_typed(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "natural_gas|quantity")
    page.route("**/grid/save/", lambda route: route.abort())
    focus(clerk, "natural_gas|quantity|03")
    type_in(clerk, "333")
    page.wait_for_selector("[data-grid=status][data-state=offline]")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.unroute("**/grid/save/")
    page.route("**/grid/save/", lambda route: route.abort())
    page.reload()
    assert asked == ["beforeunload"]
    page.unroute("**/grid/save/")
    page.wait_for_selector("[data-r]")
    page.wait_for_selector(SAVED, timeout=40_000)
    assert value(clerk, "natural_gas|quantity|03") == "333"


def test_two_at_once_merge_and_where_they_meet_both_figures_are_shown(at_grid, second):
    one = at_grid()
    clear(one, "water|quantity", "water|cost")
    other = at_grid(email=second)
    focus(one, "water|quantity|01")
    focus(other, "water|quantity|01")
    # other cells: nobody is bothered
    type_in(one, "101")
    focus(other, "water|cost|01")
    type_in(other, "201")
    saved(one)
    saved(other)
    assert value(other, "water|quantity|01") == "101"
    assert re.search("刚刚也改了 1 格，都已合并", other.page.locator("[data-grid=said]").inner_text())
    assert other.page.locator("[data-grid=clashes]").is_hidden()
    # the same cell: both stand side by side, and one is chosen
    focus(one, "water|quantity|02")
    type_in(one, "500")
    saved(one)
    focus(other, "water|quantity|02")
    type_in(other, "600")
    other.page.wait_for_selector("[data-grid=clashes]:not([hidden])")
    row = other.page.locator("[data-grid=clash-rows] tr").inner_text()
    assert re.search(r"2月 水\s.*600\s.*500\s.*梁予墨", row, re.S)
    other.look("grid-conflict")
    other.page.get_by_role("button", name="用我的 2月 水").click()
    other.page.wait_for_selector("[data-grid=clashes]", state="hidden")
    saved(other)
    assert value(other, "water|quantity|02") == "600"
    # the first reads it with the next thing they write, and takes theirs this time
    focus(one, "water|quantity|02")
    type_in(one, "700")
    one.page.wait_for_selector("[data-grid=clashes]:not([hidden])")
    one.page.get_by_role("button", name="用对方的 2月 水").click()
    one.page.wait_for_selector("[data-grid=clashes]", state="hidden")
    assert value(one, "water|quantity|02") == "600"


def test_a_session_that_ended_says_so_and_what_was_typed_is_saved_after_signing_in(at_grid):
    clerk = at_grid()
    page = clerk.page
    clear(clerk, "natural_gas|quantity")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    focus(clerk, "natural_gas|quantity|04")
    type_in(clerk, "444")
    page.wait_for_selector("[data-grid=status][data-state=login]")
    assert "登录已过期，1 格已记在本机" in page.locator("[data-grid=status]").inner_text()
    clerk.look("grid-login")
    # signed in again on another page
    page.context.add_cookies(cookies)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(clerk)
    assert value(clerk, "natural_gas|quantity|04") == "444"


def test_a_phone_has_fields_one_month_at_a_time(at_grid):
    clerk = at_grid(390)
    page = clerk.page
    page.evaluate("hqGridPage.form.place = 7; hqGridPage.form.draw()")
    assert page.locator("[data-grid=table]").is_hidden()
    clerk.look("grid-phone")
    field = page.get_by_label("电力 kWh", exact=True)
    field.fill("12.3万")
    field.press("Enter")
    saved(clerk)
    assert field.input_value() == "123,000"
    page.get_by_role("button", name="8月 电力是估计值").click()
    saved(clerk)
    assert page.get_by_role("button", name="8月 电力是估计值").get_attribute("aria-pressed") == "true"
    page.get_by_label("水 m³", exact=True).focus()
    page.get_by_label("8月 水空着的原因").select_option("表坏")
    saved(clerk)
    page.get_by_role("button", name="按项目").click()
    clerk.look("grid-phone-item")
    assert page.get_by_label("8月", exact=False).first.input_value() != ""


def test_an_item_is_added_and_fields_serve_at_a_desk_too(at_grid):
    clerk = at_grid()
    page = clerk.page
    page.get_by_text("增减项目").click()
    page.get_by_label("煤炭", exact=True).check()
    page.wait_for_selector("[tabulator-field='raw_coal|quantity'][data-r]")
    clerk.look("grid-items")
    page.get_by_text("增减项目").click()
    focus(clerk, "raw_coal|quantity|01")
    type_in(clerk, "12公斤")
    saved(clerk)
    assert value(clerk, "raw_coal|quantity|01") == "0.012"
    assert "“12公斤”按 ×0.001 换算。" in page.locator("[data-grid=said]").inner_text()
    # a column with figures is not hidden
    page.get_by_text("增减项目").click()
    page.get_by_label("煤炭", exact=True).click()
    assert page.get_by_label("煤炭", exact=True).is_checked()
    page.get_by_text("增减项目").click()
    page.get_by_role("button", name="逐项填").click()
    clerk.look("grid-fields")
    page.get_by_role("button", name="表格填").click()
    clear(clerk, "raw_coal|quantity")


@pytest.mark.parametrize("width", [1440, 390])
def test_who_may_not_type_reads_and_is_told_why(person, width):
    approver = person(width, "approver@weigu.demo")
    approver.page.goto(GRID)
    assert "填报人可以改，审核人只看" in approver.page.locator("main").inner_text()
    approver.look("grid-read-only")
    clerk = person(width, "clerk@bolan.demo")
    clerk.page.goto("/u/bolan/rounds/energy-2023/grid/")
    assert "已接受，只读" in clerk.page.locator("main").inner_text()
    clerk.look("grid-accepted")


@pytest.mark.parametrize("width", [1440, 390])
def test_what_was_typed_and_not_saved_when_the_report_closed_is_shown(person, width):
    clerk = person(width, "clerk@bolan.demo")
    page = clerk.page
    page.goto("/u/bolan/rounds/energy-2023/grid/")
    assert page.locator("[data-grid=left]").is_hidden()
    page.evaluate(
        """() => {
          const data = JSON.parse(document.getElementById("grid-left").textContent);
          const shelf = ["hq-grid", data.university, data.round, data.unit, data.person].join(":") + ":x";
          const edits = {"electricity|quantity|2023-03": {text: "4321"}};
          localStorage.setItem(shelf, JSON.stringify({facility: "", revision: 1, edits, flights: [], at: 0}));
          localStorage.setItem(shelf + "y", "no record");
        }"""
    )
    page.reload()
    shown = page.locator("[data-grid=left]").inner_text()
    assert ("4321" in shown, "电力" in shown, "3月" in shown) == (True, True, True)
    clerk.look("grid-left")
