"""At whom or what a negative utterance is aimed: the agent, the product, the company; or a refusal.

An utterance is negative from a mood score of ``NEGATIVE`` down. It is aimed at

agent    who is talked to, or how they talk: 你什么态度, 叫你们主管来, "you are rude"
product  what was bought or is used: 宽带老断, 手机坏了, "the router keeps dropping"
company  the firm, its rules and promises: 你们公司, 霸王条款, "your policy"

the first of these whose words it holds, in that order: who is angry at a person says what it was
about too, and the other way round seldom. Without any of them nobody is named. A polite refusal
(不需要谢谢, 再考虑一下, "not interested, thanks") is none of them: it is a customer's utterance
with words of refusal that is not negative or holds a polite word; no anger is read into it. All
words are ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from detectors.lines import LinePattern, Lines, line_pattern

NEGATIVE = -1.0
"""Mood score from which on an utterance counts as angry; as ``negative_stretch`` takes it."""


class Target(StrEnum):
    """At whom or what an utterance is aimed, in the order in which they are looked for."""

    AGENT = "agent"
    PRODUCT = "product"
    COMPANY = "company"
    REFUSAL = "refusal"


_NEW = r"(?!们|家|司)"
_AIMED: Mapping[Target, LinePattern] = MappingProxyType(
    {
        Target.AGENT: line_pattern(
            rf"你{_NEW}(?:什么|这个?|是什么)?(?:态度|语气|口气|人|水平|素质)|"
            rf"你{_NEW}(?:怎么|咋)(?:说话|回事|这样|这么|那么|能这样|不听|听不懂|当客服)|"
            rf"你{_NEW}(?:会不会|到底会|能不能好好|是不是听不懂|听不懂|听得懂|听没听|有没有在听|别敷衍|"
            rf"敷衍|忽悠|糊弄|骗|耍|气|吼|凶|挂|推|根本不|什么都不|就知道|只会|光会|别废话|少废话|闭嘴|"
            rf"不耐烦|态度|答非所问|复制粘贴|是机器人)|"
            "(?:客服|坐席|接线员|话务员|服务员|业务员|师傅|骑手|快递员|送餐员|前台|店员|工作人员)"
            "[^,.!?\n]{0,8}(?:态度|不耐烦|没礼貌|挂|凶|骂|吼|敷衍|忽悠|骗|素质|不理|爱理不理|不专业|推|冲)|"
            rf"(?:投诉|举报|差评)你{_NEW}|服务态度|什么态度|态度(?:太|很|真|极|这么)?(?:差|恶劣|不好|烂)|"
            "(?:叫|让|找|换)[^,.!?\n]{0,3}(?:主管|领导|经理|班长|组长|个人来|别人|个人跟我)|"
            "你的?工号|换人|跟你说不清|跟你没法|懒得跟你|不想跟你",
            r"(?<![a-z])you(?:'re| are| were| r) (?:so |very |being |really |just )?"
            r"(?:rude|useless|unhelpful|incompetent|lying|not listening|not helping|wasting|"
            r"a liar|an idiot|stupid|ignoring|reading)|"
            r"your (?:attitude|tone|manager|supervisor|boss)|"
            r"(?:speak|talk) to (?:a|your|the) (?:manager|supervisor|someone else)|"
            r"you (?:hung up|don't (?:listen|care|understand|know)|lied|never listen|keep saying)|"
            r"(?:agent|representative|rep|advisor|technician|driver|lady|guy)"
            r"[^,.!?\n]{0,20} (?:rude|hung up|useless|unhelpful|lied|yelled|shouted|ignored)|"
            r"someone (?:else|competent)",
        ),
        Target.PRODUCT: line_pattern(
            "(?:质量|手机|电脑|宽带|网络|网速|信号|流量|上网|光猫|路由器|机顶盒|电视|机器|设备|产品|商品|东西|"
            "货|衣服|鞋|软件|系统|页面|网站|小程序|客户端|充电器|电池|屏幕|空调|冰箱|洗衣机|热水器|卡|套餐|"
            "菜|饭|餐|味道|房间|包装|这款|这个牌子|app)"
            "[^,.!?\n]{0,12}(?:差|坏|慢|卡|断|烂|垃圾|破|假|次|贵|死机|闪退|没有?用|不能|不了|不上|不开|"
            "用不|打不|连不|收不|问题|故障|毛病|漏|裂|响|热|凉|难|脏|旧|失望|不行|不好|掉|没)|"
            "(?:破|烂|什么)(?:手机|网|宽带|信号|东西|机器|玩意|系统|软件|质量|产品)|"
            "断网|掉线|没信号|死机|闪退|黑屏|卡顿|质量太|假货|次品|残次|二手|翻新|用(?:了)?[^,.!?\n]{1,4}就坏|"
            "又坏|老坏|老断|坏了",
            r"(?<![a-z])(?:product|device|phone|router|modem|internet|connection|wifi|wi-fi|signal|"
            r"network|app|website|site|software|card|machine|laptop|screen|battery|order|package|"
            r"food|meal|room|service line|quality|it)[^,.!?\n]{0,24}"
            r" (?:broken|broke|slow|bad|terrible|awful|useless|dead|down|garbage|trash|crash|"
            r"crashes|crashed|fails|failed|faulty|defective|dropping|drops|disconnects|damaged|"
            r"doesn't work|does not work|not working|stopped working|won't|disappointing|poor)|"
            r"(?:piece of (?:junk|garbage|trash)|doesn't work|not working|stopped working|"
            r"poor quality|keeps (?:crashing|dropping|freezing|breaking))",
        ),
        Target.COMPANY: line_pattern(
            "你们|贵公司|贵司|贵行|你家|你司|公司|厂家|商家|卖家|店家|平台|银行|酒店|移动|联通|电信|"
            "霸王条款|规定|条款|政策|制度|流程|合同|乱扣|乱收|多扣|多收|虚假宣传|店大欺客|黑店|退款|退货|"
            "赔偿|售后|欺骗消费者|扣费|扣钱|收费|赔",
            r"(?<![a-z])(?:you guys|you people|your (?:company|policy|policies|bank|store|firm|"
            r"business|terms|service)|this company|company|policy|corporation|overcharged|"
            r"charged me|refund|compensation|fees?|contract|false advertising|scam)",
        ),
    }
)
_REFUSES = line_pattern(
    "不(?:需要|用了|考虑|感兴趣|太感兴趣|办了|想办|办理|开通|打算|麻烦|必了|要了谢|好意思我不)|"
    "没有?兴趣|用不[着上]|先不[办要用]|暂时不|再(?:考虑|想想|说吧)|考虑(?:一下|考虑)|想一想|以后再说|"
    "下次吧|改天|回头再说|就不了|算了吧谢|够用了|已经有了|有了谢谢",
    r"(?<![a-z])(?:no,? thank|no,? thanks|not interested|i'll pass|i will pass|not right now|"
    r"not at the moment|not for me|don't need|do not need|don't want it|maybe later|"
    r"some other time|think about it|think it over|i'm good|i'm fine|i am fine|"
    r"happy with what i have|already have one)",
)
_POLITE = re.compile("谢|不好意思|抱歉|麻烦|辛苦|打扰|请|thank|sorry|appreciate|please")


@dataclass(frozen=True, slots=True)
class Aimed:
    """A customer's utterance that is aimed at somebody or something, or politely refuses.

    Attributes:
        index: Which of the utterances.
        score: Its mood score, -5 to +5.
    """

    index: int
    target: Target
    score: float


def aimed(texts: Sequence[str], scores: Sequence[float | None]) -> tuple[Aimed, ...]:
    """Return which of one party's utterances are aimed at what, in order.

    Args:
        texts: Their normal forms.
        scores: Their mood scores; None for those too short to score.
    """
    found: dict[int, Target] = {}
    angry = [i for i, score in enumerate(scores) if score is not None and score <= NEGATIVE]
    if angry:
        lines = Lines([texts[i] for i in angry])
        for target, pattern in _AIMED.items():
            for number in lines.holding(pattern):
                found.setdefault(angry[number], target)
    for index in Lines(texts).holding(_REFUSES):
        is_calm = (scores[index] or 0.0) > NEGATIVE
        if index not in found and (is_calm or _POLITE.search(texts[index])):
            found[index] = Target.REFUSAL
    return tuple(Aimed(index, found[index], scores[index] or 0.0) for index in sorted(found))
