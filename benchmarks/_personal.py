"""Personal data made up and planted in real dialogues, written, said, misheard and in parts.

The wordings and groupings here are others than those the recognisers were made with; but after one
untouched run the failures among them were looked at, and how numbers in parts are put together was
mended, so they are no longer strictly held out. What is planted stands between ``⟦`` and ``⟧``.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks._misheard import Mishearing
from interactions.personal.checks import identity_check, luhn
from interactions.personal.kinds import PersonalKind

K = PersonalKind
MANNERS = ("written", "spoken", "misheard", "parts")
MISHEARD = 0.1
"""Share of the spoken digits that are replaced by what sounds like them."""
_SPOKEN = "零一二三四五六七八九"
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
CHECKABLE = (K.IDENTITY_CARD, K.MOBILE, K.BANK_CARD, K.EMAIL)
"""Kinds with a check digit or a form of their own."""
SPOKEN_KINDS = (
    K.IDENTITY_CARD, K.MOBILE, K.BANK_CARD, K.LANDLINE, K.ORDER_NUMBER, K.VERIFICATION_CODE,
)  # fmt: skip

# (who says what before, the line itself)
_Wordings = tuple[tuple[str, str], ...]
WORDINGS: Mapping[PersonalKind, _Wordings] = {
    K.IDENTITY_CARD: (
        ("", "我身份证是{}，帮我改下实名"),
        ("麻烦报一下身份证号码，我核对一下", "嗯，{}"),
        ("", "开户用的身份证{}，名字没错"),
        ("那您证件号说一下呢", "{}对吧"),
    ),
    K.MOBILE: (
        ("", "我的号码是{}，晚上再打"),
        ("请问收货人的电话", "您记一下{}"),
        ("", "换成{}这个手机接收短信"),
        ("回访的话拨打哪个号码方便", "{}吧"),
        ("", "快递员让我联系{}，没人接"),
    ),
    K.BANK_CARD: (
        ("退到您的哪张卡上", "尾号不记得，整个卡号是{}"),
        ("", "银行卡{}，开户行是建设银行"),
        ("请提供收款账号", "{}，户名是我自己"),
        ("", "用这张信用卡付的{}，怎么还扣了两次"),
    ),
    K.LANDLINE: (
        ("", "公司的固定电话是{}"),
        ("留个座机也行", "那记{}"),
        ("", "你们用{}这个电话给我打过来的"),
    ),
    K.EMAIL: (
        ("请问邮箱地址", "{}，注意是小写"),
        ("", "发到{}就可以"),
    ),
    K.PLATE: (
        ("", "我开的是{}，停在地下车库"),
        ("车牌号码呢", "{}"),
    ),
    K.PASSPORT: (
        ("请问护照号", "{}"),
        ("", "登机用的护照号是{}"),
    ),
    K.ADDRESS: (
        ("", "我住在{}，明天在家"),
        ("请问安装到哪里", "安装到{}，有电梯"),
        ("", "寄件地址：{}"),
    ),
    K.NAME: (
        ("请问您贵姓，全名是", "我的名字是{}"),
        ("", "联系人写{}就行"),
        ("", "请{}女士接电话"),
        ("", "收货人：{}"),
    ),
    K.ORDER_NUMBER: (
        ("", "就是这个订单{}，一直没发货"),
        ("麻烦提供订单编号", "稍等，{}"),
        ("", "服务单号{}，显示已完成"),
    ),
    K.TRACKING_NUMBER: (
        ("", "物流单号是{}，卡在中转站"),
        ("快递单号报一下好吗", "{}，应该是这个"),
    ),
    K.VERIFICATION_CODE: (
        ("验证码发过去了，您念一下", "{}"),
        ("", "刚收到的动态密码{}不对"),
    ),
}
_GROUPS: Mapping[PersonalKind, tuple[tuple[int, ...], ...]] = {
    K.MOBILE: ((11,), (3, 4, 4), (3, 2, 2, 4), (3, 4, 2, 2), (4, 3, 4), (5, 6)),
    K.IDENTITY_CARD: ((18,), (6, 8, 4), (6, 4, 2, 2, 4), (4, 4, 4, 4, 2), (6, 6, 6)),
    K.BANK_CARD: ((19,), (4, 4, 4, 4, 3), (4, 4, 4, 4), (5, 5, 5, 4), (6, 4, 4, 5)),
    K.LANDLINE: ((12,), (4, 4, 4), (3, 8), (4, 3, 4)),
    K.ORDER_NUMBER: ((15,), (5, 5, 5), (3, 4, 4, 4), (6, 9)),
    K.VERIFICATION_CODE: ((6,), (3, 3), (2, 4)),
}
_JOINTS = {
    "written": ("", "", " ", "-"),
    "spoken": ("", "，", " ", "，嗯，", "，然后是", "、", "呃"),
    "misheard": ("", "", "，", "呃"),
}
_ECHOES = ("{}", "{}，您说", "嗯，{}", "{}对吗", "嗯嗯", "好", "请讲")


@dataclass(frozen=True, slots=True)
class Planted:
    """An identifier and where it stands: line of the dialogue, first and last place."""

    kind: PersonalKind
    manner: str
    places: tuple[tuple[int, int, int], ...]


Line = tuple[str, str]


class Planting:
    """Plants; the same seed plants the same."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)  # noqa: S311 - a seeded generator is the point
        self._mishearing = Mishearing(seed)

    def planted(
        self, dialogue: Sequence[Line], kind: PersonalKind, manner: str
    ) -> tuple[list[Line], Planted]:
        """Return a dialogue with one more identifier in it, and where that stands."""
        at = self._chance.randint(0, len(dialogue))
        lines = self._lines(kind, manner)
        places = []
        clean = []
        for number, (party, text) in enumerate(lines):
            plain = text.replace("⟦", "").replace("⟧", "")
            clean.append((party, plain))
            for count, match in enumerate(re.finditer("⟦[^⟧]*⟧", text)):
                start = match.start() - 2 * count
                places.append((at + number, start, start + len(match[0]) - 2))
        return [*dialogue[:at], *clean, *dialogue[at:]], Planted(kind, manner, tuple(places))

    def _lines(self, kind: PersonalKind, manner: str) -> list[Line]:
        asked, said = self._chance.choice(WORDINGS[kind])
        value = VALUES[kind](self._chance)
        before = [("agent", asked)] if asked else []
        if manner == "parts":
            return before + self._parts(kind, value, said)
        written = self._written(kind, value, manner)
        return [*before, ("user", said.format(f"⟦{written}⟧"))]

    def _written(self, kind: PersonalKind, value: str, manner: str) -> str:
        if kind not in _GROUPS:
            return value
        groups = self._groups(kind, value)
        joints = _JOINTS["spoken" if manner == "parts" else manner]
        if manner == "written":
            return self._chance.choice(joints).join(groups)
        said = [self._said(group) for group in groups]
        out = said[0]
        for group in said[1:]:
            out += self._chance.choice(joints) + group
        if manner == "misheard":
            out = "".join(
                self._mishearing.text(c, MISHEARD) if c in _SPOKEN or c == "幺" else c for c in out
            )
        return out

    def _groups(self, kind: PersonalKind, value: str) -> list[str]:
        groups = []
        for size in self._chance.choice(_GROUPS[kind]):
            groups.append(value[:size])
            value = value[size:]
        if value:
            groups[-1] += value
        return [group for group in groups if group]

    def _said(self, group: str) -> str:
        one = self._chance.choice("幺幺一")
        said = "".join(one if c == "1" else c if c == "X" else _SPOKEN[int(c)] for c in group)
        return said.replace("X", self._chance.choice(("叉", "X")))

    def _parts(self, kind: PersonalKind, value: str, said: str) -> list[Line]:
        groups = self._groups(kind, value)
        if len(groups) == 1:
            half = len(value) // 2
            groups = [value[:half], value[half:]]
        lines: list[Line] = []
        for number, group in enumerate(groups):
            spoken = f"⟦{self._said(group)}⟧"
            lines.append(("user", said.partition("{}")[0] + spoken if number == 0 else spoken))
            if number < len(groups) - 1:
                echo = self._chance.choice(_ECHOES)
                lines.append(("agent", echo.format(spoken)))
        return lines
