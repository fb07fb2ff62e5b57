"""Who, when, which queue: what the centre knows about an interaction besides its sound and words.

Three sources: a manifest (one row a file), a sidecar beside the file, and the file's name. A value
that cannot be read is a problem for a person; no source ever dates an interaction "now".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from interactions.cells import (
    attribute_of,
    channel_of,
    id_of,
    language_named,
    path_of,
    start_of,
    text_of,
    tracks_of,
)
from interactions.columns import ABOUT, FILES, recognised
from interactions.interaction import AttributeValue, Channel, Language
from interactions.items import printable, record_of
from interactions.moments import DEFAULT_TIMES, Times
from interactions.problems import Unreadable
from interactions.sound import Party
from interactions.tables.json_lines import whole_json
from interactions.tables.reading import rows_of
from interactions.tables.row import Row, is_empty

_NAMES = MappingProxyType({**ABOUT, **FILES})
_WORDS = ("agent", "team", "queue", "product")
_LARGEST_SIDECAR = 1 << 20
# A row is the header where one column names a file, or two say anything that we know.
_FEWEST_NAMES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What one source says about an interaction; None or empty where it says nothing.

    Attributes:
        files: The recording, relative to the folder of the source: one file, or one per track.
        tracks: Who is on which track, in the order of ``files`` or of the file's own tracks.
        transcript: A transcript made elsewhere, relative likewise.
        started_at: UTC.
        attributes: Every other column, by its name there.
    """

    files: tuple[str, ...] = ()
    tracks: tuple[Party, ...] = ()
    transcript: str | None = None
    interaction_id: str | None = None
    started_at: datetime | None = None
    channel: Channel | None = None
    language: Language | None = None
    agent: str | None = None
    team: str | None = None
    queue: str | None = None
    customer: str | None = None
    product: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest's rows, and what could not be read of it."""

    rows: tuple[Metadata, ...]
    problems: tuple[Unreadable, ...]


def read_manifest(
    path: Path,
    *,
    item: str | None = None,
    times: Times = DEFAULT_TIMES,
    columns: Mapping[str, str] = MappingProxyType({}),
) -> Manifest:
    """Read a manifest: CSV, JSON lines or XLSX, one row a recording or transcript.

    Rows that repeat another are left out; rows that contradict each other about one file are
    problems, and neither is taken.

    Args:
        path: The manifest.
        item: Its name in reports; by default the file's name.
        times: How it writes times.
        columns: The centre's own column names → ours (``docs/intake.md`` lists ours).
    """
    item = printable(path.name) if item is None else item
    problems: list[Unreadable] = []
    found: dict[tuple[str, ...], tuple[int, Metadata]] = {}
    contradicted: set[tuple[str, ...]] = set()
    try:
        for row in rows_of(path, item=item, is_header=lambda cells: _is_header(cells, columns))():
            try:
                if isinstance(row, Unreadable):
                    raise row
                about = _manifest_row(row, item=item, times=times, columns=columns)
                key = about.files or (about.transcript or "",)
                first, known = found.setdefault(key, (row.number, about))
                if known != about:
                    contradicted.add(key)
                    raise _conflict(row.number, first=first, files=key, item=item)
            except Unreadable as problem:
                problems.append(problem)
    except Unreadable as problem:
        problems.append(problem)
    rows = tuple(about for key, (_, about) in found.items() if key not in contradicted)
    return Manifest(rows, tuple(problems))


def read_sidecar(path: Path, *, item: str | None = None, times: Times = DEFAULT_TIMES) -> Metadata:
    """Read a sidecar: one JSON object, names as in a manifest, ``attributes`` inside it or beside.

    Raises:
        Unreadable: It is no JSON object, or a value in it cannot be read.
    """
    item = printable(path.name) if item is None else item
    body = whole_json(path, item=item, largest=_LARGEST_SIDECAR)
    if not isinstance(body, dict):
        raise Unreadable(item, "not_a_record")
    return metadata_of(body, item=item, times=times)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePattern:
    r"""Reads what a recorder writes into file names, by a regular expression with named groups.

    ``(?P<agent>\d+)_(?P<customer>\d+)_(?P<started_at>\d{14})`` for example. Groups are named as
    the fields of ``Metadata``, or ``date`` beside ``started_at`` for the time of day; other names
    become attributes.

    Attributes:
        expression: Searched for in the path; ``^`` and ``$`` tie it to the ends.
        times: The zone and format of ``started_at``.
    """

    expression: str
    times: Times = DEFAULT_TIMES

    def __post_init__(self) -> None:
        try:
            compiled = re.compile(self.expression)
        except re.error as error:
            raise ValueError(f"file name pattern {self.expression!r}: {error}") from error
        if not compiled.groupindex:
            raise ValueError(f"file name pattern {self.expression!r} has no named group")

    def read(self, name: str) -> Metadata:
        """Return what the file name (or path in the intake folder) says.

        Raises:
            Unreadable: ``name_does_not_match``, or a part cannot be read.
        """
        item = printable(name)
        match = re.search(self.expression, name)
        if match is None:
            raise Unreadable(item, "name_does_not_match", pattern=self.expression)
        return metadata_of(match.groupdict(), item=item, times=self.times)


