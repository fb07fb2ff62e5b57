"""What people do when they are not content, and what they do when they are.

On real shop-service dialogues words of threat, complaint and anger stand in under 1 % of the
dissatisfied turns. Most dissatisfied customers ask, say what does not work, ask again, press, wait;
content ones thank, agree, or hand over what was asked for. Each sign is a pattern over the normal
text of one customer's utterance, or a comparison with what was said before. Signs, patterns and
weights are ours: written from knowledge of service talk and after reading a part of such dialogues;
the weights are round numbers set by hand, none is fitted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from detectors.lines import LinePattern, Lines, line_pattern

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "negative_words": 0.35,
        "positive_words": -0.25,
        "clauses": 0.3,
        "thanks": -2.0,
        "agrees": -1.0,
        "hands_over": -2.0,
        "asks": 0.5,
        "asks_why": 0.6,
        "denies": 0.4,
        "cannot": 0.5,
        "wants_undone": 0.5,
        "speaks_of_time": 0.3,
        "presses": 0.4,
        "exclaims": 0.2,
        "marks_twice": 0.3,
        "says_again": 0.4,
        "after_refusal": 0.3,
        "length": 0.25,
        "place": 0.5,
    }
)
"""Weight of each sign in the discontent of one utterance (``detectors.mood.discontent``)."""

SHORT = 15
"""Characters: only shorter utterances merely agree."""
LONG = 40
"""Characters from which length counts no more; half of it weighs one."""

_PATTERNS: Mapping[str, LinePattern] = MappingProxyType(
    {
        "thanks": line_pattern(
            "谢|辛苦|麻烦[你您]?了|太好了|不错|点赞|好评",
            "(?<![a-z])(?:thank|thx|great|perfect|awesome)",
        ),
        "hands_over": line_pattern("orderid|订单号|订单编号|https?:|商品id|下单时间|订单金额"),
        "asks": line_pattern(
            r"\?|吗|呢$|么$|怎么|什么|为啥|为何|多久|哪|几点|几天|何时|能不能|可不可以|是不是|有没有|"
            r"可以不|多少",
            "^(?:how|what|when|where|why|can|could|is|are|do|does)(?![a-z])",
        ),
        "asks_why": line_pattern(
            "怎么[办回这还又不没搞]|为什么|为啥|怎么会|怎么能|凭什么|什么意思|搞什么|什么情况|难道|不是说|"
            "到底",
            "(?<![a-z])(?:why|how come)(?![a-z])",
        ),
        "denies": line_pattern(
            "不[^好错用客\n]|没[有收到货见用法人来]?|无法|未|别",
            "(?<![a-z])(?:no|not|never|[a-z]+n't)(?![a-z])",
        ),
        "cannot": line_pattern(
            "不能|不了|不可以|不行|无法|没法|没办法|不到|不给|不让|不会|不是|不对|没收到|没到|没有|没货|"
            "还没|没人|不管|不知道|不懂",
            "(?<![a-z])(?:can't|cannot|won't|doesn't|didn't|still not)(?![a-z])",
        ),
        "wants_undone": line_pattern(
            "退|取消|换|补|赔|差价|价保|降价|投诉|人工|售后|修|申请|催|拦截|改",
            "(?<![a-z])(?:refund|cancel|return|replace|complain|human|fix|repair)",
        ),
        "speaks_of_time": line_pattern(
            "现在|今天|明天|昨天|多久|什么时候|还要|还没|已经|一直|马上|着急|急|快点|尽快|几天|晚上|等",
            "(?<![a-z])(?:still|already|waiting|now|hours|days|weeks)(?![a-z])",
        ),
        "presses": line_pattern(
            "你们|那我|我就|那怎么|直接|再|又|都|就是|这样|但是|可是|还是|只能|算了|必须|应该|要求",
            "(?<![a-z])(?:you guys|again|but|just|instead|then|must|should)(?![a-z])",
        ),
        "exclaims": line_pattern(r"\?[?!。]|![?!。]|。[?!。]|啊|呀|嘛"),
    }
)
_AGREES = line_pattern(
    "谢|好的|好滴|好哒|好嘞|嗯|恩|是的|对的|明白|知道了|了解|收到|可以了|行[,。]?$|辛苦|"
    "麻烦[你您]?了|不用了|没关系|您好|你好|在吗|哈哈|嘻|再见|拜拜",
    "(?<![a-z])(?:ok|okay|sure|yes|yep|bye|hello|hi)(?![a-z])",
)
_ONLY_AGREES = re.compile("对[呀啊]?[。!,]?$|好[啊呀吧]?[。!,]?$|哦")
_HAS_NUMBER = line_pattern(r"[0-9\[]")
_ONLY_A_NUMBER = re.compile(
    # possessive, so that a long number costs its length and no more
    r"(?=[^0-9\[]*[0-9\[])[^\w\[]*+(?:\[[^\[\]]*\]|[0-9a-z_-]++)++[^\w\[]*+$"
)
_REFUSAL = line_pattern(
    "抱歉|不好意思|不能|无法|不支持|暂时|没有办法|没办法|不可以|不了|耐心等|建议您|只能|以.{0,4}为准|"
    "对不起|理解您",
    "(?<![a-z])(?:sorry|unfortunately|unable|cannot|can't|afraid)(?![a-z])",
)


def matched(texts: Sequence[str]) -> list[dict[str, float]]:
    """Return the signs that each normal text of a customer's holds, 1 each, and its length."""
    lines = Lines(texts)
    found = [{"length": min(len(text), LONG) * 2 / LONG} for text in texts]
    for name, pattern in _PATTERNS.items():
        for number in lines.holding(pattern):
            found[number][name] = 1.0
    agreeing = set(lines.holding(_AGREES))
    for number, text in enumerate(texts):
        if len(text) < SHORT and (number in agreeing or _ONLY_AGREES.match(text)):
            found[number]["agrees"] = 1.0
        if text.count("?") + text.count("!") > 1:
            found[number]["marks_twice"] = 1.0
    for number in lines.holding(_HAS_NUMBER):
        if _ONLY_A_NUMBER.match(texts[number]):
            found[number]["hands_over"] = 1.0
    return found


def refusals(texts: Sequence[str]) -> list[int]:
    """Return which of an agent's normal texts refuse, put off or are sorry."""
    return Lines(texts).holding(_REFUSAL)
