"""How personal data is said in a service dialogue: carrier sentences, groups of digits, fillers.

``KNOWN`` was written before the recognisers were finished: after one untouched run the failures
among them were looked at, so they are not held out any more. ``HELD_OUT`` was written later,
frozen, and run untouched (docs/privacy.md tells the figures of that run); what was mended then was
mended for its cause and not for a sentence. An identifier stands at ``{}``.
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

_HELD_OUT: Carriers = {
    K.IDENTITY_CARD: (
        ("为了您的账户安全要核验证件，请报一下号码", "好的你记，{}"),
        ("", "实名用的是我老公的证，号是{}"),
        ("", "我重新报一遍身份证啊，{}，这回对了吧"),
        ("方便提供一下办理人的身份证吗", "{}，是我本人的"),
        ("", "名字没变，就是证号不一样，{}"),
        ("您是户主本人吗，证号多少", "是的，{}"),
    ),
    K.MOBILE: (
        ("", "我打过来的这个号就是，{}"),
        ("您留一个能接到电话的号码吧", "那就{}，随时都行"),
        ("", "麻烦师傅上门前打{}"),
        ("账号绑定的是哪个手机", "应该是{}，没错吧"),
        ("", "我妈的电话{}，打给她就行"),
        ("请问下单时填写的联系方式", "{}，姓刘"),
    ),
    K.BANK_CARD: (
        ("", "钱是从{}这张卡扣走的"),
        ("退款需要您提供卡号", "你记一下吧，{}，建行的"),
        ("", "我绑定的储蓄卡是{}，现在要换"),
        ("麻烦您核对一下还款账户", "是{}，对的"),
        ("", "工资卡{}被冻结了怎么办"),
        ("请问转账转到哪个账号了", "对方账号{}"),
    ),
    K.LANDLINE: (
        ("", "我们店里的电话{}，有人接"),
        ("有没有固话可以联系", "有的，{}"),
        ("", "昨天{}一直打进来，是你们的客服吗"),
        ("方便留一个公司电话吗", "区号也要是吧，{}"),
        ("", "报修的是座机，号码是{}"),
    ),
    K.EMAIL: (
        ("", "电子发票开好寄到{}"),
        ("截图发给哪个邮箱呢", "我的邮箱{}，收到了回个信"),
        ("", "注册用的是{}，密码忘了"),
        ("", "扫描件我已经从{}发过去了"),
    ),
    K.PLATE: (
        ("", "充电桩绑的车是{}"),
        ("请说一下您的车牌", "我的车{}，白色的"),
        ("", "{}这辆车的违章是怎么回事"),
        ("", "给{}续一年车险"),
    ),
    K.PASSPORT: (
        ("", "护照换了新的，号码{}，帮我改一下机票"),
        ("国际航班需要护照信息", "护照是{}，有效期到明年"),
        ("", "用护照{}办的入住"),
    ),
    K.ADDRESS: (
        ("", "麻烦改个地址，{}，谢谢"),
        ("您的收货地址是哪里呢", "还是老地方，{}"),
        ("", "包裹送错了，我家在{}"),
        ("", "给我寄到公司，{}，前台收"),
        ("师傅上门的地址确认一下", "{}，七楼没电梯"),
    ),
    K.NAME: (
        ("请问怎么称呼您", "我叫{}"),
        ("", "收件人{}，手机关机了"),
        ("", "我找一下{}先生，他让我打这个电话"),
        ("开户人姓名是", "户名{}"),
        ("", "{}女士是我爱人，用她的名字登记的"),
        ("", "系统里登记的姓名写的是{}吗"),
    ),
    K.ORDER_NUMBER: (
        ("", "订单{}到现在还没发货"),
        ("您把订单号发我一下", "{}，就是这个"),
        ("", "我有两个单，先看{}这个订单"),
        ("请问是哪一笔订单呢", "给你全的吧，{}"),
        ("", "上次投诉的工单{}有结果了吗"),
    ),
    K.TRACKING_NUMBER: (
        ("", "快递{}三天没动了"),
        ("", "退货我寄回去了，运单号{}"),
        ("麻烦提供一下寄回的单号", "{}"),
        ("", "帮忙查个快递，{}，到哪了"),
    ),
    K.VERIFICATION_CODE: (
        ("我给您发了一条短信，里面的验证码报给我", "{}"),
        ("", "短信里的验证码是{}，你们看到了吗"),
        ("", "收到了，校验码{}"),
        ("请报一下动态密码", "{}，六位的对吗"),
        ("麻烦念一下您收到的验证码", "嗯我看看，{}"),
    ),
}
_HELD_OUT_GROUPS: Groups = {
    K.MOBILE: ((3, 3, 5), (3, 4, 4), (3, 3, 3, 2), (4, 4, 3), (3, 8), (7, 4), (11,)),
    K.IDENTITY_CARD: ((6, 4, 4, 4), (3, 3, 4, 4, 4), (6, 8, 3, 1), (10, 8), (6, 12), (18,)),
    K.BANK_CARD: ((4, 4, 4, 4, 3), (6, 6, 7), (4, 4, 4, 7), (8, 8, 3), (19,)),
    K.LANDLINE: ((3, 4, 4), (4, 4, 4), (3, 8), (12,)),
    K.ORDER_NUMBER: ((4, 4, 4, 3), (7, 8), (5, 10), (15,)),
    K.VERIFICATION_CODE: ((6,), (3, 3), (2, 2, 2), (4, 2)),
}
HELD_OUT = Wordings(
    _HELD_OUT,
    _HELD_OUT_GROUPS,
    joints={
        "written": ("", "", " ", "-", "  "),
        "spoken": ("", "，", "、", " ", "，那个，", "，呃，", "然后", "。"),
        "misheard": ("", "", "，", "嗯"),
    },
    leads=("", "", "然后", "后面是", "嗯，", "接下来"),
    echoes=("{}嗯", "好的{}", "对", "嗯您继续", "{}，后面", "是", "稍等我记一下", "{}然后呢"),
)
