"""Score sheets of a university: one building, one line an item, in the many ways a form is filled in."""

from __future__ import annotations

from tests.surveys.intake.scoresheets.form import CHINESE, DORMITORY, REWORDED, SHOP, Book, Clerk, Form, items

HOUSE = "梅园1号楼"
WORD = {"A": "自评得分", "B": "自评分", "C": "得分"}


def _title(form: Form, house: str = HOUSE, width: int = 6) -> int:
    form.write(0, 0, "学生公寓标准化评估自评表", across=width)
    form.cells[1, 0], form.cells[1, width - 2] = "学校：示例大学", f"申报楼栋：{house}"
    return 2


def _end(form: Form, r: int) -> None:
    form.cells[r + 1, 0] = "填表人：王某   审核人：李某   2025年5月8日"


def names_without_codes(office: Clerk) -> Book:
    form = Form("自评表", office)
    r = _title(form)
    form.line(
        r,
        0,
        [
            "序号",
            "评估项目",
            "评分标准",
            "分值",
            office.pick("自评得分", "自评分", "学校自评", "自查得分"),
            "备注",
        ],
    )
    number = 0
    for n, group in enumerate(DORMITORY.groups):
        r += 1
        form.write(r, 0, f"{CHINESE[n]}、{group.name}（{group.points}分）", across=6)
        for item in group.items:
            r, number = r + 1, number + 1
            form.line(r, 0, [number, REWORDED.get(item.key, item.name), item.criterion, float(item.points)])
            form.score(r, 4, HOUSE, item)
    _end(form, r)
    return Book([form])


def codes_with_dashes(office: Clerk) -> Book:
    form = Form("Sheet1", office)
    r = _title(form)
    join = office.pick("-", "—", "．", "_", "－")
    form.line(r, 0, ["编号", "评估标准", "满分", "自评分", "佐证材料"])
    for item in items(DORMITORY):
        r += 1
        form.line(
            r, 0, [item.key.replace(".", join), item.criterion, float(item.points), None, f"附件{item.key}"]
        )
        form.score(r, 3, HOUSE, item)
    return Book([form])


def bare_codes_as_numbers(office: Clerk) -> Book:
    form = Form("自评", office)
    r = _title(form)
    form.line(r, 0, ["编号", "指标名称", "标准分", "实得分", "说明"])
    for item in items(DORMITORY):
        r += 1
        form.line(r, 0, [float(item.key[1:]), item.name, float(item.points)])
        form.score(r, 3, HOUSE, item)
    return Book([form])


def numbering_in_chinese(office: Clerk) -> Book:
    form = Form("表", office)
    r = _title(form)
    form.line(r, 0, ["类别", "检查项目", "分数", "自评得分", "扣分原因"])
    for n, group in enumerate(DORMITORY.groups):
        form.write(r + 1, 0, f"{CHINESE[n]}、{group.name}", down=len(group.items))
        for i, item in enumerate(group.items, 1):
            r += 1
            label = office.pick(
                f"（{i}）{item.name}",
                f"{CHINESE[n]}（{i}）{item.name}",
                f"{i}.{item.name}",
                f"{n + 1}-{i} {item.name}",
            )
            form.line(r, 1, [label, float(item.points)])
            form.score(r, 3, HOUSE, item)
            form.cells[r, 4] = "记录不全" if i == 2 else None
    return Book([form])


def criterion_beside_the_name(office: Clerk) -> Book:
    form = Form("自评表", office)
    r = _title(form)
    join = office.pick("\n", "：", "——")
    form.line(r, 0, ["一级指标", "评估内容及标准", "分值", "自评得分", "自评依据"])
    for group in DORMITORY.groups:
        form.write(
            r + 1,
            0,
            f"{group.code if hasattr(group, 'code') else group.key} {group.name}",
            down=len(group.items),
        )
        for item in group.items:
            r += 1
            form.line(
                r,
                1,
                [f"{item.name}{join}{item.criterion}。{item.deduct}", float(item.points), None, "见附件"],
            )
            form.score(r, 3, HOUSE, item)
    return Book([form])


