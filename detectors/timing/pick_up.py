"""An abnormal pick-up: a call is on the line and a party does not speak."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.parameters import About
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class PickUp:
    """Finds calls in which ``party`` begins to speak ``min_s`` or more after the beginning.

    From the recording's first moment: a centre that records the ringing gives a longer ``min_s``.
    With ``spoke_second`` only where somebody else spoke first. Calls only; for chats there is
    ``slow_reply`` with ``first_only``.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset({Need.SPEECH})

    min_s: Annotated[float, About(unit="s", low=0.0, source="ours")] = 5.0
    party: Party | None = Party.AGENT
    spoke_second: bool = False

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence, from the beginning to the party's first speech.

        Raises:
            CannotTell: The party is not on a track of its own, or did not speak.
        """
        speech = features.anyone if self.party is None else features.speech.get(self.party, ())
        if not speech:
            is_mixed = Party.UNKNOWN in features.speech
            raise CannotTell("parties_not_apart" if is_mixed else "not_spoken")
        first_ms = speech[0].start_ms
        is_late = first_ms >= self.min_s * 1000
        if not is_late or (self.spoke_second and features.anyone[0].start_ms >= first_ms):
            return
        yield Evidence(
            start_ms=0,
            end_ms=first_ms,
            because="pick_up",
            party=self.party,
            measure="first_speech",
            value=first_ms / 1000,
            unit="s",
            limit=self.min_s,
        )
