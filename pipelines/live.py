"""The fast path: chats that are being written into the inbox, read as they grow.

Nothing is kept: the night does that. What the hour makes sure is told at once, with how long it
took from the moment its last contact lay on the disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hotwords.baseline import learn
from hotwords.clumping import Clumping
from hotwords.counts import ALL_CONTACTS, EVERYTHING, Kind, contact
from hotwords.designs import daily_design
from hotwords.live import Live, LiveOptions, LiveRise, Usual
from hotwords.past import BaselineOptions
from hotwords.series import Series
from hotwords.spikes import sample
from hotwords.terms import TermFinder
from interactions.chat import read_chats
from interactions.interaction import Interaction
from pipelines.settings import Settings
from warehouse.read import counted_range, counted_series
from warehouse.read_rises import usual_hours
from warehouse.store import open_warehouse

PAST_DAYS = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A rise of the hour, and how long it took to be told.

    Attributes:
        delay_ms: From the last writing of the file that holds its last contact until now.
    """

    rise: LiveRise
    delay_ms: int


class Watcher:
    """Reads the complete new lines of the inbox's JSON-lines files.

    What lies there when the watch begins has been said already and is passed over.

    Args:
        settings: The centre.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._zone = ZoneInfo(settings.centre.timezone)
        self._finder = TermFinder(settings.hotwords.products)
        self._live = Live(
            usual(settings),
            LiveOptions(
                min_contacts=settings.hotwords.least_contacts,
                min_customers=settings.hotwords.least_customers,
            ),
        )
        self._read_to = {path: path.stat().st_size for path in self._files()}

    def look(self) -> list[Alarm]:
        """Read what was written since the last look, and return what it makes sure."""
        found = []
        for path in self._files():
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            for one in self._fresh(path):
                found += [(rise, written) for rise in self._take(one, written)]
        now = datetime.now(UTC)
        return [
            Alarm(rise=rise, delay_ms=max(0, round((now - at) / timedelta(milliseconds=1))))
            for rise, at in found
        ]

    def _files(self) -> list[Path]:
        return sorted(self._settings.inbox.rglob("*.jsonl"))

    def _take(self, one: Interaction, written: datetime) -> list[LiveRise]:
        terms = self._finder.terms(one)
        return self._live.add(contact(one, terms=terms, timezone=self._zone), written)

    def _fresh(self, path: Path) -> Iterator[Interaction]:
        start = self._read_to.get(path, 0)
        with path.open("rb") as file:
            file.seek(start)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]  # a line that is still being written comes next time
        self._read_to[path] = start + len(whole)
        if not whole:
            return
        with tempfile.TemporaryDirectory() as folder:
            part = Path(folder) / "new.jsonl"
            part.write_bytes(whole)
            zone = self._settings.centre.timezone
            for one in read_chats(part, item=path.name, timezone=zone):
                if isinstance(one, Interaction):  # the night says what cannot be read, and why
                    yield one


def usual(settings: Settings) -> Usual:
    """Return what the last weeks in the warehouse hold; nothing where there are none."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        span = counted_range(warehouse)
        if span is None:
            return Usual(contacts=0, terms={})
        first = span[1] - timedelta(days=PAST_DAYS - 1)
        past = counted_series(warehouse, Kind.TERM, first, span[1], dimension=EVERYTHING.dimension)
        hours = usual_hours(warehouse, Kind.TERM, first, span[1])
    each = past.contacts.sum(axis=1).tolist()
    terms = {key[2]: total for key, total in zip(past.keys, each, strict=True)}
    contacts = terms.pop(ALL_CONTACTS, 0)
    return Usual(
        contacts=contacts,
        terms=terms,
        clumping=_clumping(past),
        contacts_by_hour=hours.pop(ALL_CONTACTS, ()),
        terms_by_hour=hours,
    )


def _clumping(counted: Series) -> Clumping:
    past = counted.past(sample(counted))
    options = BaselineOptions()
    return learn(past, daily_design(counted.last, past, options), options).clumping
