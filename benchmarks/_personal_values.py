"""Personal data made up: identifiers with right check digits, addresses and names."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from random import Random

from interactions.personal.checks import identity_check, luhn
from interactions.personal.kinds import PersonalKind

K = PersonalKind
_AREAS = ("110101", "310115", "440305", "330106", "510107", "420111", "610113", "350203")
_CARDS = (
    ("622848", 19),
    ("621700", 19),
    ("436742", 16),
    ("625965", 16),
    ("955880", 19),
    ("521899", 16),
)
_ROADS = ("建设路", "人民大道", "解放东路", "中山北路", "科技二路", "滨河西路", "学院街")
_CITIES = (
    "江苏省南京市鼓楼区",
    "广东省广州市天河区",
    "成都市武侯区",
    "武汉市洪山区",
    "陕西省西安市雁塔区",
    "厦门市思明区",
)
_ESTATES = ("阳光花园", "金色家园", "翠湖小区", "万达广场", "锦绣苑", "")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英建华文玉兰志红春梅晓东海燕国庆雪婷宇轩子涵浩然"
)

_FAR = (
    "山东省青岛市市南区",
    "上海市浦东新区",
    "湖南省长沙市岳麓区",
    "哈尔滨市南岗区",
    "云南省大理市",
    "佛山市顺德区",
    "新疆乌鲁木齐市天山区",
    "重庆市渝北区",
)
_FAR_ROADS = (
    "香港中路",
    "张杨路",
    "枫林一路",
    "果戈里大街",
    "洱海大道",
    "新桂北路",
    "红石路",
    "龙头寺街",
)
_FAR_ESTATES = ("", "碧桂园", "绿地中心", "恒大名都", "滨江一号院", "老干部局宿舍", "创业大厦")
_FAR_SURNAMES = (
    "魏",
    "蒋",
    "蔡",
    "贾",
    "丁",
    "薛",
    "叶",
    "阎",
    "余",
    "潘",
    "杜",
    "戴",
    "夏",
    "钟",
    "汪",
    "田",
    "任",
    "姜",
    "范",
    "方",
    "石",
    "姚",
    "谭",
    "廖",
    "邹",
    "熊",
    "金",
    "陆",
    "郝",
    "孔",
    "白",
    "崔",
    "康",
    "毛",
    "邱",
    "秦",
    "江",
    "史",
    "顾",
    "侯",
    "邵",
    "孟",
    "龙",
    "万",
    "段",
    "欧阳",
    "司马",
    "诸葛",
)
_FAR_GIVEN = "佳琪梓萱博睿思远嘉懿俊熙诗雨天宏振宁德胜桂兰秋菊立新学文培根雅菲乐怡可馨亦凡"

Digits = Callable[[Random], str]


def mobile(chance: Random) -> str:
    """Return a mobile number."""
    return f"1{chance.choice('3456789')}" + "".join(chance.choices(string.digits, k=9))


def identity(chance: Random) -> str:
    """Return an identity number with its check digit."""
    born = f"{chance.randint(1945, 2006)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    head = f"{chance.choice(_AREAS)}{born}{chance.randint(0, 999):03}"
    return next(head + last for last in "0123456789X" if identity_check(head + last))


def card(chance: Random) -> str:
    """Return a bank card's number with its check digit."""
    begins, length = chance.choice(_CARDS)
    head = begins + "".join(chance.choices(string.digits, k=length - len(begins) - 1))
    return next(head + last for last in string.digits if luhn(head + last))


def landline(chance: Random) -> str:
    """Return a landline with its area code."""
    area, size = chance.choice(
        (("010", 8), ("021", 8), ("028", 8), ("0571", 8), ("0512", 8), ("0931", 7))
    )
    return area + chance.choice("2345678") + "".join(chance.choices(string.digits, k=size - 1))


def _digits(size: int) -> Digits:
    return lambda chance: (
        chance.choice("123456789") + "".join(chance.choices(string.digits, k=size - 1))
    )


def _passport(chance: Random) -> str:
    head = chance.choice(("E", "G", "EA", "EJ"))
    return head + "".join(chance.choices(string.digits, k=9 - len(head)))


def _plate(chance: Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    head = chance.choice("京津沪渝冀豫辽湘皖鲁苏浙鄂粤川陕闽") + chance.choice("ABCDEFGH")
    if chance.random() < 0.3:
        return head + chance.choice("DF") + "".join(chance.choices(string.digits, k=5))
    return head + chance.choice(letters) + "".join(chance.choices(string.digits, k=4))


def _email(chance: Random) -> str:
    user = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(4, 8)))
    domain = chance.choice(("163.com", "qq.com", "outlook.com", "foxmail.com", "sina.com.cn"))
    return f"{user}{chance.choice(('', '_', '.'))}{chance.randint(1, 9999)}@{domain}"


def _far_address(chance: Random) -> str:
    """Return an address of other places and another make than ``_address``."""
    place = chance.choice(_FAR)
    road = f"{chance.choice(_FAR_ROADS)}{chance.randint(1, 2000)}号"
    room = f"{chance.randint(1, 30)}0{chance.randint(1, 4)}"
    block = chance.choice(
        (
            f"{chance.choice('ABCDE')}座{chance.randint(301, 2612)}",
            f"{chance.randint(1, 40)}幢{chance.randint(1, 4)}单元{room}",
            f"{chance.randint(1, 60)}弄{chance.randint(1, 90)}号{chance.randint(101, 605)}室",
            f"{chance.choice('一二三四五六七八九')}号楼{chance.randint(2, 18)}层",
        )
    )
    return f"{place}{road}{chance.choice(_FAR_ESTATES)}{block}"


def _far_name(chance: Random) -> str:
    """Return a name of rarer surnames and given names than ``_name``."""
    given = "".join(chance.sample(_FAR_GIVEN, k=chance.choice((1, 2, 2))))
    return chance.choice(_FAR_SURNAMES) + given


def _address(chance: Random) -> str:
    rest = (
        f"{chance.randint(1, 30)}栋{chance.randint(101, 2404)}"
        if chance.random() < 0.5
        else f"{chance.randint(1, 9)}号楼{chance.randint(1, 6)}单元{chance.randint(101, 1804)}室"
    )
    road = f"{chance.choice(_CITIES)}{chance.choice(_ROADS)}{chance.randint(1, 999)}号"
    return f"{road}{chance.choice(_ESTATES)}{rest}"


def _name(chance: Random) -> str:
    return chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, k=chance.choice((1, 2, 2))))


def _parcel(chance: Random) -> str:
    return chance.choice(("SF", "YT", "JD", "ZT", "")) + "".join(chance.choices("123456789", k=13))


VALUES: Mapping[PersonalKind, Digits] = {
    K.IDENTITY_CARD: identity,
    K.MOBILE: mobile,
    K.BANK_CARD: card,
    K.LANDLINE: landline,
    K.EMAIL: _email,
    K.PLATE: _plate,
    K.PASSPORT: _passport,
    K.ADDRESS: _address,
    K.NAME: _name,
    K.ORDER_NUMBER: _digits(15),
    K.TRACKING_NUMBER: _parcel,
    K.VERIFICATION_CODE: _digits(6),
}
FAR_VALUES: Mapping[PersonalKind, Digits] = {**VALUES, K.ADDRESS: _far_address, K.NAME: _far_name}
"""As ``VALUES``, with other addresses and names."""