def scores_as_text(office: Clerk) -> Book:
    form = Form("自评表", office)
    r = _title(form)
    form.line(r, 0, ["编码", "指标名称", "分值", "自评得分"])
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    looks = [lambda p: f"{p:f}分", lambda p: f"{p:f}".translate(wide), lambda p: f"{p:f} ", lambda p: f"得{p:f}分",
             lambda p: f" {p:f} 分", lambda p: f"{p:f}"]  # fmt: skip
    for n, item in enumerate(items(DORMITORY)):
        r += 1
        form.line(r, 0, [item.key, item.name, f"{item.points}分"])
        form.score(r, 3, HOUSE, item, looks[n % len(looks)])
    return Book([form])


def weights_and_group_rows(office: Clerk) -> Book:
    form = Form("评分表", office)
    r = _title(form)
    form.line(r, 0, ["编码", "指标", "权重", "分值", "自评得分", "备注"])
    for group in DORMITORY.groups:
        r += 1
        form.line(r, 0, [group.key, group.name, float(group.points) / 100, float(group.points)])
        form.sums(r, 4, HOUSE, group)
        for item in group.items:
            r += 1
            form.line(
                r,
                0,
                [
                    item.key,
                    REWORDED.get(item.key, item.name),
                    float(item.points / group.points),
                    float(item.points),
                ],
            )
            form.score(r, 4, HOUSE, item)
    return Book([form])


def scores_of_others_beside(office: Clerk) -> Book:
    form = Form("评分", office)
    r = _title(form, width=8)
    others = office.pick(
        ["函评分", "现场分", "专家意见"],
        ["专家评分", "检查组打分", "评审意见"],
        ["上年自评得分", "校级复核得分", "备注"],
    )
    form.line(r, 0, ["编码", "指标名称", "分值", "自评分", *others])
    for n, item in enumerate(items(DORMITORY)):
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        form.score(r, 3, HOUSE, item)
        if n % 2:
            form.same(r, 4, item.points)
        form.same(r, 5, item.points / 2)
    return Book([form])


def own_and_others_under_two_heads(office: Clerk) -> Book:
    form = Form("评分", office)
    r = _title(form, width=8)
    for c, word in enumerate(["编码", "指标名称", "分值"]):
        form.write(r, c, word, down=2)
    form.write(r, 3, "学校自评", across=2)
    form.write(r, 5, office.pick("专家评审", "现场检查", "函评"), across=2)
    form.line(r + 1, 3, ["得分", "扣分原因", "得分", "意见"])
    r += 1
    for n, item in enumerate(items(DORMITORY)):
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        form.score(r, 3, HOUSE, item)
        form.cells[r, 4] = "缺记录" if n % 5 == 0 else None
        form.same(r, 5, item.points)
    return Book([form])


def totals_on_top(office: Clerk) -> Book:
    form = Form("自评表", office)
    r = _title(form)
    form.line(r, 0, ["编码", "指标名称", "标准分", "自评分", "自评说明"])
    r += 1
    form.line(r, 0, [None, "总分", 100.0])
    form.same(r, 3, sum(office.points(HOUSE, item) for item in items(DORMITORY)))
    for group in DORMITORY.groups:
        r += 1
        form.line(r, 0, [None, f"{group.name}小计", float(group.points)])
        form.sums(r, 3, HOUSE, group)
        for item in group.items:
            r += 1
            form.line(r, 0, [item.key, item.name, float(item.points), None, "有台账"])
            form.score(r, 3, HOUSE, item)
    return Book([form])


def school_above_building_below(office: Clerk) -> Book:
    form = Form("自评表", office)
    r = _title(form)
    for title, school in (("一、学校层面", True), ("二、楼栋层面", False)):
        r += 1
        form.write(r, 0, title, across=5)
        r += 1
        form.line(r, 0, ["编号", "评估项目", "分值", "自评得分", "备注"])
        for item in (i for i in items(DORMITORY) if i.at_school is school):
            r += 1
            form.line(r, 0, [item.key, item.name, float(item.points)])
            form.score(r, 3, HOUSE, item)
        r += 1
        form.line(
            r, 0, [None, "小计", float(sum(i.points for i in items(DORMITORY) if i.at_school is school))]
        )
        form.same(r, 3, sum(office.points(HOUSE, i) for i in items(DORMITORY) if i.at_school is school))
        r += 1
    return Book([form])


def two_tables_side_by_side(office: Clerk) -> Book:
    form = Form("自评表", office)
    top = _title(form, width=9)
    gap = office.pick(0, 1)
    for side, groups in enumerate((DORMITORY.groups[:3], DORMITORY.groups[3:])):
        r, c = top, side * (4 + gap)
        form.line(r, c, ["编码", "指标名称", "分值", "自评分"])
        for item in (i for g in groups for i in g.items):
            r += 1
            form.line(r, c, [item.key, item.name, float(item.points)])
            form.score(r, c + 3, HOUSE, item)
    return Book([form])


