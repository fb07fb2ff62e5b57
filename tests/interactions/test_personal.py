"""Personal data: found where it stands, in whatever form, and replaced by one name."""

from __future__ import annotations

import pytest

from interactions.interaction import Language, Utterance, Word
from interactions.personal.checks import identity_check, luhn
from interactions.personal.finding import found_in, found_over
from interactions.personal.redaction import Redaction, certain_text, redacted_text
from interactions.sound import Party

ID = "11010519491231002X"  # the example of GB 11643
CARD = "6222021202001234567"

ONE_LINE = [
    ("我手机号是13800138000，谢谢", "mobile", "13800138000", "13800138000"),
    ("打 138-0013-8000 找我", "mobile", "138-0013-8000", "13800138000"),
    ("+86 138 0013 8000", "mobile", "86 138 0013 8000", "13800138000"),
    ("我的电话是幺三八零零幺三八零零零", "mobile", "幺三八零零幺三八零零零", "13800138000"),
    ("是一三八，嗯，四个零，一二三四", "mobile", "一三八，嗯，四个零，一二三四", "13800001234"),
    ("要三拔零零医三八零零零", "mobile", "要三拔零零医三八零零零", "13800138000"),
    (f"身份证{ID}", "identity_card", ID, ID),
    ("幺幺零幺零五 幺九四九幺二三幺 零零二叉", "identity_card", None, ID),
    ("卡号6222 0212 0200 1234 567", "bank_card", "6222 0212 0200 1234 567", CARD),
    ("我的储蓄卡4111-1111-1111-1111一直没到账", "bank_card", "4111-1111-1111-1111", "4" + "1" * 15),
    ("家里座机010-62345678", "landline", "010-62345678", "01062345678"),
    ("白天打零二一，六二三四五六七八", "landline", "零二一，六二三四五六七八", "02162345678"),
    ("护照号E12345678", "passport", "E12345678", "E12345678"),
    ("港澳通行证C12345678", "permit", "C12345678", "C12345678"),
    ("车牌沪A·12345", "plate", "沪A·12345", "沪a12345"),
    ("是粤BD12345，绿牌", "plate", "粤BD12345", "粤bd12345"),
    ("发到zhang.san@qq.com吧", "email", "zhang.san@qq.com", "zhang.san@qq.com"),
    ("lisi 艾特 163 点 com", "email", "lisi 艾特 163 点 com", "lisi@163.com"),
    ("送到浙江省杭州市西湖区文三路478号3楼", "address", "浙江省杭州市西湖区文三路478号3楼", None),
    ("住在人民路八十八号", "address", "人民路八十八号", None),
    ("我姓王", "name", "王", "王"),
    ("您好，请问是欧阳先生吗", "name", "欧阳", "欧阳"),
    ("我叫李小明，想问一下", "name", "李小明", "李小明"),
    ("弓长张", "name", "弓长张", "张"),
    ("订单号是202601234567", "order_number", "202601234567", "202601234567"),
    ("快递单号SF1234567890123", "tracking_number", "SF1234567890123", "SF1234567890123"),
    ("验证码是三八五九二幺", "verification_code", "三八五九二幺", "385921"),
    ("my number is (415) 555-0132, call me", "landline", "415) 555-0132", "4155550132"),
    ("my phone is four one five, five five five, oh one three two", "landline", None, "4155550132"),
    ("card number four one one one one one one one one one one one one one one one", "bank_card",
     None, "4" + "1" * 15),
    ("write to john dot smith at gmail dot com please", "email", None, "john.smith@gmail.com"),
    ("Hi, my name is Mary Jones and I called", "name", "Mary Jones", "mary jones"),
    ("I live at 12 Baker Street", "address", "12 Baker Street", None),
    # full stops and semicolons are pauses, points are not (HARMLESS)
    ("固话是零二八。八三三六，四二八二", "landline", "零二八。八三三六，四二八二", "02883364282"),
    ("打幺三八；零零幺三；八零零零", "mobile", "幺三八；零零幺三；八零零零", "13800138000"),
    # pairs alone, and what counts digits behind a pause
    ("验证码三四，那个，五七，那个，六二", "verification_code", None, "345762"),
    ("验证码是645，087，6位的", "verification_code", "645，087", "645087"),
    # one digit at the end, behind what people say between digits
    ("证号幺幺零幺零五 幺九四九幺二三幺 零零二，那个，X", "identity_card", None, ID),
    ("卡号六二二二零二幺二零二零零一二三四五六，最后，七", "bank_card", None, CARD),
    ("快递员让我联系138 0013 8000，没人接", "mobile", "138 0013 8000", "13800138000"),
    ("查个快递，2747443599542，到哪了", "tracking_number", "2747443599542", "2747443599542"),
    ("订单没发货，快递SF1234567890123", "tracking_number", "SF1234567890123", "SF1234567890123"),
    ("我有两个单，先看202601234567", "order_number", "202601234567", "202601234567"),
    ("系统里登记的姓名写的是蔡根吗", "name", "蔡根", "蔡根"),
    ("我找一下万菲琪先生", "name", "万菲琪", "万菲琪"),
    ("是一个叫戴琪可的客服接的", "name", "戴琪可", "戴琪可"),
    ("送到重庆市渝北区洱海大道511号滨江一号院E座2514", "address",
     "重庆市渝北区洱海大道511号滨江一号院E座2514", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "quoted", "value"), ONE_LINE)
