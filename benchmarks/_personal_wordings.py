"""How personal data is said in a service dialogue: carrier sentences, groups of digits, fillers.

``KNOWN`` was written before the recognisers were finished: after one untouched run the failures
among them were looked at. ``_personal_later.SECOND`` was written later, frozen, and run untouched;
then the causes of its failures were mended, each for its kind and none for its sentence.
``_personal_later.THIRD`` was written and run untouched after that, and what failed was mended in
the same way. So none of them is held out any more: docs/privacy.md tells the figures of the
untouched runs, which are what new wordings must be expected to give. An identifier stands at
``{}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from interactions.personal.kinds import PersonalKind

K = PersonalKind
Carriers = Mapping[PersonalKind, tuple[tuple[str, str], ...]]
"""Kind → what the agent asks before (or nothing), and what the customer says."""
Groups = Mapping[PersonalKind, tuple[tuple[int, ...], ...]]
"""Kind → how many digits are said in one breath."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """Ways to say things.

    Attributes:
        joints: Manner → what stands between two groups.
        leads: What the customer begins a further part with.
        echoes: What the agent says between two parts; ``{}`` is the part.
    """

    carriers: Carriers
    groups: Groups
    joints: Mapping[str, tuple[str, ...]]
    leads: tuple[str, ...]
    echoes: tuple[str, ...]


_CARRIERS: Carriers = {
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
_GROUPS: Groups = {
    K.MOBILE: ((11,), (3, 4, 4), (3, 2, 2, 4), (3, 4, 2, 2), (4, 3, 4), (5, 6)),
    K.IDENTITY_CARD: ((18,), (6, 8, 4), (6, 4, 2, 2, 4), (4, 4, 4, 4, 2), (6, 6, 6)),
    K.BANK_CARD: ((19,), (4, 4, 4, 4, 3), (4, 4, 4, 4), (5, 5, 5, 4), (6, 4, 4, 5)),
    K.LANDLINE: ((12,), (4, 4, 4), (3, 8), (4, 3, 4)),
    K.ORDER_NUMBER: ((15,), (5, 5, 5), (3, 4, 4, 4), (6, 9)),
    K.VERIFICATION_CODE: ((6,), (3, 3), (2, 4)),
}
KNOWN = Wordings(
    _CARRIERS,
    _GROUPS,
    joints={
        "written": ("", "", " ", "-"),
        "spoken": ("", "，", " ", "，嗯，", "，然后是", "、", "呃"),
        "misheard": ("", "", "，", "呃"),
    },
    leads=("",),
    echoes=("{}", "{}，您说", "嗯，{}", "{}对吗", "嗯嗯", "好", "请讲"),
)
