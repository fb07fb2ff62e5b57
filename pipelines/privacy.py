"""What is kept about people: what, where, until when, and who looked at it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from interactions.personal.finding import found_among
from interactions.personal.kinds import PersonalKind
from pipelines.encryption import is_encrypted
from pipelines.judging import said_in_spool
from pipelines.settings import Settings
from warehouse.read import interactions, known_ids
from warehouse.said import Audit
from warehouse.store import Warehouse

ACTS = ("listen", "reveal", "export")
"""What is written down of whoever looks at an interaction."""
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A place where something is kept.

    Attributes:
        what: ``recordings``, ``spool``, ``warehouse``, ``console`` or ``sound``.
        until: ``yours`` (kept until you delete it), or ``room`` (what was used longest ago goes
            when there is no room).
    """

    what: str
    where: Path
    files: int
    size: int
    until: str


@dataclass(frozen=True, slots=True)
class Looked:
    """One person's acts of one kind."""

    person: str
    act: str
    times: int
    interactions: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Privacy:
    """The report.

    Attributes:
        is_encrypted: Whether all of it but the recordings is.
        interactions: How many are kept, and how many of them hold something of a kind (``kinds``).
        first_at: When the oldest of them began; None where nothing is kept.
    """

    kept: tuple[Kept, ...]
    is_encrypted: bool
    interactions: int
    first_at: datetime | None
    last_at: datetime | None
    kinds: Mapping[PersonalKind, int]
    looked: tuple[Looked, ...]


def report(settings: Settings, warehouse: Warehouse) -> Privacy:
    """Return what is kept about people and who looked at it.

    Args:
        settings: The centre's.
        warehouse: Open for reading; every interaction in it is searched.
    """
    ids = sorted(known_ids(warehouse))
    kinds: Counter[PersonalKind] = Counter()
    began: list[datetime] = []
    for start in range(0, len(ids), _BATCH):
        for one in interactions(warehouse, ids[start : start + _BATCH], with_contours=False):
            began.append(one.started_at)
            kinds.update({hit.kind for hit in found_among(one.utterances)})
    return Privacy(
        kept=tuple(places(settings)),
        is_encrypted=is_encrypted(settings),
        interactions=len(ids),
        first_at=min(began, default=None),
        last_at=max(began, default=None),
        kinds={kind: kinds[kind] for kind in PersonalKind if kinds[kind]},
        looked=tuple(_looked(settings)),
    )


def places(settings: Settings) -> Iterator[Kept]:
    """Yield where something is kept, the sources first."""
    yield _kept("recordings", settings.inbox, "yours")
    yield _kept("spool", settings.spool, "yours")
    yield _kept("warehouse", settings.warehouse, "yours")
    yield _kept("console", settings.console_warehouse, "yours")
    yield _kept("sound", settings.sound, "room")


def _kept(what: str, where: Path, until: str) -> Kept:
    if where.is_file():
        sizes = [where.stat().st_size]
    else:
        sizes = [path.stat().st_size for path in where.rglob("*") if path.is_file()]
    return Kept(what, where, len(sizes), sum(sizes), until)


def _looked(settings: Settings) -> Iterator[Looked]:
    found: dict[tuple[str, str], list[Audit]] = {}
    for one in said_in_spool(settings, Audit):
        if one.act in ACTS:
            found.setdefault((one.said_by, one.act), []).append(one)
    for (person, act), own in sorted(found.items()):
        when = [one.said_at for one in own]
        about = len({one.about for one in own})
        yield Looked(person, act, len(own), about, min(when), max(when))
