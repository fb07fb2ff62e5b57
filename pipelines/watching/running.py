"""Running chats at work: rules as lines come in, timers, and the words of the running hour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hotwords.counts import contact
from hotwords.live import Live, LiveOptions
from hotwords.terms import TermFinder
from interactions.interaction import Interaction
from interactions.problems import Unreadable
from pipelines.alerts.alarms import About, alert, level_of, of_interaction, of_live_rise
from pipelines.keeping import known
from pipelines.known import Register
from pipelines.live import usual
from pipelines.redaction import redaction_of
from pipelines.settings import Settings
from pipelines.watching.asked import Asked, Heard
from pipelines.watching.chats import Chats, Finished, RunningChat
from pipelines.watching.tail import Line, Tail
from pipelines.watching.timers import Deadlines, missed, next_look
from warehouse.alerting import Alert
from warehouse.read_alerts import Alarming

NS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What the lines since the last look brought.

    Attributes:
        added: The chat of each line.
        finished: Contacts that ended and are new or changed.
        alerts: What rules, timers and words alarm for.
    """

    added: Sequence[RunningChat]
    finished: Sequence[Finished]
    alerts: Sequence[Alert]


class Running:
    """Reads growing chat files and says what they bring.

    Args:
        settings: The centre, whose warehouse exists.
        asked: The rules that running chats are asked.
        clock_ns: Nanoseconds since 1970.
    """

    def __init__(self, settings: Settings, asked: Asked, *, clock_ns: Callable[[], int]) -> None:
        self._settings = settings
        self._asked = asked
        self._clock_ns = clock_ns
        self._zone = ZoneInfo(settings.centre.timezone)
        self._chats = Chats(settings)
        self._tail = Tail(settings.inbox)
        self._register = Register(known(settings), ())
        self._deadlines = Deadlines()
        self._words = _Words(settings, self._zone)
        self._has_caught_up = False

    @property
    def chats(self) -> Iterable[RunningChat]:
        """The chats that run."""
        return self._chats.running.values()

    @property
    def others(self) -> frozenset[str]:
        """Files of JSON lines that hold no chats, by their names relative to the inbox."""
        return frozenset(self._chats.others)

    def ask(self, asked: Asked) -> None:
        """Ask these rules from now on."""
        self._asked = asked

    def look(self, paths: list[Path], now: datetime) -> Brought:
        """Read what was added to the files, and return what it brings.

        Args:
            paths: The chat files.
            now: UTC.
        """
        added: list[RunningChat] = []
        worth: dict[str, RunningChat] = {}
        finished: list[Finished] = []
        for line in self._tail.look(paths):
            made = self._chats.add(self._aged(line))
            if isinstance(made, Finished):
                finished.append(made)
            elif made is not None:
                added.append(made)
                if self._is_worth(made):
                    worth[made.key] = made
                self._wind(made, now)
        alerts = [one for chat in worth.values() for one in self._heard(chat, now)]
        alerts += self._missed(now)
        if not self._tail.is_behind:  # else the lines that end a chat may still be unread
            finished += self._chats.ended(self._clock_ns())
        fresh = [one for one in finished if self._is_new(one.interaction)]
        if self._has_caught_up:
            alerts += [one for chat in fresh for one in self._words.of(chat, now)]
        self._has_caught_up = self._has_caught_up or not self._tail.is_behind
        return Brought(added=added, finished=fresh, alerts=alerts)

    def _aged(self, line: Line) -> Line:
        """What lay there when the watch began is as old as it says, not as its file's last line."""
        if self._has_caught_up:
            return line
        said_ns = self._chats.said_ns(line)
        return line if said_ns is None else replace(line, landed_ns=min(line.landed_ns, said_ns))

    def _is_worth(self, chat: RunningChat) -> bool:
        line = self._chats.line(chat)
        return line is not None and self._asked.may_say(line)

    def _heard(self, chat: RunningChat, now: datetime) -> Iterator[Alert]:
        whole = self._chats.so_far(chat)
        if whole is None or not self._is_fresh(whole, now):
            return
        found = [one for one in self._asked.hear(whole) if one.rule.rule_id not in chat.told]
        hidden = redaction_of(whole) if found else None
        for heard in found:
            chat.told.add(heard.rule.rule_id)
            one = _alarming(whole, heard, chat)
            made = of_interaction(one, [heard.evidence], hidden, self._settings.alerts, now=now)
            if made is not None:
                yield made

    def _is_fresh(self, whole: Interaction, now: datetime) -> bool:
        last = whole.started_at + timedelta(milliseconds=whole.duration_ms)
        return last >= now - timedelta(hours=self._settings.alerts.fresh_hours)

    def _wind(self, chat: RunningChat, now: datetime) -> None:
        """Set the timers that a new line starts."""
        for number, timer in enumerate(self._settings.watch.missing):
            is_for = not timer.queues or chat.queue in timer.queues
            if is_for and timer.name not in chat.told and chat.said:
                at = next_look(timer, chat.said, now)
                self._deadlines.add(chat.key, number, at if at is not None else now)

    def _missed(self, now: datetime) -> Iterator[Alert]:
        for key, number in self._deadlines.due(now):
            chat = self._chats.running.get(key)
            timer = self._settings.watch.missing[number]
            if chat is None or timer.name in chat.told:
                continue
            since = missed(timer, chat.said, now)
            level = level_of(timer.name, timer.level, self._settings.alerts)
            hours = timedelta(hours=self._settings.alerts.fresh_hours)
            if since is None or level is None or since < now - hours:
                continue
            chat.told.add(timer.name)
            about = About(
                source="missing",
                about=chat.conversation,
                rule_id=timer.name,
                level=level,
                queue=chat.queue,
                landed_at=since + timedelta(seconds=timer.within_seconds),
            )
            started = chat.said[0].at.isoformat()
            details = {"name": timer.name, "within": timer.within_seconds, "started_at": started}
            yield alert(about, details, now=now)

    def _is_new(self, one: Interaction) -> bool:
        """Whether nobody has kept this, in this content, yet."""
        try:
            return self._register.claim(one.source, one.interaction_id, one.content_hash)
        except Unreadable:
            return False  # the night says which of the two it is


