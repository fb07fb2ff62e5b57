"""Who is agent and who is customer: by track, checked against what is said, or unknown.

Recording systems swap tracks, and a setting made for one trunk is wrong for the next. Agents are
trained to say certain things and customers call to say others; that is enough to notice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from interactions.interaction import Utterance
from interactions.sound import Party, Span
from interactions.text import normal

_GIVEN = 0.95
"""How far a stated track is believed before anything is heard: one in twenty is wrong."""

_PER_FORMULA = 1.5
"""Natural logarithm of the odds that one formula adds: 4.5 to 1 in favour of its party."""

_MOST_FORMULAS = 4
"""More on one side add nothing: a long call is no more certain than an ordinary one."""

_SURE = 0.9
"""From here on a role is assigned, or stated tracks are swapped."""

_TOLD = 0.9
"""A transcript's own speaker labels, where the sound cannot confirm them."""

_CROSSED = 1.5
"""Tracks are swapped when a transcript fits them that much better crossed than straight."""

_AGENT = tuple(
    re.compile(pattern)
    for pattern in (
        "[工座]号",
        "高兴为您服务",
        "(?:请问)?(?:有|还有)(?:什么|其他).{0,6}(?:可以|能|需要).{0,2}帮",
        "感谢(?:您|你)的(?:来电|耐心|等待|等候|支持|理解)",
        "请您?稍[等候]",
        "(?:帮|为|给)您(?:查|核实|处理|反馈|登记|办理|申请|看)",
        "这里是.{0,12}(?:客服|中心|公司|银行)",
        "请问您?贵姓",
        "祝您.{0,4}愉快",
        "对.{0,8}服务.{0,4}(?:评价|打分)",
        r"\bthank(?:s| you) for (?:calling|contacting|holding|your patience)",
        r"\bhow (?:can|may) i (?:help|assist)",
        r"\banything else (?:i can|that i can|we can)",
        r"\b(?:may|can|could) i (?:have|get) your",
        r"\b(?:verify|confirm) your (?:name|account|address|phone|date)",
        r"\blet me (?:check|look|pull|see what i can)",
        r"\bi(?:'d| would) be (?:happy|glad) to (?:help|assist)",
    )
)
_CUSTOMER = tuple(
    re.compile(pattern)
    for pattern in (
        "我(?:要|想)(?:投诉|问|咨询|查|退|取消|办|改|换)",
        "我(?:的|那个|这个)(?:订单|快递|手机|账|卡|号码|包裹|宽带)",
        "你们(?:公司|客服|平台|到底|怎么|这|那)",
        "我(?:前天|昨天|上周|上个月|刚).{0,6}(?:买|下单|充|办|打)",
        "(?:到底)?什么时候(?:能|才|可以|给我)",
        r"\bi(?:'m| am) calling (?:about|because|to|regarding)",
        r"\bi (?:bought|ordered|received|paid|never (?:got|received))",
        r"\bmy (?:order|account|bill|card|phone|package|subscription|refund)\b",
        r"\bi(?: would|'d)? (?:want|need|like) to (?:cancel|complain|return|speak|talk|change)",
    )
)

_AGENT_FIRST = (Party.AGENT, Party.CUSTOMER)


@dataclass(frozen=True, slots=True)
class Roles:
    """Who is on which track.

    Attributes:
        tracks: One party per track.
        confidence: 0 to 1, how sure that is; for unknown tracks how near it came.
    """

    tracks: tuple[Party, ...]
    confidence: float


def roles(given: Sequence[Party], said: Sequence[Sequence[Utterance]]) -> Roles:
    """Check stated tracks against what is said on them, or find them out.

    Each formula of an agent or a customer counts once per track. Their logarithms of odds add to
    those of the statement (or to none where nothing was stated); the logistic function makes a
    probability of the sum. The formulas and weights are ours, set by hand.

    Args:
        given: The stated party of each track; ``unknown`` where nothing was stated.
        said: What is said on each track. Dropped utterances do not count.
    """
    tracks = tuple(given)
    if len(tracks) == 1:
        return Roles(tracks, 0.0 if tracks[0] is Party.UNKNOWN else _GIVEN)
    if Party.SYSTEM in tracks:
        return Roles(tracks, _GIVEN)
    stated = _stated(tracks)
    leaning = [_leaning(utterances) for utterances in said]
    agent_first = stated + _PER_FORMULA * (leaning[0] - leaning[1])
    chance = 1.0 / (1.0 + math.exp(-agent_first))
    if chance >= _SURE or (stated > 0 and chance > 1 - _SURE):
        return Roles(_AGENT_FIRST, round(chance, 4))
    if chance <= 1 - _SURE or stated < 0:
        return Roles(_AGENT_FIRST[::-1], round(1 - chance, 4))
    return Roles((Party.UNKNOWN, Party.UNKNOWN), round(max(chance, 1 - chance), 4))


def roles_by_sound(
    given: Sequence[Party],
    regions: Sequence[Sequence[Span]],
    utterances: Sequence[Utterance],
) -> Roles:
    """Lay a transcript that names its parties beside where each track has speech.

    The confidence is the share of the common time that fits the answer.

    Args:
        given: The stated party of each track; ``unknown`` where nothing was stated.
        regions: Where each track carries speech.
        utterances: Of the transcript, with party and times.
    """
    tracks = tuple(given)
    said = {utterance.party for utterance in utterances}
    if len(tracks) == 1 or not said & {Party.AGENT, Party.CUSTOMER}:
        return Roles(tracks, _TOLD if {Party.AGENT, Party.CUSTOMER} <= said else 0.0)
    stated = tracks if set(tracks) == {Party.AGENT, Party.CUSTOMER} else _AGENT_FIRST
    straight, crossed = (_common_ms(order, regions, utterances) for order in (stated, stated[::-1]))
    if crossed > _CROSSED * straight:
        return Roles(stated[::-1], round(crossed / (straight + crossed), 4))
    if stated is not tracks and straight <= _CROSSED * crossed:
        return Roles(tracks, 0.5)
    return Roles(stated, round(straight / max(1, straight + crossed), 4))


def _common_ms(
    order: Sequence[Party], regions: Sequence[Sequence[Span]], utterances: Sequence[Utterance]
) -> int:
    """Return the time that utterances share with the speech of their party's track."""
    return sum(
        max(0, min(utterance.end_ms, span.end_ms) - max(utterance.start_ms, span.start_ms))
        for party, spans in zip(order, regions, strict=True)
        for utterance in utterances
        if utterance.party is party
        for span in spans
    )


def _stated(tracks: tuple[Party, ...]) -> float:
    """Log odds of what was stated: positive when the agent comes first."""
    odds = math.log(_GIVEN / (1 - _GIVEN))
    if tracks[0] is tracks[1]:
        return 0.0
    return odds if tracks[0] is Party.AGENT or tracks[1] is Party.CUSTOMER else -odds


def _leaning(utterances: Sequence[Utterance]) -> int:
    """Return how much a track sounds like an agent (positive) or a customer (negative)."""
    texts = [normal(u.text).text for u in utterances if u.dropped_because is None]
    agent, customer = (
        min(_MOST_FORMULAS, sum(any(f.search(text) for text in texts) for f in formulas))
        for formulas in (_AGENT, _CUSTOMER)
    )
    return agent - customer
