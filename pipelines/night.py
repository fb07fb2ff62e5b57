"""The stages of a night, each a function of the centre's settings and what came before.

``flows.py`` says which runs after which, and which run side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from interactions.interaction import Interaction
from interactions.problems import Unreadable
from pipelines import intake, keeping, transcription
from pipelines.forecast import forecast
from pipelines.intake import Batch, Call
from pipelines.keeping import key_of
from pipelines.known import Known, Register, Source
from pipelines.progress import Forecast, current
from pipelines.recogniser import Stopwatch, recogniser_of
from pipelines.reports import Done, SetAsideItem
from pipelines.settings import Settings
from pipelines.terms import doubts_of, prompt_of
from warehouse.rows import (
    SetAside,
    doubted_term_tables,
    interaction_tables,
    set_aside_from,
    set_aside_tables,
)
from warehouse.spool import ShardRef, Spool

# Raised when the same recording would now be heard differently: shards are then made anew.
HEARING = "hearing-4"
READING = "reading-1"


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What lies in the inbox and has to be worked on.

    Attributes:
        known: What earlier nights have seen.
        batch: What is new or changed.
        calls: The batch's calls without duplicates.
        register: Who has which content and id, the calls' included.
        set_aside: Everything set aside so far.
    """

    known: Known
    batch: Batch
    calls: tuple[Call, ...]
    register: Register
    set_aside: tuple[Unreadable, ...]


def scan(settings: Settings, *, leave: Collection[Path] = ()) -> Arrivals:
    """Look through the inbox; nothing is written but what a killed night left behind.

    Args:
        settings: The centre.
        leave: Files to pass over.
    """
    current().stage("intake", None)
    known = keeping.known(settings)
    batch = intake.scan(settings, known, transcriber=settings.speech.weights, leave=leave)
    register = Register(known, batch.present)
    calls, twice = intake.distinct(batch, register)
    return Arrivals(known, batch, tuple(calls), register, (*batch.set_aside, *twice))


def read_texts(settings: Settings, arrivals: Arrivals) -> Done:
    """Read chats, e-mails and tickets into shards, and write down everything set aside."""
    current().stage("texts", len(arrivals.batch.texts))
    spool = Spool(settings.spool)
    aside = list(arrivals.set_aside)
    kept = 0
    for text in arrivals.batch.texts:
        records = intake.texts_of(text, settings, arrivals.register)
        fresh = _without_problems(records, aside)
        while shard := list(islice(fresh, settings.night.shard_texts)):
            ids = (f"{one.interaction_id}={one.content_hash}" for one in shard)
            key = key_of(READING, *_fingerprint(text.source), *ids)
            spool.write("texts", key, interaction_tables(shard))
            kept += len(shard)
        current().advance(1)
    keeping.keep_aside(spool, aside, arrivals.batch, arrivals.known)
    return Done(kept, tuple(_item(SetAside.of(problem)) for problem in aside))


def _without_problems(
    records: Iterable[Interaction | Unreadable], aside: list[Unreadable]
) -> Iterator[Interaction]:
    for record in records:
        if isinstance(record, Unreadable):
            aside.append(record)
        else:
            yield record


def shards(settings: Settings, arrivals: Arrivals) -> list[tuple[Call, ...]]:
    """Plan the calls' shards."""
    return list(transcription.shards(arrivals.calls, minutes=settings.night.shard_minutes))


def tell_forecast(settings: Settings, arrivals: Arrivals) -> Forecast:
    """Say to whoever watches how long hearing will take."""
    expected = forecast(settings, arrivals.calls)
    current().expect(expected)
    return expected


def hear_shard(settings: Settings, calls: Sequence[Call]) -> Done:
    """Hear one shard of calls and write it; a shard that was written before is not heard again."""
    spool = Spool(settings.spool)
    transcriber = recogniser_of(settings)
    watched = None if transcriber is None else Stopwatch(transcriber)
    name = "none" if watched is None else watched.name
    sources = (part for call in calls for part in _fingerprint(call.source))
    prompts = () if watched is None else _prompts(settings, calls)
    key = key_of(HEARING, name, str(settings.intake.longest_minutes), *sources, *prompts)
    if not spool.has("calls", key):
        heard = transcription.hear_all(calls, settings, watched)
        aside = [SetAside.of(problem) for problem in heard.set_aside]
        doubts = doubts_of(settings, heard.interactions, transcriber=name)
        tables = interaction_tables(heard.interactions) | set_aside_tables(aside)
        spool.write("calls", key, tables | doubted_term_tables(doubts))
    return _done(spool, ShardRef("calls", key, settings.spool / "calls" / key), watched)


def _prompts(settings: Settings, calls: Sequence[Call]) -> tuple[str, ...]:
    """Return what the recogniser is told for each queue: other terms, other words."""
    queues = sorted({call.metadata.queue or "" for call in calls})
    told = ((queue, prompt_of(settings, queue or None)) for queue in queues)
    return tuple(f"{queue}\x1e{prompt}" for queue, prompt in told if prompt is not None)


def _fingerprint(source: Source) -> tuple[str, ...]:
    """Return all that a shard's content depends on, and when its file changed.

    A file that went back to what it was makes a new shard, which is what counts from then on.
    """
    return source.item, source.content_hash, source.stage, f"{source.modified_ns}/{source.since}"


def _done(spool: Spool, shard: ShardRef, watched: Stopwatch | None) -> Done:
    tables = spool.read(shard)
    aside = set_aside_from(tables)
    kept = tables["interactions"]
    dropped = Counter(tables["utterances"].column("dropped_because").to_pylist())
    del dropped[None]
    terms = tables.get("doubted_terms")
    return Done(
        kept=kept.num_rows,
        set_aside=tuple(_item(one) for one in aside),
        sound_ms=sum(tables["recordings"].column("duration_ms").to_pylist()),
        recognised_ms=0 if watched is None else watched.sound_ms,
        busy=() if watched is None else tuple(watched.busy),
        dropped=dropped,
        doubted=Counter() if terms is None else Counter(terms.column("term").to_pylist()),
    )


def _item(one: SetAside) -> SetAsideItem:
    return SetAsideItem(one.item, one.code, one.values)
