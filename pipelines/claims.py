"""Which files belong together as one call, and what is known about it.

A manifest row names a call's files. A sound that no row names stands alone. Beside either may lie
a transcript (``NAME.json``) and sidecars (``NAME.meta.json``, ``NAME.wav.json``, and ``NAME.json``
where that is no transcript). A transcript without sound is a call too: its words can be inspected.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from interactions.metadata import FilePattern, Metadata, merged, read_manifest, read_sidecar
from interactions.moments import Times
from interactions.problems import Unreadable
from interactions.vendors.catalogue import vendor_of
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
        self._beside: set[Path] = set()
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
        """Yield every call of the inbox, those of manifests first, then by name.

        What lies beside nothing, or is needed by nobody, is yielded as a problem at the end.
        """
        for entry in self._found.values():
            if entry.kind is Kind.MANIFEST:
                yield from self._from_manifest(entry)
        for entry in self._of(Kind.SOUND):
            yield self._alone(entry)
        yield from self._left()

    def _left(self) -> Iterator[Claim | Unreadable]:
        """Yield what lies beside no sound: transcripts that are calls, and what nobody needs."""
        for entry in self._of(Kind.TRANSCRIPT):
            if entry.path.with_suffix("") in self._sounds:
                yield Unreadable(entry.item, "transcript_unused")
            else:
                yield self._alone(entry)
        for entry in self._of(Kind.SIDECAR):
            yield Unreadable(entry.item, "sidecar_alone")

    def _of(self, kind: Kind) -> Iterator[Found]:
        """Yield the files of one kind that belong to no call yet."""
        for path, entry in self._found.items():
            if entry.kind is kind and path not in self._taken and path not in self._beside:
                yield entry

    @property
    def named(self) -> frozenset[Path]:
        """The files that are a call's, whatever they look like; complete after ``all``."""
        return frozenset(self._taken)

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
        for path, name in zip(paths, (*row.files, row.transcript), strict=False):
            if path in self._taken:
                first = self._taken[path]
                raise Unreadable(f"{entry.item}#{name}", "claimed_twice", first=first)
        self._taken |= dict.fromkeys(paths, entry.item)
        return self._claim(paths[0], files, transcript, row)

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
        is_sound = entry.kind is Kind.SOUND
        files, transcript = ((entry.path,), None) if is_sound else ((), entry.path)
        try:
            return self._claim(entry.path, files, transcript, Metadata())
        except Unreadable as problem:
            return problem

    def _claim(
        self, path: Path, files: tuple[Path, ...], transcript: Path | None, row: Metadata
    ) -> Claim:
        """Return the call of ``path`` with what lies beside it; a row knows better than that."""
        same_name = path.with_suffix(".json")
        sidecars = [path.with_suffix(".meta.json"), path.with_name(f"{path.name}.json")]
        beside = [one for one in (*sidecars, same_name) if one in self._found and one != path]
        if transcript is not None or same_name in self._taken:
            beside = [one for one in beside if one != same_name or not self._is_transcript(one)]
        self._beside.update(beside)
        if transcript is None and same_name in beside and self._is_transcript(same_name):
            transcript = same_name
        about = [self._sidecar(one) for one in beside if one != transcript]
        return Claim(self._item(path), files, transcript, self._metadata(files, row, about))

    def _is_transcript(self, path: Path) -> bool:
        return path in self._taken or vendor_of(path, item=self._item(path)) is not None

    def _sidecar(self, path: Path) -> Metadata:
        return read_sidecar(path, item=self._item(path), times=self._times)

    def _metadata(
        self, files: tuple[Path, ...], row: Metadata, sidecars: list[Metadata]
    ) -> Metadata:
        sources = [row, *sidecars]
        if files and self._pattern is not None and row.started_at is None:
            sources.append(self._pattern.read(files[0].name))
        return merged(*sources)

    def _item(self, path: Path) -> str:
        return name_of(path, self._settings.inbox)