def merged(*sources: Metadata) -> Metadata:
    """Return what the sources say together; where two say something, the earlier one is right."""
    whole = Metadata()
    for source in sources:
        missing = {
            part.name: getattr(source, part.name)
            for part in fields(Metadata)
            if getattr(whole, part.name) in (None, ()) and part.name != "attributes"
        }
        attributes = MappingProxyType({**source.attributes, **whole.attributes})
        whole = replace(whole, **missing, attributes=attributes)
    return whole


def metadata_of(
    cells: Mapping[str, object],
    *,
    item: str,
    times: Times = DEFAULT_TIMES,
    columns: Mapping[str, str] = MappingProxyType({}),
) -> Metadata:
    """Return what a record's cells say: known columns as fields, all others as attributes.

    Raises:
        Unreadable: A known column holds what cannot be read.
    """
    cells = {name: value for name, value in cells.items() if not is_empty(value)}
    at = recognised(tuple(cells), _NAMES, own=columns)
    value = {ours: cells[column] for ours, column in at.items()}
    files, tracks = _files(value, at, item=item)
    inside = cells.get("attributes")
    others = {name: cells[name] for name in cells if name not in at.values()}
    return Metadata(
        files=files,
        tracks=tracks,
        transcript=path_of(value.get("transcript"), item=item),
        interaction_id=id_of(value.get("interaction_id"), item=item),
        started_at=start_of(value, at, item=item, times=times),
        channel=channel_of(value.get("channel"), column=at.get("channel", ""), item=item),
        language=language_named(value.get("language")),
        customer=id_of(value.get("customer"), item=item),
        attributes=attributes_of({**others, **inside} if isinstance(inside, dict) else others),
        **{name: text_of(value.get(name)) for name in _WORDS},
    )


def attributes_of(cells: Mapping[str, object]) -> Mapping[str, AttributeValue]:
    """Return the cells that can be attributes, in the order of their names."""
    values = {text_of(name) or "": attribute_of(cell) for name, cell in cells.items()}
    return MappingProxyType({k: v for k, v in sorted(values.items()) if k and v is not None})


def _is_header(cells: Sequence[str], columns: Mapping[str, str]) -> bool:
    if recognised(cells, FILES, own=columns):
        return True
    return len(recognised(cells, _NAMES, own=columns)) >= _FEWEST_NAMES


def _manifest_row(row: Row, *, item: str, times: Times, columns: Mapping[str, str]) -> Metadata:
    place = record_of(item, row.number)
    about = metadata_of(row.cells, item=place, times=times, columns=columns)
    if not about.files and about.transcript is None:
        raise Unreadable(place, "row_without_file")
    return about


def _conflict(row: int, *, first: int, files: tuple[str, ...], item: str) -> Unreadable:
    place = record_of(item, row)
    return Unreadable(place, "manifest_conflict", file=", ".join(files), first=first, second=row)


def _files(
    value: Mapping[str, object], at: Mapping[str, str], *, item: str
) -> tuple[tuple[str, ...], tuple[Party, ...]]:
    sides = {
        party: path_of(value.get(column), item=item)
        for party, column in ((Party.AGENT, "agent_file"), (Party.CUSTOMER, "customer_file"))
    }
    apart = {party: file for party, file in sides.items() if file is not None}
    if apart:
        return tuple(apart.values()), tuple(apart)
    column = at.get("agent_track", "agent_track")
    tracks = tracks_of(value.get("agent_track"), column=column, item=item)
    whole = path_of(value.get("file"), item=item)
    return (() if whole is None else (whole,)), tracks
