"""Talking over each other: one party cuts in and takes the floor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.parameters import About
from detectors.timeline import overlaps
from detectors.wording.phrase import checked_set
from interactions.sound import Party, Span

BACKCHANNELS = (
    *("嗯", "唔", "哦", "噢", "喔", "啊", "哎", "诶", "对", "是", "是的", "是啊", "好", "好的"),
    *("好吧", "行", "可以", "明白", "没错", "这样", "了解", "知道", "知道了", "明白了"),
    *("ok", "okay", "yes", "yeah", "yep", "right", "sure", "mm", "mhm", "hmm", "uh", "huh"),
    *("i see", "got it", "alright"),
)
"""What a listener says without taking the floor, also said again and again. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkOver:
    """Finds overlaps of agent and customer in which the later one cuts in.

    Counted where the one who cuts in does so ``delay_s`` after the other began, both talk for
    ``min_s`` together, the one cutting in speaks for longer than ``backchannel_s`` (嗯, 对, "right"
    are shorter), what it says is more than ``backchannels`` where words are there, and, with
    ``floor_change``, still speaks when the other has stopped.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.PARTIES_APART})

    min_s: Annotated[
        float, About(unit="s", low=0.02, source="call-ai-metrics 0.1.0: grace of 0.5 s")
    ] = 0.5
    delay_s: Annotated[
        float, About(unit="s", low=0.0, source="Alibaba SCA 抢话 delayTime, example 1000 ms")
    ] = 1.0
    backchannel_s: Annotated[float, About(unit="s", low=0.0, source="ours")] = 1.0
    backchannels: Annotated[tuple[str, ...], About(source="ours: 39 phrases, zh and en")] = (
        BACKCHANNELS
    )
    floor_change: bool = True
    party: Party | None = None
    min_count: Annotated[int, About(unit="overlaps", low=1)] = 1
    min_total_s: Annotated[float, About(unit="s", low=0.0)] = 0.0
    listening: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = checked_set("backchannels", self.backchannels).phrases
        object.__setattr__(self, "listening", frozenset(map(_plain, words)) - {""})

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each overlap in time order; ``party`` is who cuts in."""
        found = list(self._cuts(features))
        total_s = sum((e.end_ms - e.start_ms) / 1000 for e in found)
        if len(found) >= self.min_count and total_s >= self.min_total_s:
            yield from found

    def _cuts(self, features: Features) -> Iterator[Evidence]:
        agent, customer = (features.turns.get(p, ()) for p in (Party.AGENT, Party.CUSTOMER))
        for both, by_agent, by_customer in overlaps(agent, customer):
            cuts_in, cut, who = by_customer, by_agent, Party.CUSTOMER
            if by_agent.start_ms > by_customer.start_ms:
                cuts_in, cut, who = by_agent, by_customer, Party.AGENT
            if self.party not in (None, who) or not self._counts(both, cuts_in, cut):
                continue
            if self._only_listens(features, who, cuts_in):
                continue
            yield Evidence(
                start_ms=both.start_ms,
                end_ms=both.end_ms,
                because="talk_over",
                party=who,
                measure="talk_over",
                value=both.duration_ms / 1000,
                unit="s",
                limit=self.min_s,
            )

    def _counts(self, both: Span, cuts_in: Span, cut: Span) -> bool:
        if both.duration_ms < self.min_s * 1000:
            return False
        if cuts_in.start_ms - cut.start_ms < self.delay_s * 1000:
            return False
        if cuts_in.duration_ms <= self.backchannel_s * 1000:
            return False
        return not self.floor_change or cuts_in.end_ms > cut.end_ms

    def _only_listens(self, features: Features, who: Party, cuts_in: Span) -> bool:
        """Tell whether the words in a stretch are there, and are nothing but backchannels."""
        said = [
            _plain(text)
            for u, text in zip(features.utterances, features.normal.texts, strict=True)
            if u.party is who and u.start_ms < cuts_in.end_ms and u.end_ms > cuts_in.start_ms
        ]
        return bool(said) and all(_is_made_of(text, self.listening) for text in said)


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Tell whether a text is words of a set, one after the other, and nothing else."""
    ends = {0}
    # No regular expression: one of words that begin alike may try every way to cut a long text.
    for end in range(1, len(text) + 1):
        if any(text.endswith(word, 0, end) and end - len(word) in ends for word in words):
            ends.add(end)
    return bool(text) and len(text) in ends


def _plain(text: str) -> str:
    """Return a normal text without marks and spaces."""
    return re.sub(r"[\W_]+", "", text)
