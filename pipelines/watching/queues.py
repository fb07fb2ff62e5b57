"""What every queue is doing now: running chats, who waits how long, and what came in.

Written into ``live.json`` in the centre's folder (aside, then renamed), for pages and programs to
read: it is the state of the moment and no history, so it is neither in the spool nor in the
warehouse.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from interactions.sound import Party
from pipelines.watching.chats import RunningChat

FILE_NAME = "live.json"
MESSAGES_OVER = timedelta(minutes=5)
CONTACTS_OVER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNow:
    """One queue at this moment.

    Attributes:
        queue: Empty: contacts whose queue nobody knows.
        running: Chats that run.
        waiting: Of those, chats whose last message is the customer's.
        longest_wait_ms: Since the last message that stands unanswered; None where nobody waits.
        messages: Of the last five minutes.
        finished: Contacts that ended within the last hour, calls included; ``alerts`` raised then.
    """

    queue: str
    running: int
    waiting: int
    longest_wait_ms: int | None
    messages: int
    finished: int
    alerts: int


class Queues:
    """Counts what happens in each queue over the last minutes."""

    def __init__(self) -> None:
        self._messages: deque[tuple[datetime, str]] = deque()
        self._finished: deque[tuple[datetime, str]] = deque()
        self._alerts: deque[tuple[datetime, str]] = deque()

    def message(self, queue: str, at: datetime) -> None:
        """Count a message of a chat."""
        self._messages.append((at, queue))

    def finish(self, queue: str, at: datetime) -> None:
        """Count a contact that ended."""
        self._finished.append((at, queue))

    def alert(self, queue: str, at: datetime) -> None:
        """Count an alert."""
        self._alerts.append((at, queue))

    def now(self, chats: Iterable[RunningChat], at: datetime) -> list[QueueNow]:
        """Return each queue as it is, in the order of their names."""
        running: dict[str, int] = {}
        waits: dict[str, list[int]] = {}
        for chat in chats:
            running[chat.queue] = running.get(chat.queue, 0) + 1
            if chat.said and chat.said[-1].party is Party.CUSTOMER:
                wait = (at - chat.said[-1].at) // timedelta(milliseconds=1)
                waits.setdefault(chat.queue, []).append(max(0, wait))
        messages = _counted(self._messages, at - MESSAGES_OVER)
        finished = _counted(self._finished, at - CONTACTS_OVER)
        alerts = _counted(self._alerts, at - CONTACTS_OVER)
        return [
            QueueNow(
                queue=name,
                running=running.get(name, 0),
                waiting=len(waits.get(name, ())),
                longest_wait_ms=max(waits.get(name, ()), default=None),
                messages=messages.get(name, 0),
                finished=finished.get(name, 0),
                alerts=alerts.get(name, 0),
            )
            for name in sorted({*running, *messages, *finished, *alerts})
        ]


def _counted(happened: deque[tuple[datetime, str]], since: datetime) -> dict[str, int]:
    while happened and happened[0][0] <= since:
        happened.popleft()
    counts: dict[str, int] = {}
    for _, queue in happened:
        counts[queue] = counts.get(queue, 0) + 1
    return counts


def write_now(folder: Path, queues: Iterable[QueueNow], at: datetime) -> Path:
    """Write ``live.json``; whoever reads it sees the old one or the new one, never half of it."""
    path = folder / FILE_NAME
    aside = folder / f".{FILE_NAME}.{os.getpid()}"
    body = {"as_of": at.isoformat(), "queues": [asdict(one) for one in queues]}
    aside.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
    aside.replace(path)
    return path


def read_now(folder: Path) -> tuple[datetime, list[QueueNow]] | None:
    """Return when ``live.json`` was written and what it says; None where no watch wrote any."""
    try:
        said = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return datetime.fromisoformat(said["as_of"]), [QueueNow(**one) for one in said["queues"]]
