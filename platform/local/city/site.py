"""The words of the demo's site: fictional association, plausible notices."""

import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), SHANGHAI)


def notices(today: datetime.date, due: datetime.date) -> tuple:
    """Eight notices of the last three months; the first is about the round that is open until `due`."""
    from cms.pages.operations import NoticeText

    ago = lambda days: today - datetime.timedelta(days=days)  # noqa: E731
    year = today.year
    return (
        NoticeText(
            "关于做好 2024 年度能源资源消费统计年报工作的通知",
            f"渤后协〔{year}〕18 号",
            ago(20),
            _ENERGY.format(due=f"{due.month}月{due.day}日"),
            _at(due, 17),
        ),
        NoticeText("关于举办能源统计填报实务培训的通知", f"能专会〔{year}〕5 号", ago(26), _TRAINING),
        NoticeText(
            "关于公布 2023 年度高校能源资源消费汇总数据的通知", f"渤后协〔{year}〕15 号", ago(41), _RELEASED
        ),
        NoticeText(
            "关于开展冬季供暖前用能设施检查的通知",
            f"能专会〔{year}〕4 号",
            ago(48),
            _HEATING,
            source="能专会",
        ),
        NoticeText("关于明确用能人数和建筑面积统计口径的通知", f"渤后协〔{year}〕13 号", ago(60), _CALIBRES),
        NoticeText("关于报送各校填报人和审核人名单的通知", f"渤后协〔{year}〕11 号", ago(72), _PEOPLE),
        NoticeText("关于高校后勤协同平台试运行的通知", f"渤后协〔{year}〕9 号", ago(88), _TRIAL),
    )


def text(today: datetime.date, due: datetime.date):
    """The whole site as cms.pages.operations.build_site takes it."""
    from cms.pages.operations import SiteText

    return SiteText(
        name="渤沽市高校后勤协会",
        lead_kicker="节能减排",
        lead_title="能源年报可以直接传原表，30 所高校开始报送 2024 年度数据",
        lead_summary="上传能源科现有的表格即可，系统逐格核对，要改的和要说明的列在一页上。签发后封存，协会审核封存件。",
        notices=notices(today, due),
        pages=(("协会概况", "about", _ABOUT), ("填报说明", "guide", _GUIDE)),
    )


_ENERGY = """<p>各会员高校：</p><p>为掌握全市高校能源资源消费情况，现就 2024 年度年报工作通知如下。</p>
<h2>一、报送范围</h2><p>全部会员高校。家属区、对外出租和基建临时用能应当扣除。</p>
<h2>二、报送方式</h2><p>直接上传本校现有统计表，格式不限（xlsx、xls、csv）。填报人核对后提交，审核人签发。填报和签发不得为同一人。</p>
<h2>三、时间</h2><p>{due} 17:00 前完成签发。数值异常不影响报送，但需写明原因。</p>
<p>渤沽市高校后勤协会秘书处</p>"""
_TRAINING = """<p>能源管理专业委员会将举办填报实务培训，内容为统计口径、常见错误和平台操作。</p>
<p>每校一至两人，名单报秘书处。</p>"""
_RELEASED = """<p>2023 年度汇总数据已发布。数据为全市和同类组的汇总，不含任何一所学校的数值；不足 5 所的组不发布。</p>
<p>各校登录平台可查看本校所处区间。</p>"""
_HEATING = """<p>供暖季将至，各校应完成换热站、管网和热计量表具检查，未装热表的建筑应登记采暖面积。</p>"""
_CALIBRES = """<p>用能人数包括在校学生、教职工和长期驻校人员，口径应在表内声明。</p>
<p>更换口径的，应写明原因。建筑面积不含地下车库。</p>"""
_PEOPLE = """<p>每校报填报人至少一名、审核人一名，两者不得为同一人。审核人须启用动态口令。</p>"""
_TRIAL = """<p>平台即日起试运行。第一批开放能源资源消费统计，公寓和食堂标准化评估随后开放。</p>"""
_ABOUT = """<p>本页文字为示例。渤沽市、协会、高校和数值都是虚构的。</p>
<p>协会联系全市高校后勤部门，下设专业委员会，承担统计、标准化建设和经验交流。</p>"""
_GUIDE = """<h2>填报人</h2><ol><li>登录，打开“填报”。</li><li>上传能源科的原表。</li>
<li>改正错误，说明提醒。</li><li>写入草稿，提交。</li></ol>
<h2>审核人</h2><ol><li>打开“待签发”。</li><li>核对合计、提醒和说明。</li><li>签发。签发即封存并报送。</li></ol>"""
