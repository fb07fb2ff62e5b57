"""Interactions, files and items set aside as Arrow tables, and interactions back again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from interactions.interaction import Interaction
from interactions.problems import Unreadable
from interactions.sound import Quality
from warehouse.plain import microseconds, safe, safe_all, to_json

TEXT = pa.string()
TEXTS = pa.list_(pa.string())
MOMENT = pa.timestamp("us", "UTC")
SPAN = pa.struct([("start_ms", pa.int64()), ("end_ms", pa.int64())])
WORD = pa.struct(
    [("start_ms", pa.int64()), ("end_ms", pa.int64()), ("text", TEXT), ("confidence", pa.float64())]
)
_NUMBERS = [(name, pa.float64()) for name in ("peak_db", "clipped", "snr_db")]
TRACK_QUALITY = pa.struct([*_NUMBERS, ("is_dead", pa.bool_())])
FILES = pa.schema(
    [
        ("item", TEXT),
        ("bytes", pa.int64()),
        ("modified_ns", pa.int64()),
        ("content_hash", TEXT),
        ("stage", TEXT),
    ]
)
SET_ASIDE = pa.schema([("item", TEXT), ("code", TEXT), ("details", TEXT), ("content_hash", TEXT)])
RECORDINGS = pa.schema(
    [
        ("interaction_id", TEXT),
        ("recording_id", TEXT),
        ("files", TEXTS),
        ("duration_ms", pa.int64()),
        ("sample_rate", pa.int32()),
        ("codec", TEXT),
        ("tracks", TEXTS),
        ("identical_tracks", pa.bool_()),
        ("correlation", pa.float64()),
        ("quality", pa.list_(TRACK_QUALITY)),
    ]
)


class Seen(Protocol):
    """A file of the inbox as it was when it was read; ``warehouse.read.FileSeen`` is one."""

    @property
    def item(self) -> str:
        """Path relative to the intake folder."""
        ...

    @property
    def bytes(self) -> int:
        """Size."""
        ...

    @property
    def modified_ns(self) -> int:
        """When the file was changed last, nanoseconds since 1970."""
        ...

    @property
    def content_hash(self) -> str:
        """SHA-256 (hexadecimal) of its bytes."""
        ...

    @property
    def stage(self) -> str:
        """Version of the code that read it."""
        ...


@dataclass(frozen=True, slots=True)
class SetAside:
    """An item that is not inspected, and why.

    Attributes:
        code: A key of ``interactions.problems.PROBLEMS``; ``values`` fill its texts.
        content_hash: Of what was read; None where nothing could be read.
    """

    item: str
    code: str
    values: dict[str, str | int | float]
    content_hash: str | None = None

    @classmethod
    def of(cls, problem: Unreadable, *, content_hash: str | None = None) -> SetAside:
        """Return the row for a problem."""
        return cls(problem.item, problem.code, dict(problem.values), content_hash)


def interaction_tables(interactions: Sequence[Interaction]) -> dict[str, pa.Table]:
    """Return the tables of interactions, recordings, utterances, speech and contours.

    Raises:
        ValueError: Two of the interactions have the same id.
    """
    ids = {one.interaction_id for one in interactions}
    if len(ids) != len(interactions):
        msg = f"{len(interactions)} interactions have only {len(ids)} different ids"
        raise ValueError(msg)
    return {
        "interactions": _interactions(interactions),
        "recordings": _recordings(interactions),
        "utterances": _utterances(interactions),
        "speech": _speech(interactions),
        "contours": _contours(interactions),
    }


def files_tables(files: Iterable[Seen]) -> dict[str, pa.Table]:
    """Return the table ``files``: what need not be read again while it stays as it is."""
    rows = [
        (safe(f.item), f.bytes, f.modified_ns, safe(f.content_hash), safe(f.stage)) for f in files
    ]
    return {"files": from_rows(rows, FILES)}


def set_aside_tables(
    items: Iterable[SetAside], *, cleared: Iterable[str] = ()
) -> dict[str, pa.Table]:
    """Return the tables ``set_aside`` and ``cleared``.

    Args:
        items: What is set aside; each replaces what was said of the same item before.
        cleared: Items that are set aside no longer although nothing is kept under their name, for
            example because the broken file was deleted.
    """
    rows = [
        (
            safe(i.item),
            i.code,
            to_json(i.values),
            None if i.content_hash is None else i.content_hash,
        )
        for i in items
    ]
    gone = [(safe(item),) for item in cleared]
    return {
        "set_aside": from_rows(rows, SET_ASIDE),
        "cleared": from_rows(gone, pa.schema([("item", TEXT)])),
    }


def from_rows(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """Return an Arrow table; each row has the schema's fields in order."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _interactions(interactions: Sequence[Interaction]) -> pa.Table:
    started = [microseconds(i.started_at) for i in interactions]
    return pa.table(
        {
            "interaction_id": _texts(i.interaction_id for i in interactions),
            "channel": _texts(i.channel.value for i in interactions),
            "started_at": pa.array(started, pa.int64()).cast(MOMENT),
            "duration_ms": pa.array([i.duration_ms for i in interactions], pa.int64()),
            "source": _texts(i.source for i in interactions),
            "content_hash": _texts(i.content_hash for i in interactions),
            "language": _texts(i.language.value for i in interactions),
            "agent": _texts(i.agent for i in interactions),
            "team": _texts(i.team for i in interactions),
            "queue": _texts(i.queue for i in interactions),
            "customer": _texts(i.customer for i in interactions),
            "product": _texts(i.product for i in interactions),
            "attributes": pa.array([to_json(i.attributes) for i in interactions], TEXT),
            "transcriber": _texts(i.transcriber for i in interactions),
            "trust": pa.array([i.trust for i in interactions], pa.float64()),
            "role_confidence": pa.array([i.role_confidence for i in interactions], pa.float64()),
        }
    )