def test_an_identifier_is_found(
    text: str, kind: str, quoted: str | None, value: str | None
) -> None:
    (hit,) = [one for one in found_in(text) if one.kind == kind]
    (place,) = hit.places
    assert quoted is None or text[place.start : place.end] == quoted
    assert value is None or hit.value == value
    assert hit.confidence >= 0.5
    assert hit.because


HARMLESS = [
    "我买了3台，一共299元，2026年1月15号到的",
    "9:30到22:30都有人，2026-01-15 14:58:01下的单",
    "请拨打客服热线400-812-3456",
    "这一二三四个问题你都没回答",
    "任何经理都可以，对于老师我没有意见",
    "商品ID:13694139464",
    "版本3.21.953，流量259.128兆",
    "订单满20，打18，再减15，一共22件",
    "你们一个叫的车都没有",
    "我是安装师傅，谢谢老师",
    "我等了一个小时二十分钟，两三天了",
    "老百姓姓什么都行，这位先生请讲",
    "the order will come in 10 to 12 days, one or two at most",
    "走了两公里的路，三楼没有人",
    "https://item.example.com/11258090.html",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_nobodys_stays(text: str) -> None:
    assert found_in(text) == []


PARTS = [
    (
        [("a", "手机号多少"), ("c", "幺三八"), ("a", "嗯幺三八"), ("c", "零零幺三"),
         ("a", "零零幺三，您说"), ("c", "八零零零"), ("a", "好的")],
        "mobile", "13800138000",
        [(1, "幺三八"), (2, "幺三八"), (3, "零零幺三"), (4, "零零幺三"), (5, "八零零零")],
    ),
    (
        [("a", "尾号前面是1380013对吗"), ("c", "对，8000")],
        "mobile", "13800138000", [(0, "1380013"), (1, "8000")],
    ),
    (
        [("c", "卡号六二二二零二"), ("a", "嗯"), ("c", "幺二零二零零"), ("a", "请讲"),
         ("c", "一二三四五六"), ("a", "还有吗"), ("c", "七")],
        "bank_card", CARD,
        [(0, "六二二二零二"), (2, "幺二零二零零"), (4, "一二三四五六"), (6, "七")],
    ),
    (
        [("c", "验证码八九"), ("a", "嗯您继续"), ("c", "嗯，三一"), ("a", "好"), ("c", "然后九一")],
        "verification_code", "893191", [(0, "八九"), (2, "三一"), (4, "九一")],
    ),
    (
        [("c", "工单二零九零零"), ("a", "是"), ("c", "接下来四四二三四四六四幺四")],
        "order_number", "209004423446414", [(0, "二零九零零"), (2, "四四二三四四六四幺四")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kind", "value", "where"), PARTS)
def test_a_number_is_found_over_several_utterances(said, kind, value, where) -> None:
    (hit,) = found_over(said)
    assert (hit.kind, hit.value) == (kind, value)
    assert "parts" in hit.because
    assert [(p.line, said[p.line][1][p.start : p.end]) for p in hit.places] == where


def test_what_is_asked_for_says_what_a_number_is() -> None:
    said = [("a", "请报一下验证码"), ("c", "385921")]
    (hit,) = found_over(said)
    assert hit.kind == "verification_code"
    assert found_over([("a", "一共多少钱"), ("c", "385921")]) == []


def test_a_check_digit_makes_a_number_surer() -> None:
    right, wrong = found_in(f"身份证{ID}"), found_in("身份证110105194912310021")
    assert right[0].confidence > wrong[0].confidence
    assert "check_digit" in right[0].because
    assert "check_digit" not in wrong[0].because
    assert identity_check(ID)
    assert luhn(CARD)
    assert not luhn("6222021202001234568")


def test_a_hit_does_not_show_its_value() -> None:
    assert "13800138000" not in repr(found_in("13800138000"))


def said(*lines: tuple[Party, str]) -> list[Utterance]:
    return [
        Utterance(n, party, 1000 * n, 1000 * n + 900, text) for n, (party, text) in enumerate(lines)
    ]


def test_one_identifier_has_one_pseudonym_written_and_spoken() -> None:
    hidden = Redaction(
        said(
            (Party.CUSTOMER, "我叫王小明，手机13800138000"),
            (Party.AGENT, "幺三八零零幺三八零零零，王先生对吗"),
            (Party.CUSTOMER, "另一个是13912345678"),
            (Party.AGENT, "13800138000记下了"),
        ),
        Language.ZH,
    )
    assert [u.text for u in hidden.utterances()] == [
        "我叫[姓名-1]，手机[手机-1]", "[手机-1]，[姓名-1]先生对吗",
        "另一个是[手机-2]", "[手机-1]记下了",
    ]  # fmt: skip
    assert hidden.quote(1, "零零幺三八零零零，王先生") == "[手机-1]，[姓名-1]先生"
    assert hidden.text("客户13800138000要求回电13700137000") == "客户[手机-1]要求回电[手机-3]"


def test_english_pseudonyms_and_plain_texts() -> None:
    hidden = Redaction(said((Party.CUSTOMER, "my phone is 415 555 0132")), Language.EN)
    assert [u.text for u in hidden.utterances()] == ["my phone is [PHONE-1]"]
    assert redacted_text("回电13800138000") == "回电[手机-1]"
    assert certain_text("a/13800138000.wav: 王先生") == "a/[手机-1].wav: 王先生"


def test_words_of_an_identifier_become_one_with_its_times() -> None:
    text = "是13800138000啊"
    times = ((0, 100, "是"), (100, 400, "138"), (400, 700, "0013"), (700, 900, "8000"),
             (900, 1000, "啊"))  # fmt: skip
    words = tuple(Word(*one) for one in times)
    one = Utterance(0, Party.CUSTOMER, 0, 1000, text, words)
    (masked,) = Redaction([one], Language.ZH).utterances()
    assert masked.text == "是[手机-1]啊"
    assert [(w.start_ms, w.end_ms, w.text) for w in masked.words] == [
        (0, 100, "是"), (100, 900, "[手机-1]"), (900, 1000, "啊"),
    ]  # fmt: skip
    assert (masked.start_ms, masked.end_ms) == (0, 1000)


def test_traditional_and_wide_characters_keep_their_places() -> None:
    text = "我的電話是１３８ ００１３ ８０００，謝謝"
    ((place,),) = [hit.places for hit in found_in(text)]
    assert text[place.start : place.end] == "１３８ ００１３ ８０００"
