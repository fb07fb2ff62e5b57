"""Things with a form of their own, in the normal form."""

from __future__ import annotations

import pytest

from detectors.entities import ASKS, Kind, entities
from interactions.text import normal


@pytest.mark.parametrize(
    ("kind", "said", "things"),
    [
        (Kind.AMOUNT, "退三百五十块钱", [("三百五十块", 350.0)]),
        (Kind.AMOUNT, "三百五块", [("三百五块", 350.0)]),
        (Kind.AMOUNT, "两万三块", [("两万三块", 23_000.0)]),
        (Kind.AMOUNT, "一千零五块", [("一千05块", 1005.0)]),
        (Kind.AMOUNT, "十块钱", [("十块", 10.0)]),
        (Kind.AMOUNT, "￥1,299.50", [("¥1,299.50", 1299.5)]),
        (Kind.AMOUNT, "5千元和20多块", [("5千元", 5000.0), ("20多块", 20.0)]),
        (Kind.AMOUNT, "it was 45 dollars", [("45 dollars", 45.0)]),
        (Kind.AMOUNT, "我们一块去", []),
        (Kind.AMOUNT, "一块钱", [("一块", 1.0)]),
        (Kind.AMOUNT, "三个月", []),
        (Kind.PHONE, "幺三八零零一三八零零零", [("13800138000", None)]),
        (
            Kind.PHONE,
            "010-62345678 或 400-810-1234",
            [("010-62345678", None), ("400-810-1234", None)],
        ),
        (Kind.PHONE, "call (212) 555-0187", [("(212) 555-0187", None)]),
        (Kind.PHONE, "单号138001380001", []),
        (Kind.ORDER_NUMBER, "订单号JD8829301938", [("jd8829301938", None)]),
        (Kind.ORDER_NUMBER, "电话13800138000", []),
        (Kind.ORDER_NUMBER, "一共12345元", []),
        (Kind.EMAIL, "发到a.b@mail.com", [("a.b@mail.com", None)]),
        (Kind.ADDRESS, "北京市海淀区中关村大街27号", [("北京市海淀区中关村大街27号", None)]),
        (Kind.ADDRESS, "12 Baker Street", [("12 baker street", None)]),
        (Kind.ADDRESS, "我住在五楼", []),
        (Kind.ADDRESS, "路上三个小时", []),
        (Kind.IDENTITY_NUMBER, "11010519491231002X", [("11010519491231002x", None)]),
        (Kind.IDENTITY_NUMBER, "110105194912310021", []),
        (Kind.BANK_CARD, "4111 1111 1111 1111", [("4111 1111 1111 1111", None)]),
        (Kind.BANK_CARD, "4111111111111112", []),
        (Kind.PRODUCT, "流量王套餐", []),
    ],
)
def test_entities(kind: Kind, said: str, things: list[tuple[str, float | None]]) -> None:
    text = normal(said).text
    assert [(text[e.start : e.end], e.value) for e in entities(text, kind)] == things


def test_every_kind_can_be_asked_for() -> None:
    assert set(ASKS) == set(Kind)
    assert all(ASKS.values())
