"""A slow answer: how long the other side waits for a reply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import Features
from detectors.parameters import About
from detectors.replies import replies
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowReply:
    """Finds replies that took at least ``min_s`` since the first message still without an answer.

    In a call the time runs from the end of the other's words. A last message that nobody
    answers (mostly a "thanks") is no slow reply.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.TEXT, Need.ROLES})

    min_s: Annotated[float, About(unit="s", low=0.5, source="ours")] = 60.0
    party: Party = Party.AGENT
    first_only: bool = False
    min_count: Annotated[int, About(unit="replies", low=1)] = 1

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield each slow reply in time order: from the message that waited to its answer."""
        given = replies(features.utterances, by=self.party)
        slow = [
            r for r in (given[:1] if self.first_only else given) if r.wait_ms >= self.min_s * 1000
        ]
        if len(slow) < self.min_count:
            return
        for reply in slow:
            yield Evidence(
                start_ms=reply.start_ms,
                end_ms=reply.end_ms,
                because="slow_reply",
                party=self.party,
                utterance_seq=reply.utterance.seq,
                measure="reply_time",
                value=reply.wait_ms / 1000,
                unit="s",
                limit=self.min_s,
            )
