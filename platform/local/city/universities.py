"""Thirty universities that do not exist. Sizes are invented; no figure belongs to a real place."""

from dataclasses import dataclass

# the years of the demo
FIRST, LAST = 2022, 2024


@dataclass(frozen=True)
class CityUniversity:
    """One university of the demo: persons and m² in the first year, buildings when it files by building."""

    code: str
    name: str
    short_name: str
    kind: str
    district: str
    students: int
    staff: int
    floor_area: int
    buildings: int = 0
    aliases: tuple[str, ...] = ()


_ROWS = """
haijin   海津理工大学         海津理工 engineering   南岸片区 24600 2350 812000 0
bolan    渤澜工业大学         渤澜工大 engineering   临港片区 19800 1900 655000 0
lanwan   澜湾科技大学         澜湾科大 engineering   临港片区 28200 2700 934000 0
guling   沽岭工程学院         沽岭工程 engineering   北岸片区 11800 960  352000 0
xiyuan   汐源能源学院         汐源能源 engineering   西岸片区 9400  780  286000 0
qilan    栖澜航空工业学院     栖澜航院 engineering   东岸片区 13600 1180 421000 0
jinggu   镜沽信息工程大学     镜沽信大 engineering   西岸片区 17400 1540 548000 30
cangxi   沧汐理工学院         沧汐理工 engineering   北岸片区 8600  690  241000 0
yungu    云沽建筑大学         云沽建大 engineering   南岸片区 16200 1480 507000 30
yanhai   砚海交通学院         砚海交院 engineering   东岸片区 12900 1120 398000 0
bogu     渤沽职业技术学院     渤沽职院 vocational    临港片区 9800  620  262000 0
lanqiao  澜桥职业学院         澜桥职院 vocational    西岸片区 7600  480  188000 0
xiwan    汐湾现代服务职业学院 汐湾职院 vocational    西岸片区 8300  540  214000 0
gutang   沽塘机电职业技术学院 沽塘机电 vocational    北岸片区 11200 710  297000 30
luting   潞汀铁路职业学院     潞汀铁院 vocational    东岸片区 10400 660  271000 0
jingxi   静汐护理职业学院     静汐护院 vocational    城中片区 6200  410  153000 0
weilan   卫澜商务职业学院     卫澜商院 vocational    城中片区 7100  450  169000 0
haizhan  海栈港口职业技术学院 海栈港院 vocational    临港片区 8900  570  233000 0
qigu     栖沽工艺职业学院     栖沽工艺 vocational    南岸片区 5800  390  147000 0
yantang  砚塘轻工职业学院     砚塘轻工 vocational    南岸片区 9100  590  246000 0
gushang  沽上师范大学         沽上师大 normal        城中片区 22300 2080 716000 30
lanxi    澜汐师范学院         澜汐师院 normal        西岸片区 10900 890  318000 0
zhaogu   照沽师范学院         照沽师院 normal        北岸片区 9700  800  284000 0
xiqiao   汐桥师范学院         汐桥师院 normal        东岸片区 12100 1010 361000 0
yunting  云汀教育学院         云汀教院 normal        南岸片区 6900  560  197000 0
jinglan  静澜医科大学         静澜医大 medical       城中片区 14200 1640 468000 0
guji     沽济中医药大学       沽济中医 medical       城中片区 11600 1210 376000 0
weigu    卫沽财经大学         卫沽财大 finance       西岸片区 15800 1260 441000 0
luxi     潞溪农学院           潞溪农院 agriculture   北岸片区 8800  720  259000 0
lanyin   澜音艺术学院         澜音艺院 arts          城中片区 5200  510  161000 0
"""


def _read(line: str) -> CityUniversity:
    code, name, short, kind, district, students, staff, area, buildings = line.split()
    return CityUniversity(
        code, name, short, kind, district, int(students), int(staff), int(area), int(buildings)
    )


UNIVERSITIES: tuple[CityUniversity, ...] = tuple(_read(line) for line in _ROWS.strip().splitlines())
