"""An abnormal hang-up: the line stays open too long, or is cut without a closing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.parameters import About, Unfit
from detectors.phrases import PhraseSet
from detectors.wording.phrase import checked_set
from interactions.sound import Party

CLOSINGS = (
    *("再见", "拜拜", "祝您", "生活愉快", "感谢您的来电", "感谢来电", "感谢致电", "还有其他"),
    *("还有别的", "谢谢您", "感谢您", "请对我的服务", "请您评价", "先这样", "挂了"),
    *("goodbye", "good bye", "bye", "bye-bye", "have a good", "have a great", "have a nice"),
    *("anything else", "take care", "thank you for calling", "thanks for calling"),
)
"""Words that close a call. Ours."""
ATTRIBUTE = "hung_up_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """Finds calls that end ``min_s`` to ``max_s`` after the last speech, under what else is asked.

    ``min_s: 0`` with a ``max_s`` is a line that is cut as soon as the last word is said.
    ``last_party`` is who spoke last, ``hung_up_by`` the centre's own attribute of that name, and
    ``no_closing`` asks that none of ``closings`` was said in the last ``closing_messages``
    messages. Calls only.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.SPEECH})

    min_s: Annotated[
        float,
        About(unit="s", low=0.0, source='Alibaba SCA 非正常挂机: "generally set >5 s"'),
    ] = 5.0
    max_s: Annotated[float | None, About(unit="s", low=0.0)] = None
    last_party: Party | None = None
    hung_up_by: Party | None = None
    no_closing: bool = False
    closings: Annotated[tuple[str, ...], About(source="ours: 28 phrases, zh and en")] = CLOSINGS
    closing_messages: Annotated[int, About(unit="messages", low=1, source="ours")] = 4
    words: PhraseSet = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.max_s is not None and self.max_s < self.min_s:
            allowed = f"{self.min_s:g} or more s"
            raise Unfit("max_s", found=f"{self.max_s:g}", allowed=allowed, code="out_of_range")
        object.__setattr__(self, "words", checked_set("closings", self.closings))

    def phrase_sets(self) -> tuple[PhraseSet, ...]:
        """Return what the plan's automaton has to find for this detector."""
        return (self.words,) if self.no_closing and self.words.phrases else ()

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence, from the last speech to the end.

        Raises:
            CannotTell: It is not known who hung up, or words that were not heard would decide.
        """
        if not features.anyone:
            return
        end_ms, last_ms = features.interaction.duration_ms, features.anyone[-1].end_ms
        tail_s = (end_ms - last_ms) / 1000
        if tail_s < self.min_s or (self.max_s is not None and tail_s > self.max_s):
            return
        last = _last_speaker(features, last_ms)
        if self.last_party not in (None, last) or not self._hung_up(features):
            return
        if self.no_closing and self._is_closed(features):
            return
        yield Evidence(
            start_ms=min(last_ms, end_ms),
            end_ms=end_ms,
            because="hang_up_unclosed" if self.no_closing else "hang_up",
            party=last,
            measure="tail",
            value=round(tail_s, 3),
            unit="s",
            limit=self.min_s if self.max_s is None else self.max_s,
        )

    def _hung_up(self, features: Features) -> bool:
        if self.hung_up_by is None:
            return True
        who = features.interaction.attributes.get(ATTRIBUTE)
        if who is None:
            raise CannotTell("no_attribute")
        return str(who).strip().lower() == self.hung_up_by

    def _is_closed(self, features: Features) -> bool:
        lacking = features.lacks(frozenset({Need.TEXT}))
        if lacking:
            raise CannotTell(lacking)
        first = len(features.utterances) - self.closing_messages
        if any(hit.utterance >= first for hit in features.hits(self.words)):
            return True
        untrusted = features.lacks(frozenset({Need.TRUST}))
        if untrusted:
            raise CannotTell(untrusted)
        return False


def _last_speaker(features: Features, last_ms: int) -> Party | None:
    """Return who spoke last; None where both did, or nobody knows."""
    who = [p for p, spans in features.speech.items() if spans and spans[-1].end_ms == last_ms]
    return who[0] if len(who) == 1 else None
