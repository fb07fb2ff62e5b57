"""What people say of a spike: its cause, whose it is, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

import pyarrow as pa

from detectors.rules import Cause
from hotwords.counts import Kind, Slice
from warehouse.plain import microseconds, moment, restored, safe
from warehouse.rows_back import records
from warehouse.rows_interactions import MOMENT, TEXT, from_rows
from warehouse.store import Warehouse

_ID_LENGTH = 20  # as a verdict's
_TEXTS = (
    "action_id", "kind", "term", "dimension", "value", "cause", "owner", "action", "decided_by",
    "note",
)  # fmt: skip
SPIKE_ACTIONS = pa.schema(
    [
        *((name, TEXT) for name in _TEXTS),
        ("day", pa.date32()),
        ("acts_from", pa.date32()),
        ("decided_at", MOMENT),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeAction:
    """A cause, an owner and an action for one spike. Never changed: a later one supersedes it.

    Attributes:
        day: Of the spike; ``kind``, ``term`` and ``slice`` say which.
        owner: Who sees to it.
        acts_from: First day on which the action can show; None: not begun.
        decided_at: UTC, timezone-aware.
    """

    day: date
    kind: Kind
    term: str
    slice: Slice
    cause: Cause
    owner: str
    action: str
    acts_from: date | None
    decided_by: str
    decided_at: datetime
    note: str = ""

    @property
    def action_id(self) -> str:
        """The same action, told twice, has the same id."""
        about = (self.day, self.kind, self.term, self.slice.dimension, self.slice.value)
        said = (self.cause, self.owner, self.action, self.acts_from, self.note)
        text = "\x1f".join(map(str, (*about, *said, self.decided_by, self.decided_at)))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


def spike_action_tables(actions: Iterable[SpikeAction]) -> dict[str, pa.Table]:
    """Return the table ``spike_actions``; they are added to those that are kept."""
    rows = [
        (
            one.action_id,
            one.kind.value,
            safe(one.term),
            one.slice.dimension,
            safe(one.slice.value),
            one.cause.value,
            safe(one.owner),
            safe(one.action),
            safe(one.decided_by),
            safe(one.note),
            one.day,
            one.acts_from,
            microseconds(one.decided_at),
        )
        for one in actions
    ]
    return {"spike_actions": from_rows(rows, SPIKE_ACTIONS)}


def spike_actions(warehouse: Warehouse) -> list[SpikeAction]:
    """Return the last word on every spike that has one, in the order of their days."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT * FROM current_spike_actions ORDER BY day, kind, term, dimension, value"
        )
    return [
        SpikeAction(
            day=row["day"],
            kind=Kind(row["kind"]),
            term=restored(row["term"]),
            slice=Slice(row["dimension"], restored(row["value"])),
            cause=Cause(row["cause"]),
            owner=restored(row["owner"]),
            action=restored(row["action"]),
            acts_from=row["acts_from"],
            decided_by=restored(row["decided_by"]),
            decided_at=moment(row["decided_at"]),
            note=restored(row["note"]),
        )
        for row in records(table)
    ]
