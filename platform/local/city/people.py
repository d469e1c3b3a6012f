"""The people of the demo. Invented names; one password for all, printed at the start."""

ASSOCIATION = (
    # e-mail, name, role, committee
    ("staff@demo", "陆思远", "staff", ""),
    ("secretary@demo", "顾清和", "secretary", "NZ"),
    ("commission@demo", "许清和", "commission", ""),
    ("expert@demo", "韩知秋", "expert", ""),
    ("operator@demo", "运维值班", "operator", ""),
)
# signs at a university while its approver is on leave: e-mail, name, university
SUBSTITUTE = ("deputy@guji.demo", "苏砚青", "guji")
CLERKS = ["林知行", "周明川", "沈一帆", "何雨桐", "郑书言", "吴启明", "罗念安", "梁予墨", "宋怀瑾", "唐若水"]
APPROVERS = [
    "周予安",
    "陈允之",
    "杜衡山",
    "方可期",
    "江晚舟",
    "贺庭芳",
    "任平川",
    "程砚秋",
    "傅望舒",
    "钟云起",
]

INTRODUCTION = (
    ("clerk@haijin.demo", "海津理工大学 填报人（上传 tests/samples 里的 e01）"),
    ("approver@haijin.demo", "海津理工大学 审核人"),
    ("deputy@guji.demo", "沽济中医药大学 代签人：审核人休假，有一份等着签发"),
    ("clerk@lanyin.demo", "澜音艺术学院 填报人：申请了延期，等协会答复"),
    ("staff@demo", "协会秘书处：审核、发布、网站"),
    ("commission@demo", "市教委：全市对标"),
    ("secretary@demo", "能专会秘书"),
    ("expert@demo", "评估专家"),
    ("operator@demo", "运维后台 /ops/"),
)


def clerk_name(index: int) -> str:
    return CLERKS[index % len(CLERKS)]


def approver_name(index: int) -> str:
    return APPROVERS[index % len(APPROVERS)]