class _Words:
    """What the running hour says more often than usual; silent without a past to compare with."""

    def __init__(self, settings: Settings, zone: ZoneInfo) -> None:
        self._settings = settings
        self._zone = zone
        self._finder = TermFinder(settings.hotwords.products)
        past = usual(settings)
        options = LiveOptions(
            min_contacts=settings.hotwords.least_contacts,
            min_customers=settings.hotwords.least_customers,
        )
        is_wanted = past.contacts > 0 and settings.alerts.spikes != "off"
        self._live = Live(past, options) if is_wanted else None

    def of(self, one: Finished, now: datetime) -> Iterator[Alert]:
        """Yield what one more contact makes sure."""
        if self._live is None:
            return
        terms = self._finder.terms(one.interaction)
        made = contact(one.interaction, terms=terms, timezone=self._zone)
        for rise in self._live.add(made, now):
            day = now.astimezone(self._zone).date()
            yield of_live_rise(rise, day, self._settings.alerts, now=now)


def _alarming(whole: Interaction, heard: Heard, chat: RunningChat) -> Alarming:
    return Alarming(
        interaction_id=whole.interaction_id,
        rule_id=heard.rule.rule_id,
        severity=heard.rule.severity,
        is_score=False,
        title_zh=heard.rule.title["zh"],
        title_en=heard.rule.title["en"],
        queue=whole.queue or "",
        started_at=whole.started_at,
        ended_at=None,
        landed_at=datetime.fromtimestamp(chat.landed_ns / NS, UTC),
    )
