"""What has to be said in time in a running chat, and was not. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interactions.sound import Party
from interactions.text import normal
from pipelines.alert_settings import MissingSettings

GRACE = timedelta(seconds=1)
"""After the time is over, before it is told: an answer in time may still be on its way. Ours."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a running chat; ``at`` UTC."""

    party: Party
    at: datetime
    text: str


def missed(timer: MissingSettings, said: Sequence[Said], now: datetime) -> datetime | None:
    """Return the moment from which on something was waited for in vain; None where all is well.

    Args:
        timer: What is waited for.
        said: The chat's messages in their order.
        now: UTC.
    """
    for since in _beginnings(timer, said):
        ends = since + timedelta(seconds=timer.within_seconds)
        if now >= ends + GRACE and not _came(timer, said, since, ends):
            return since
    return None


def next_look(timer: MissingSettings, said: Sequence[Said], now: datetime) -> datetime | None:
    """Return when a timer has to be looked at next; None where nothing is waited for."""
    times = (
        since + timedelta(seconds=timer.within_seconds) + GRACE
        for since in _beginnings(timer, said)
    )
    return min((one for one in times if one > now), default=None)


def _beginnings(timer: MissingSettings, said: Sequence[Said]) -> list[datetime]:
    if timer.after == "start":
        return [said[0].at] if said else []
    waiting: list[datetime] = []
    before: Party | None = None
    for one in said:
        if one.party is Party.CUSTOMER and before is not Party.CUSTOMER:
            waiting.append(one.at)
        before = one.party
    return waiting


def _came(timer: MissingSettings, said: Sequence[Said], since: datetime, ends: datetime) -> bool:
    return any(
        one.party.value == timer.party
        and since <= one.at <= ends
        and (not timer.any_of or any(_holds(one.text, words) for words in timer.any_of))
        for one in said
    )


def _holds(text: str, words: str) -> bool:
    return normal(words).text in normal(text).text


class Deadlines:
    """Which chats have to be looked at by now: each is asked about only when its time is over."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, str, int]] = []

    def add(self, chat: str, timer: int, at: datetime) -> None:
        """Remember to look at a chat's timer, by its number, at a moment."""
        heapq.heappush(self._heap, (at, chat, timer))

    def due(self, now: datetime) -> list[tuple[str, int]]:
        """Return the chats and timers whose moment has come, each once."""
        found: dict[tuple[str, int], None] = {}
        while self._heap and self._heap[0][0] <= now:
            _, chat, timer = heapq.heappop(self._heap)
            found[chat, timer] = None
        return list(found)
