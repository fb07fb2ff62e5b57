"""Signs of effort in one interaction: said again, put through, kept waiting, identified again.

The effort score is ``sum of weight * min(times, MOST)``; weights and the cap are ours, printed here
and in docs/effort.md. It counts what the words and the sound show, so it is an estimate from below:
a transfer nobody speaks of is only known from the centre's own data (``ATTRIBUTES``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from detectors.features import PERSONS
from detectors.lines import Lines, line_pattern
from interactions.interaction import AttributeValue, Utterance
from interactions.sound import Party

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "contacted_before": 3.0,
        "transfers": 2.0,
        "identified_again": 1.5,
        "says_again": 1.0,
        "waits": 1.0,
    }
)
MOST = 3
"""How often one sign counts at most."""
ATTRIBUTES: Mapping[str, str] = MappingProxyType({"transfers": "transfers", "holds": "waits"})
"""Names of the centre's own data, and the sign whose count they are."""
_LEAST_CHARACTERS = 5  # as Alibaba SCA's repeat detection

_BEFORE = "打过|打了|来过|联系过|报过|报修|投诉过|反映过|问过|找过"
_SOME_TIMES = "[过了][好几两三四五六七八九十多少0-9]+[次回遍]"
_ASKED_FOR = "手机号|电话号码|订单号|身份证|姓名|名字|账号|卡号"
_CONTACTED_BEFORE = line_pattern(
    "第[二三四五六七八九十几n0-9]+次(?:了|打|来|找|联系|问|投诉|报修|反映|进线)|"
    + "".join(
        f"{did}{_SOME_TIMES}|"
        for did in ["打", "来", "找", "联系", "问", "投诉", "报修", "反映", "说"]
    )
    + "又打(?![扰算开折印包])|又来(?:找|问|联系)|上次(?:打|来|找|联系|报修|那个)|"
    + "|".join(
        rf"{when}[^,.!?\n]{{0,6}}(?:{_BEFORE})"
        for when in ["昨天", "前天", "上周", "上个?礼拜", "之前", "前几天"]
    ),
    r"(?<![a-z])(?:(?:second|third|fourth|fifth|[0-9]+(?:nd|rd|th)) (?:time|call)|"
    r"called (?:before|already|yesterday|last)|again and again|"
    r"i(?:'ve(?: already)?| have(?: already)?| already) (?:called|contacted|reported|told)|"
    r"(?:several|many|[a-z0-9]+) times (?:already|now|before))",
)
_PATTERNS = (
    ("contacted_before", Party.CUSTOMER, _CONTACTED_BEFORE),
    (
        "transfers",
        Party.AGENT,
        line_pattern(
            "您转[接到给至]|转接[到给至中]|转接一下|转到(?:人工|专员|专席|主管|技术|售后)",
            "(?<![a-z])(?:transfer(?:ring)? you|put you through|connect(?:ing)? you)",
        ),
    ),
    (
        "waits",
        Party.AGENT,
        line_pattern(
            "稍等(?!等|一会儿看)|稍候|稍后不要挂|等一下|等我一下|不要挂|别挂",
            "(?<![a-z])(?:hold on|one moment|bear with me|please hold|stay on the line|"
            "just a moment)",
        ),
    ),
    (
        "identified_again",
        Party.AGENT,
        line_pattern(
            "|".join(
                rf"{verb}[^,.!?\n]{{0,10}}(?:{_ASKED_FOR})"
                for verb in ["请", "麻烦", "提供", "报", "说", "核对", "核实", "告诉"]
            )
            + "".join(
                f"|{what}(?:是多少|多少|呢|麻烦|报一下)"
                for what in ["手机号", "电话号码", "订单号", "身份证号", "姓名", "账号"]
            ),
            "(?<![a-z])(?:your|the) (?:order number|phone number|account number|full name|"
            "name and)",
        ),
    ),
)


def contacted_before(texts: Sequence[str]) -> list[int]:
    """Return which of a customer's normal texts speak of an earlier contact."""
    return Lines(texts).holding(_CONTACTED_BEFORE)


def signs_of_effort(
    utterances: Sequence[Utterance],
    texts: Sequence[str],
    again: Collection[int],
    attributes: Mapping[str, AttributeValue] = MappingProxyType({}),
) -> dict[str, int]:
    """Return how often each sign of ``WEIGHTS`` is there.

    Args:
        utterances: Those in use.
        texts: Their normal forms.
        again: Which of them say again what the customer said (``Features.customer_says_again``).
        attributes: What the centre knows; its counts stand above those of the words.
    """
    found = dict.fromkeys(WEIGHTS, 0)
    pairs = list(zip(utterances, texts, strict=True))
    said = {party: Lines([text for one, text in pairs if one.party is party]) for party in PERSONS}
    for name, party, pattern in _PATTERNS:
        found[name] = len(said[party].holding(pattern))
    found["says_again"] = sum(len(texts[index]) >= _LEAST_CHARACTERS for index in again)
    found["identified_again"] = max(0, found["identified_again"] - 1)  # once is no effort
    for name, sign in ATTRIBUTES.items():
        count = attributes.get(name)
        if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
            found[sign] = count
    return found


def effort(signs: Mapping[str, int]) -> float:
    """Return the effort score, 0 to ``MOST`` times the weights' sum."""
    return sum(weight * min(signs[name], MOST) for name, weight in WEIGHTS.items())
