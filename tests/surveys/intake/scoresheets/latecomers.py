"""Score sheets written after the reader: forms that came later."""

from __future__ import annotations

import datetime

from tests.surveys.intake.scoresheets.form import (
    CANTEEN,
    CHINESE,
    DORMITORY,
    HOUSES,
    Book,
    Clerk,
    Form,
    items,
)

HOUSE = "梅园1号楼"


def criteria_in_several_rows(office: Clerk) -> Book:
    """A name, its points and its score over two rows, a criterion in each."""
    form = Form("自评表", office)
    form.cells[0, 0] = f"楼栋：{HOUSE}"
    form.line(1, 0, ["编码", "指标名称", "评分标准", "分值", "自评得分", "扣分原因"])
    r = 2
    for item in items(DORMITORY):
        parts = item.criterion.replace("；", "，").split("，")
        half = max(len(parts) // 2, 1)
        rows = ["，".join(parts[:half]), "，".join(parts[half:])] if len(parts) > 1 else parts
        down = len(rows)
        for c, value in enumerate([item.key, item.name, None, float(item.points)]):
            if value is not None:
                form.write(r, c, value, down=down)
        form.score(r, 4, HOUSE, item)
        if down > 1:
            form.spans.append((r, 4, r + down - 1, 4))
        for k, text in enumerate(rows):
            form.cells[r + k, 2] = text
        r += down
    return Book([form])


def codes_alone(office: Clerk) -> Book:
    form = Form(HOUSE, office)
    form.line(0, 0, ["指标", office.pick("得分", "自评", "评分")])
    for r, item in enumerate(items(DORMITORY), 1):
        form.cells[r, 0] = item.key
        form.score(r, 1, HOUSE, item)
    return Book([form])


def long_preamble(office: Clerk) -> Book:
    form = Form("自评", office)
    form.cells[0, 0] = "示例大学学生公寓标准化评估自评表（2023年版）"
    form.cells[1, 0] = "填表说明："
    for k in range(10):
        form.cells[2 + k, 0] = (
            f"{k + 1}. 各校对照评分标准逐项自评，得分不超过分值，佐证材料另附，不适用的项目写明理由。"
        )
    form.line(13, 0, ["公寓名称", HOUSE, None, "填表日期", "2025年5月6日"])
    form.line(15, 0, ["编  码", "指 标 名 称", "分\n值", "自 评\n得 分", "备 注"])
    r = 15
    for item in items(DORMITORY):
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        form.score(r, 3, HOUSE, item)
    return Book([form])


def score_before_the_name(office: Clerk) -> Book:
    form = Form("表", office)
    form.line(0, 0, ["楼栋", HOUSE])
    form.line(1, 0, ["序号", "自评分", "标准分", "检查项目"])
    for r, item in enumerate(items(DORMITORY), 2):
        form.line(r, 0, [float(r - 1), None, float(item.points), item.name])
        form.score(r, 1, HOUSE, item)
    return Book([form])


def header_on_every_page(office: Clerk) -> Book:
    form = Form("自评表", office)
    form.cells[0, 0] = f"楼栋名称：{HOUSE}"
    r = 0
    for n, item in enumerate(items(DORMITORY)):
        if n % 15 == 0:
            r += 1
            form.line(r, 0, ["编码", "指标名称", "分值", "自评分"])
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        form.score(r, 3, HOUSE, item)
    return Book([form])


def own_numbers(office: Clerk) -> Book:
    """The office counts in its own way: 1.1 is not D1.1 any more once a line is left out."""
    form = Form("自评表", office)
    form.cells[0, 0] = f"楼栋：{HOUSE}"
    form.line(1, 0, ["编号", "评估项目", "分值", "自评得分"])
    r = 1
    for g, group in enumerate(DORMITORY.groups, 1):
        for n, item in enumerate(group.items[1:], 1):
            r += 1
            form.line(r, 0, [f"{g}.{n}", item.name, float(item.points)])
            form.score(r, 3, HOUSE, item)
    return Book([form])


def codes_that_became_dates(office: Clerk) -> Book:
    form = Form("自评表", office)
    form.cells[0, 0] = f"楼栋：{HOUSE}"
    form.line(1, 0, ["编号", "评估项目", "分值", "自评得分"])
    for r, item in enumerate(items(DORMITORY), 2):
        month, day = map(int, item.key[1:].split("."))
        form.line(r, 0, [datetime.datetime(2025, month, day), item.name, float(item.points)])
        form.score(r, 3, HOUSE, item)
    return Book([form])


def sums_and_means_of_buildings(office: Clerk) -> Book:
    form = Form("得分汇总", office)
    houses = HOUSES[:3]
    form.line(0, 0, ["编码", "指标名称", "满分", *houses, "平均分"])
    own = [i for i in items(DORMITORY) if not i.at_school]
    for r, item in enumerate(own, 1):
        form.line(r, 0, [item.key, item.name, float(item.points)])
        for n, house in enumerate(houses):
            form.score(r, 3 + n, house, item)
        form.same(r, 6, item.points / 2)
    form.line(len(own) + 1, 0, ["合计", None, float(sum(i.points for i in own))])
    for n, house in enumerate(houses):
        form.same(len(own) + 1, 3 + n, sum(office.points(house, i) for i in own))
    return Book([form])


def school_sheet_and_building_sheets(office: Clerk) -> Book:
    forms = []
    for name, at_school in (("学校层面", True), (HOUSES[0], False), (HOUSES[1], False)):
        form = Form(name, office)
        form.cells[0, 0] = "学校：示例大学"
        form.line(1, 0, ["编码", "指标名称", "分值", "自评分", "佐证材料"])
        for r, item in enumerate((i for i in items(DORMITORY) if i.at_school is at_school), 2):
            form.line(r, 0, [item.key, item.name, float(item.points), None, "附件"])
            form.score(r, 3, "" if at_school else name, item)
        forms.append(form)
    return Book(forms)


def scores_over_points(office: Clerk) -> Book:
    form = Form("自评表", office)
    form.cells[0, 0] = "食堂名称：学苑食堂   学校：示例大学"
    form.line(1, 0, ["编号", "评价内容", "自评得分"])
    for r, item in enumerate(items(CANTEEN), 2):
        form.line(r, 0, [item.key, item.name])
        form.score(r, 2, "学苑食堂", item, lambda p, item=item: f"{p:f}/{item.points}")
    return Book([form], instrument="canteen")


def shortened_beyond_doubt(office: Clerk) -> Book:
    """Names cut to a word or two: what is not sure is asked."""
    short = {
        "C1.1": "校长负责制", "C1.2": "食安总监", "C1.3": "日管控", "C1.4": "风险清单", "C1.5": "陪餐",
        "C2.1": "量化等级", "C2.2": "承包经营", "C2.3": "经营考核", "C2.4": "零租赁", "C3.1": "选址",
        "C3.2": "功能分区",
        "C3.3": "专间", "C3.4": "冷藏留样设备", "C3.5": "油烟排水", "C3.6": "货架", "C3.7": "更衣室",
        "C4.1": "集中采购",
        "C4.2": "农校对接", "C4.3": "供应商", "C4.4": "索证索票", "C4.5": "验收", "C4.6": "快检", "C4.7": "库存",
        "C5.2": "时间温度", "C5.4": "生熟分开", "C5.5": "添加剂", "C5.9": "清真窗口", "C6.1": "洗消", "C8.3": "成本",
    }  # fmt: skip
    form = Form("自评表", office)
    form.cells[0, 0] = "食堂：学苑食堂"
    form.line(1, 0, ["序号", "项目", "分值", "自评"])
    r = 1
    for n, group in enumerate(CANTEEN.groups):
        r += 1
        form.cells[r, 0] = f"{CHINESE[n]}、{group.name}"
        for i, item in enumerate(group.items, 1):
            r += 1
            form.line(r, 0, [float(i), short.get(item.key, item.name), float(item.points)])
            form.score(r, 3, "学苑食堂", item)
    return Book([form], instrument="canteen", least=0.8)


def remarks_between_items(office: Clerk) -> Book:
    form = Form("自评表", office)
    form.cells[0, 0] = f"申报楼栋：{HOUSE}"
    form.line(1, 0, ["编码", "指标名称", "分值", "自评得分", "扣分", "存在问题"])
    r = 1
    for n, item in enumerate(items(DORMITORY)):
        if n % 10 == 4:
            r += 1
            form.write(r, 0, "注：以下各项由公寓中心填写，数据截至四月底。", across=6)
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        points = form.score(r, 3, HOUSE, item)
        form.cells[r, 4] = f"扣{item.points - points:f}" if n % 2 else None
        form.cells[r, 5] = "记录不全，扣0.5" if n % 3 == 0 else None
    return Book([form])


def head_written_out_for_each_building(office: Clerk) -> Book:
    """Two heads without merging, as systems export them."""
    form = Form("导出", office)
    houses = HOUSES[:2]
    own = [i for i in items(DORMITORY) if not i.at_school]
    form.line(0, 0, ["编码", "指标名称", "分值", *(h for h in houses for _ in range(2))])
    form.line(1, 0, ["编码", "指标名称", "分值", *["自评得分", "扣分原因"] * 2])
    for r, item in enumerate(own, 2):
        form.line(r, 0, [item.key, item.name, f"{item.points}"])
        for n, house in enumerate(houses):
            form.score(r, 3 + 2 * n, house, item, lambda p: f"{p:f}")
            form.cells[r, 4 + 2 * n] = "无"
    return Book([form])


def names_across(office: Clerk) -> Book:
    form = Form("得分表", office)
    own = [i for i in items(DORMITORY) if not i.at_school][:20]
    form.cells[0, 0] = "2025年学生公寓自评得分"
    form.line(1, 0, ["序号", "楼号", *(i.name for i in own)])
    form.line(2, 0, [None, "满分", *(float(i.points) for i in own)])
    for r, house in enumerate(HOUSES, 3):
        form.line(r, 0, [float(r - 2), house])
        for c, item in enumerate(own, 2):
            form.score(r, c, house, item)
    return Book([form])


def several_tables_of_groups(office: Clerk) -> Book:
    """One sheet, a table for each group under its title, each with a head and a sum."""
    form = Form("自评表", office)
    form.line(0, 0, ["学校", "示例大学", "楼栋", HOUSE])
    r = 0
    for n, group in enumerate(DORMITORY.groups):
        r += 2
        form.cells[r, 0] = f"表{n + 1} {group.name}"
        r += 1
        form.line(r, 0, ["序号", "评估内容", "标准分", "自评分"])
        for i, item in enumerate(group.items, 1):
            r += 1
            form.line(r, 0, [f"{i}", item.name, float(item.points)])
            form.score(r, 3, HOUSE, item)
        r += 1
        form.line(r, 0, [None, "小计", float(group.points)])
        form.sums(r, 3, HOUSE, group)
    r += 1
    form.line(r, 0, [None, "总分", 100.0])
    form.same(r, 3, sum(office.points(HOUSE, i) for i in items(DORMITORY)))
    return Book([form])