def _recordings(interactions: Sequence[Interaction]) -> pa.Table:
    rows = [
        (
            safe(i.interaction_id),
            safe(i.recording.recording_id),
            [safe(os.fspath(path)) for path in i.recording.files],
            i.recording.duration_ms,
            i.recording.sample_rate,
            safe(i.recording.codec),
            [party.value for party in i.recording.tracks],
            i.recording.quality.identical_tracks,
            i.recording.quality.correlation,
            _track_quality(i.recording.quality),
        )
        for i in interactions
        if i.recording is not None
    ]
    return from_rows(rows, RECORDINGS)


def _track_quality(quality: Quality) -> list[dict[str, object]]:
    return [
        {"peak_db": t.peak_db, "clipped": t.clipped, "snr_db": t.snr_db, "is_dead": t.is_dead}
        for t in quality.tracks
    ]


def _utterances(interactions: Sequence[Interaction]) -> pa.Table:
    pairs = [(i.interaction_id, u) for i in interactions for u in i.utterances]
    words = [word for _, u in pairs for word in u.words]
    flat = pa.StructArray.from_arrays(
        [
            pa.array([w.start_ms for w in words], pa.int64()),
            pa.array([w.end_ms for w in words], pa.int64()),
            _texts(w.text for w in words),
            pa.array([w.confidence for w in words], pa.float64()),
        ],
        fields=list(WORD),
    )
    return pa.table(
        {
            "interaction_id": _texts(one for one, _ in pairs),
            "seq": pa.array([u.seq for _, u in pairs], pa.int32()),
            "party": _texts(u.party.value for _, u in pairs),
            "start_ms": pa.array([u.start_ms for _, u in pairs], pa.int64()),
            "end_ms": pa.array([u.end_ms for _, u in pairs], pa.int64()),
            "text": _texts(u.text for _, u in pairs),
            "words": _lists([len(u.words) for _, u in pairs], flat),
            "confidence": pa.array([u.confidence for _, u in pairs], pa.float64()),
            "dropped_because": _texts(u.dropped_because for _, u in pairs),
        }
    )


def _speech(interactions: Sequence[Interaction]) -> pa.Table:
    rows = [
        (i.interaction_id, track, party, spans)
        for i in interactions
        for track, (party, spans) in enumerate(i.speech.items())
    ]
    flat = pa.StructArray.from_arrays(
        [
            pa.array([s.start_ms for *_, spans in rows for s in spans], pa.int64()),
            pa.array([s.end_ms for *_, spans in rows for s in spans], pa.int64()),
        ],
        fields=list(SPAN),
    )
    return pa.table(
        {
            "interaction_id": _texts(row[0] for row in rows),
            "track": pa.array([row[1] for row in rows], pa.int32()),
            "party": _texts(row[2].value for row in rows),
            "spans": _lists([len(row[3]) for row in rows], flat),
        }
    )


def _contours(interactions: Sequence[Interaction]) -> pa.Table:
    rows = [
        (i.interaction_id, track, party, contour)
        for i in interactions
        for track, (party, contour) in enumerate(i.contours.items())
    ]
    return pa.table(
        {
            "interaction_id": _texts(row[0] for row in rows),
            "track": pa.array([row[1] for row in rows], pa.int32()),
            "party": _texts(row[2].value for row in rows),
            "step_ms": pa.array([row[3].step_ms for row in rows], pa.int32()),
            "loudness_db": _floats([row[3].loudness_db for row in rows]),
            "pitch_hz": _floats([row[3].pitch_hz for row in rows]),
            "balance_db": _floats([row[3].balance_db for row in rows]),
        }
    )


def _texts(texts: Iterable[str | None]) -> pa.Array:
    return pa.array(safe_all(texts), TEXT)


def _floats(series: Sequence[NDArray[np.float32] | None]) -> pa.Array:
    """Return one list for each series; an empty one stands for none."""
    none = np.zeros(0, np.float32)
    flat = np.concatenate([none, *(one for one in series if one is not None)]).astype(np.float32)
    lengths = [0 if one is None else len(one) for one in series]
    return _lists(lengths, pa.array(flat, pa.float32()))


def _lists(lengths: Sequence[int], flat: pa.Array) -> pa.Array:
    """Return lists without making a Python object of every element: ten times as fast."""
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat)