def deductions(office: Clerk) -> Book:
    form = Form("扣分表", office)
    r = _title(form)
    form.line(r, 0, ["编码", "检查内容", "标准分", office.pick("扣分", "自评扣分", "扣减分"), "扣分原因"])
    for item in items(DORMITORY):
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        if form.deducted(r, 3, HOUSE, item):
            form.cells[r, 4] = "记录不全"
    return Book([form])


def deductions_with_a_minus(office: Clerk) -> Book:
    form = Form("扣分表", office)
    r = _title(form)
    form.line(r, 0, ["编码", "检查内容", "分值", "扣分", "存在问题"])
    for item in items(DORMITORY):
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        form.deducted(r, 3, HOUSE, item, -1)
    return Book([form])


def score_and_deduction(office: Clerk) -> Book:
    form = Form("自评表", office)
    r = _title(form)
    form.line(r, 0, ["编码", "指标名称", "分值", "扣分", "自评得分", "扣分理由"])
    for n, item in enumerate(items(DORMITORY)):
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        form.cells[r, 3] = float(item.points - office.points(HOUSE, item))
        if n == 4:
            form.ask(r, 4, float(item.points) / 4, "score_inconsistent")
        else:
            form.score(r, 4, HOUSE, item)
    return Book([form])


def negative_scores(office: Clerk) -> Book:
    form = Form("自评表", office)
    r = _title(form)
    form.line(r, 0, ["编码", "指标名称", "分值", "自评得分", "备注"])
    for n, item in enumerate(items(DORMITORY)):
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        if n % 9 == 3:
            form.ask(r, 3, office.pick(-0.5, "-0.5", "扣0.5", "-0.5分"), "deduction_not_score")
        else:
            form.score(r, 3, HOUSE, item)
    return Book([form])


def half_left_blank(office: Clerk) -> Book:
    form = Form("自评表", office)
    r = _title(form)
    form.line(r, 0, ["编码", "指标名称", "分值", "自评得分"])
    for n, item in enumerate(items(DORMITORY)):
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        if n < 26:
            form.score(r, 3, HOUSE, item)
        else:
            form.ask(r, 3, office.pick(None, "/", "—", "待评"), "missing", "warning")
    return Book([form])


def rating_words(office: Clerk) -> Book:
    form = Form("自评表", office)
    r = _title(form)
    form.line(r, 0, ["编码", "指标名称", "分值", "自评结果"])
    for n, item in enumerate(items(DORMITORY)):
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points)])
        if n % 3:
            form.score(r, 3, HOUSE, item)
        else:
            form.ask(r, 3, ["优", "良", "合格", "基本符合", "A"][n // 3 % 5], "not_a_number")
    return Book([form])


def veto_block_below(office: Clerk) -> Book:
    form = Form("自评表", office)
    r = _title(form)
    form.line(r, 0, ["编码", "指标名称", "分值", "自评得分", "佐证材料"])
    for item in items(DORMITORY):
        r += 1
        form.line(r, 0, [item.key, item.name, float(item.points), None, "见附件"])
        form.score(r, 3, HOUSE, item)
    r += 2
    form.write(r, 0, "一票否决项", across=5)
    r += 1
    form.line(r, 0, ["序号", "否决项", None, "有无", "备注"])
    answers = {}
    for n, veto in enumerate(DORMITORY.vetoes, 1):
        r += 1
        answers[veto.key] = "无" if n != 3 else "有"
        form.line(r, 0, [float(n), veto.name, None, answers[veto.key]])
    return Book([form], veto=answers)


def shop_by_names(office: Clerk) -> Book:
    form = Form("Sheet1", office)
    form.write(0, 0, "教育超市标准店自评表", across=4)
    form.line(1, 0, ["单位", "示例大学", "门店名称", "东区教育超市"])
    form.line(2, 0, ["序号", "检查项目", "满分", "自评分"])
    for r, item in enumerate(items(SHOP), 3):
        form.line(r, 0, [float(r - 2), item.name.replace("（爱心工程）", ""), float(item.points)])
        form.score(r, 3, "东区教育超市", item)
    return Book([form], instrument="campus_shop")
