"""What earlier nights have seen, and the judge of duplicates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from interactions.problems import Unreadable


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a call's files together, as it was seen. Unchanged next time means skipped.

    Attributes:
        bytes: Size of all its files.
        modified_ns: Latest change of any of its files, nanoseconds since 1970 UTC.
        stage: What would be done with it: stage versions, recogniser, a digest of what is known.
        since: When its state before this one was noted, nanoseconds since 1970; 0 for the first.
            What went there and back is at the same state again, but not at the same time.
    """

    item: str
    bytes: int
    modified_ns: int
    content_hash: str
    stage: str
    since: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What the warehouse has seen before this night.

    Attributes:
        sources: By item.
        contents: Item that holds each content hash.
        ids: Content hash of each interaction id.
        set_aside: By item, the problem's code and values.
        noted_ns: When each source was noted, nanoseconds since 1970.
        told_ns: When something was last set aside, or cleared, of each file.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    set_aside: Mapping[str, tuple[str, Mapping[str, str | int | float]]] = field(
        default_factory=dict
    )
    noted_ns: Mapping[str, int] = field(default_factory=dict)
    told_ns: Mapping[str, int] = field(default_factory=dict)

    def is_settled(self, item: str) -> bool:
        """Whether nothing was said about a source since it was noted, so that this still holds.

        Not so where it was away meanwhile, or where its manifest was.
        """
        return self.told_ns.get(item, 0) <= self.noted_ns.get(item, 0)

    def is_kept(self, source: Source) -> bool:
        """Whether an interaction with just this content is kept from this source."""
        return self.contents.get(source.content_hash) == source.item


class Register:
    """Who has which content and which id, this night and before: the judge of duplicates.

    Args:
        known: What earlier nights have seen.
        present: The files there are; what was kept from another may come under a new name.
    """

    def __init__(self, known: Known, present: Collection[str]) -> None:
        self._contents = dict(known.contents)
        self._ids = dict(known.ids)
        self._present = present
        self._claimed: set[str] = set()

    def claim(self, item: str, interaction_id: str, content: str) -> bool:
        """Enter an interaction; return whether it is new or changed.

        Raises:
            Unreadable: Its content is kept under another item, or its id has other content.
        """
        first = self._contents.get(content, item)
        kept = self._ids.get(interaction_id)
        has_moved = kept == content and self._is_left_by(first, content, item)
        if first != item and not has_moved:
            raise Unreadable(item, "duplicate", first=first)
        holder = item if kept in {None, content} else self._contents.get(kept or "", "")
        if holder != item:
            raise Unreadable(item, "id_taken", interaction_id=interaction_id, first=holder)
        self._contents[content] = item
        self._ids[interaction_id] = content
        self._claimed.add(content)
        return kept != content

    def _is_left_by(self, first: str, content: str, item: str) -> bool:
        """Whether a content's first item has it no more: renamed, or another row of its file."""
        file = file_of(first)
        return content not in self._claimed and (
            file not in self._present or (first != file and file == file_of(item))
        )


def file_of(item: str) -> str:
    """Return the file that an item is, or is a record of."""
    return item.partition("#")[0]
