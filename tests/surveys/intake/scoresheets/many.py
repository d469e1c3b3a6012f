"""Score sheets of several buildings, several sheets, and other kinds of files."""

from __future__ import annotations

from tests.surveys.intake.scoresheets.form import (
    CANTEEN,
    DORMITORY,
    HOUSES,
    REWORDED,
    Book,
    Clerk,
    Form,
    items,
)
from tests.surveys.intake.scoresheets.shapes import (
    codes_with_dashes,
    names_without_codes,
    two_tables_side_by_side,
)

HALLS = ["学苑食堂", "第二食堂", "清真餐厅"]


def _across(form: Form, r: int, first: int, step: int, houses: list[str], item, merged: bool) -> None:
    """A line of scores; what is the school's stands once, merged or in the first of the columns."""
    if item.at_school:
        form.score(r, first, "", item)
        if merged:
            form.spans.append((r, first, r, first + step * len(houses) - 1))
        return
    for n, house in enumerate(houses):
        form.score(r, first + n * step, house, item)


def buildings_across(office: Clerk) -> Book:
    form = Form("自评汇总", office)
    houses = office.some(HOUSES, 2, 3, 4)
    form.write(0, 0, "示例大学2025年学生公寓标准化自评得分", across=3 + len(houses))
    form.line(1, 0, ["编码", "指标名称", "分值", *houses])
    merged = office.pick(True, False)
    for r, item in enumerate(items(DORMITORY), 2):
        form.line(r, 0, [item.key, item.name, float(item.points)])
        _across(form, r, 3, 1, houses, item, merged)
    return Book([form])


def buildings_across_under_two_heads(office: Clerk) -> Book:
    form = Form("自评", office)
    houses = office.some(HOUSES, 2, 2, 4)
    form.write(0, 0, "学生公寓自评表", across=3 + 2 * len(houses))
    for c, word in enumerate(["编码", "评估项目", "标准分"]):
        form.write(1, c, word, down=2)
    for n, house in enumerate(houses):
        form.write(1, 3 + 2 * n, house, across=2)
        form.line(2, 3 + 2 * n, ["自评得分", "扣分原因"])
    for r, item in enumerate(items(DORMITORY), 3):
        form.line(r, 0, [item.key, item.name, float(item.points)])
        for n, house in enumerate(houses):
            form.score(r, 3 + 2 * n, "" if item.at_school else house, item)
            if item.at_school and n:
                # said again for each building, loaded once
                del form.truth[r, 3 + 2 * n]
    return Book([form])


def score_head_over_buildings(office: Clerk) -> Book:
    form = Form("Sheet1", office)
    houses = office.some(HALLS, 2, 3, 3)
    form.write(0, 0, "标准化食堂自评表（2025）", across=3 + len(houses))
    for c, word in enumerate(["指标编号", "评价内容", "满分"]):
        form.write(1, c, word, down=2)
    form.write(1, 3, "自评得分", across=len(houses))
    form.line(2, 3, houses)
    for r, item in enumerate(items(CANTEEN), 3):
        form.line(r, 0, [item.key, item.name, float(item.points)])
        _across(form, r, 3, 1, houses, item, False)
    return Book([form], instrument="canteen")


def sheet_per_building(office: Clerk) -> Book:
    forms = []
    for house in office.some(HOUSES, 2, 3, 4):
        form = Form(house, office)
        form.write(0, 0, "学生公寓标准化评估自评表", across=4)
        form.line(1, 0, ["编码", "指标名称", "分值", "自评分"])
        for r, item in enumerate(items(DORMITORY), 2):
            form.line(r, 0, [item.key, item.name, float(item.points)])
            form.score(r, 3, "" if item.at_school else house, item)
            if item.at_school and forms:
                del form.truth[r, 3]
        forms.append(form)
    return Book(forms)


def sheet_per_group(office: Clerk) -> Book:
    forms = []
    summary = Form("汇总", office)
    summary.line(0, 0, ["楼栋", "竹园5号楼"])
    summary.line(1, 0, ["一级指标", "分值", "自评得分"])
    for n, group in enumerate(DORMITORY.groups):
        form = Form(office.pick(f"{group.key}{group.name}", group.name, f"{n + 1}.{group.name}"), office)
        form.line(0, 0, ["序号", "考核内容", "分值", "自评得分", "佐证材料"])
        for r, item in enumerate(group.items, 1):
            form.line(r, 0, [float(r), REWORDED.get(item.key, item.name), float(item.points), None, "有"])
            form.score(r, 3, "竹园5号楼", item)
        form.line(len(group.items) + 1, 0, ["小计", None, float(group.points)])
        form.sums(len(group.items) + 1, 3, "竹园5号楼", group)
        forms.append(form)
        summary.line(n + 2, 0, [group.name, float(group.points)])
        summary.sums(n + 2, 2, "竹园5号楼", group)
    return Book([summary, *forms])


def list_of_buildings(office: Clerk) -> Book:
    """One long list, the building in a column of its own."""
    form = Form("明细", office)
    form.line(0, 0, ["楼栋", "编码", "指标名称", "分值", "自评分"])
    r = 0
    for house in office.some(HOUSES, 2, 2, 4):
        for item in (i for i in items(DORMITORY) if not i.at_school):
            r += 1
            form.line(r, 0, [house, item.key, item.name, float(item.points)])
            form.score(r, 4, house, item)
    return Book([form])


def blocks_of_buildings(office: Clerk) -> Book:
    """Buildings one under the other, each under its name."""
    form = Form("自评", office)
    r = -1
    for house in office.some(HOUSES, 2, 2, 3):
        r += 1
        form.write(r, 0, office.pick(f"楼栋名称：{house}", house), across=4)
        r += 1
        form.line(r, 0, ["编码", "指标名称", "分值", "自评分"])
        for item in (i for i in items(DORMITORY) if not i.at_school):
            r += 1
            form.line(r, 0, [item.key, item.name, float(item.points)])
            form.score(r, 3, house, item)
        r += 1
    return Book([form])


def buildings_down_items_across(office: Clerk) -> Book:
    form = Form("得分", office)
    own = [i for i in items(CANTEEN) if not i.at_school]
    form.line(0, 0, ["食堂名称", *(office.pick(i.key, f"{i.key}{i.name}") for i in own), "合计"])
    for r, hall in enumerate(HALLS, 1):
        form.cells[r, 0] = hall
        for c, item in enumerate(own, 1):
            form.score(r, c, hall, item)
        form.same(r, len(own) + 1, sum(office.points(hall, i) for i in own))
    return Book([form], instrument="canteen")


def text_in_the_old_encoding(office: Clerk) -> Book:
    book = names_without_codes(office)
    return Book(_named(book, "csv"), "csv", "自评.csv", encoding="gb18030")


def old_workbook(office: Clerk) -> Book:
    return Book(codes_with_dashes(office).papers, "xls", "自评.xls")


def page_called_a_workbook(office: Clerk) -> Book:
    book = two_tables_side_by_side(office)
    return Book(_named(book, "表1"), "html", "自评.xls")


def _named(book: Book, name: str) -> list[Form]:
    """A file without sheets: the reader gives the one sheet its name."""
    for form in book.papers:
        form.name = name
    return book.papers
