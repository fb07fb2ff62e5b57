"""Which files belong together as one call, and what is known about it.

A manifest row names a call's files. A sound that no row names stands alone, with the transcript
(``NAME.json``) and the sidecar (``NAME.meta.json``) beside it. A transcript without sound is a call
too: its words can be inspected.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from interactions.metadata import FilePattern, Metadata, merged, read_manifest, read_sidecar
from interactions.moments import Times
from interactions.problems import Unreadable
from pipelines.inbox import Found, Kind, name_of
from pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class Claim:
    """The files of one call.

    Attributes:
        item: Its first file's path relative to the inbox.
        files: Sound: one file, or one per track; empty for a transcript alone.
    """

    item: str
    files: tuple[Path, ...]
    transcript: Path | None
    metadata: Metadata


class Claims:
    """Pairs the inbox's files into calls.

    Args:
        settings: Where the inbox is, and how file names are read.
        found: The inbox's files by path.
    """

    def __init__(self, settings: Settings, found: Mapping[Path, Found]) -> None:
        self._settings = settings
        self._found = found
        self._taken: dict[Path, str] = {}
        self._sounds = {path.with_suffix("") for path, e in found.items() if e.kind is Kind.SOUND}
        intake = settings.intake
        self._times = Times(timezone=settings.centre.timezone)
        self._pattern = (
            FilePattern(
                expression=intake.file_pattern,
                times=Times(
                    timezone=settings.centre.timezone, written_as=intake.file_datetime or None
                ),
            )
            if intake.file_pattern
            else None
        )

    def all(self) -> Iterator[Claim | Unreadable]:
        """Yield every call of the inbox, those of manifests first, then by name."""
        for entry in self._found.values():
            if entry.kind is Kind.MANIFEST:
                yield from self._from_manifest(entry)
        for path, entry in self._found.items():
            if entry.kind is Kind.SOUND and path not in self._taken:
                yield self._alone(entry)
        for path, entry in self._found.items():
            lonely = entry.kind is Kind.TRANSCRIPT and path.with_suffix("") not in self._sounds
            if lonely and path not in self._taken:
                yield Claim(entry.item, (), path, Metadata())

    def _from_manifest(self, entry: Found) -> Iterator[Claim | Unreadable]:
        try:
            manifest = read_manifest(
                entry.path,
                item=entry.item,
                times=self._times,
                columns=self._settings.intake.columns,
            )
        except Unreadable as problem:
            yield problem
            return
        yield from manifest.problems
        for row in manifest.rows:
            try:
                yield self._row(entry, row)
            except Unreadable as problem:
                yield problem

    def _row(self, entry: Found, row: Metadata) -> Claim:
        files = tuple(self._path(entry, name) for name in row.files)
        transcript = self._path(entry, row.transcript) if row.transcript else None
        paths = (*files, *((transcript,) if transcript else ()))
        for path in paths:
            if path in self._taken:
                raise Unreadable(self._item(path), "claimed_twice", first=self._taken[path])
            self._taken[path] = entry.item
        known = self._metadata(files[0], row) if files else row
        return Claim(self._item(paths[0]), files, transcript or self._beside(paths[0]), known)

    def _path(self, entry: Found, name: str) -> Path:
        path = Path(os.path.normpath(entry.path.parent / name))
        inbox = self._settings.inbox
        if not path.resolve().is_relative_to(inbox.resolve()):
            raise Unreadable(f"{entry.item}#{name}", "file_outside_folder", value=name)
        if path not in self._found:
            raise Unreadable(f"{entry.item}#{name}", "not_there")
        return path

    def _alone(self, entry: Found) -> Claim | Unreadable:
        self._taken[entry.path] = entry.item
        try:
            metadata = self._metadata(entry.path, Metadata())
        except Unreadable as problem:
            return problem
        return Claim(entry.item, (entry.path,), self._beside(entry.path), metadata)

    def _beside(self, path: Path) -> Path | None:
        transcript = path.with_suffix(".json")
        return transcript if transcript in self._found and transcript != path else None

    def _metadata(self, path: Path, row: Metadata) -> Metadata:
        sources = [row]
        sidecar = path.with_suffix(".meta.json")
        if sidecar in self._found:
            sources.append(read_sidecar(sidecar, item=self._item(sidecar), times=self._times))
        if self._pattern is not None and row.started_at is None:
            sources.append(self._pattern.read(path.name))
        return merged(*sources)

    def _item(self, path: Path) -> str:
        return name_of(path, self._settings.inbox)
