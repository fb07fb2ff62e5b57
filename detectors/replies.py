"""Who waited how long for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interactions.interaction import Utterance
from interactions.sound import Party


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and what it answers.

    Attributes:
        utterance: The answer.
        start_ms: End of the first utterance of the other side that waited for it.
        end_ms: When the answer began.
    """

    utterance: Utterance
    start_ms: int
    end_ms: int

    @property
    def wait_ms(self) -> int:
        """How long the other side waited, in milliseconds."""
        return self.end_ms - self.start_ms


def replies(utterances: Sequence[Utterance], *, by: Party) -> list[Reply]:
    """Return the answers that ``by`` gave the other side, in order.

    The wait runs from the first message without an answer, so that asking again does not hide it.
    """
    asks = Party.AGENT if by is Party.CUSTOMER else Party.CUSTOMER
    given: list[Reply] = []
    waiting_since: int | None = None
    for utterance in utterances:
        if utterance.party is asks and waiting_since is None:
            waiting_since = utterance.end_ms
        elif utterance.party is by and waiting_since is not None:
            since = min(waiting_since, utterance.start_ms)
            given.append(Reply(utterance, since, utterance.start_ms))
            waiting_since = None
    return given
