"""Arrow tables, from a shard or from the warehouse, as interactions again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise, repeat
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from interactions.interaction import Channel, Interaction, Language, Utterance, Word
from interactions.sound import Contour, Party, Quality, Recording, Span, TrackQuality
from warehouse.plain import from_json, moment, restored, restored_all
from warehouse.rows_interactions import SetAside


def interactions_from(tables: Mapping[str, pa.Table]) -> list[Interaction]:
    """Return the interactions in the order of the table ``interactions``.

    Args:
        tables: As ``interaction_tables`` makes them. Without ``contours`` or the column ``words``
            the interactions come without; so do all other tables but ``interactions``.
    """
    utterances = _utterances(tables.get("utterances"))
    recordings = _recordings(tables.get("recordings"))
    speech = _speech(tables.get("speech"))
    contours = _contours(tables.get("contours"))
    return [
        Interaction(
            interaction_id=row["interaction_id"],
            channel=Channel(row["channel"]),
            started_at=moment(row["started_at"]),
            duration_ms=row["duration_ms"],
            source=row["source"],
            content_hash=row["content_hash"],
            language=Language(row["language"]),
            agent=row["agent"],
            team=row["team"],
            queue=row["queue"],
            customer=row["customer"],
            product=row["product"],
            attributes=from_json(row["attributes"]),
            utterances=tuple(utterances.get(row["interaction_id"], ())),
            recording=recordings.get(row["interaction_id"]),
            speech=MappingProxyType(speech.get(row["interaction_id"], {})),
            contours=MappingProxyType(contours.get(row["interaction_id"], {})),
            transcriber=row["transcriber"],
            trust=row["trust"],
            role_confidence=row["role_confidence"],
        )
        for row in records(tables["interactions"], as_written=("attributes",))
    ]


def set_aside_from(tables: Mapping[str, pa.Table]) -> list[SetAside]:
    """Undo ``warehouse.rows.set_aside_tables``; what was cleared is left out."""
    return [
        SetAside(row["item"], row["code"], dict(from_json(row["details"])), row["content_hash"])
        for row in records(tables["set_aside"], as_written=("details",))
    ]


def records(table: pa.Table, *, as_written: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Yield a table's rows; texts restored, moments as microseconds since 1970.

    Args:
        table: Any table.
        as_written: Text columns that are given as they are (JSON has its own way back).
    """
    columns = [
        _values(table.column(name), is_restored=name not in as_written)
        for name in table.column_names
    ]
    for row in zip(*columns, strict=True):
        yield dict(zip(table.column_names, row, strict=True))


def _values(column: pa.ChunkedArray, *, is_restored: bool) -> list[Any]:
    if pa.types.is_timestamp(column.type):
        return list(column.cast(pa.int64()).to_pylist())
    values: list[Any] = column.to_pylist()
    if is_restored and pa.types.is_string(column.type):
        return [None if text is None else restored(text) for text in values]
    return values


def _utterances(table: pa.Table | None) -> dict[str, list[Utterance]]:
    found: dict[str, list[Utterance]] = defaultdict(list)
    if table is None:
        return found
    words: Iterator[tuple[Word, ...]] = iter(())
    if "words" in table.column_names:
        words = _words(table.column("words"))
        table = table.drop_columns(["words"])
    # Millions of rows go through here: columns side by side cost half of what a mapping a row does.
    columns = [
        _values(table.column(name), is_restored=name in _FOREIGN) for name in _UTTERANCE_COLUMNS
    ]
    parties = {party.value: party for party in Party}
    for one, seq, party, start, end, text, sure, dropped in zip(*columns, strict=True):
        found[one].append(
            Utterance(seq, parties[party], start, end, text, next(words, ()), sure, dropped)
        )
    for one in found.values():
        one.sort(key=lambda utterance: utterance.seq)
    return found


_FOREIGN = ("interaction_id", "text")
_UTTERANCE_COLUMNS = (
    *("interaction_id", "seq", "party", "start_ms", "end_ms", "text", "confidence"),
    "dropped_because",
)


def _words(column: pa.ChunkedArray) -> Iterator[tuple[Word, ...]]:
    for offsets, flat in _flattened(column):
        fields = zip(*(flat.field(name).to_pylist() for name in _WORD_FIELDS), strict=True)
        words = [Word(start, end, restored(text), sure) for start, end, text, sure in fields]
        for start, end in offsets:
            yield tuple(words[start:end])


_WORD_FIELDS = ("start_ms", "end_ms", "text", "confidence")


def _flattened(column: pa.ChunkedArray) -> Iterator[tuple[list[tuple[int, int]], pa.Array]]:
    for chunk in column.chunks:
        ends = chunk.offsets.to_numpy().tolist()
        yield list(pairwise(ends)), chunk.values


def _speech(table: pa.Table | None) -> dict[str, dict[Party, tuple[Span, ...]]]:
    found: dict[str, dict[Party, tuple[Span, ...]]] = defaultdict(dict)
    for row in () if table is None else records(table.sort_by("track")):
        spans = tuple(Span(s["start_ms"], s["end_ms"]) for s in row["spans"])
        found[row["interaction_id"]][Party(row["party"])] = spans
    return found


_SERIES = ("loudness_db", "pitch_hz", "balance_db")
_NONE = np.zeros(0, np.float32)


def _contours(table: pa.Table | None) -> dict[str, dict[Party, Contour]]:
    found: dict[str, dict[Party, Contour]] = defaultdict(dict)
    if table is None:
        return found
    table = table.sort_by("track")
    loudness = _series(table.column("loudness_db"))
    pitch = _series(table.column("pitch_hz"))
    # Shards of before schema 004 have no balance.
    has_balance = "balance_db" in table.column_names
    balance = _series(table.column("balance_db")) if has_balance else repeat(_NONE)
    long = [name for name in table.column_names if name in _SERIES]
    for row in records(table.drop_columns(long)):
        taken = next(balance)
        contour = Contour(
            row["step_ms"], next(loudness), next(pitch), taken if len(taken) else None
        )
        found[row["interaction_id"]][Party(row["party"])] = contour
    return found


def _series(column: pa.ChunkedArray) -> Iterator[NDArray[np.float32]]:
    for offsets, flat in _flattened(column):
        values = flat.to_numpy(zero_copy_only=False).astype(np.float32, copy=False)
        for start, end in offsets:
            yield values[start:end].copy()


def _recordings(table: pa.Table | None) -> dict[str, Recording]:
    found: dict[str, Recording] = {}
    for row in () if table is None else records(table):
        tracks = tuple(TrackQuality(**one) for one in row["quality"])
        found[row["interaction_id"]] = Recording(
            recording_id=row["recording_id"],
            files=tuple(Path(name) for name in restored_all(row["files"])),
            duration_ms=row["duration_ms"],
            sample_rate=row["sample_rate"],
            codec=row["codec"],
            tracks=tuple(Party(one) for one in row["tracks"]),
            quality=Quality(tracks, row["identical_tracks"], row["correlation"]),
        )
    return found
