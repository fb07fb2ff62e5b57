"""Intake: what lies in the inbox becomes items to inspect, or is set aside with a reason.

The rule that keeps a batch whole: every file and every record ends in exactly one place. It is
unchanged since an earlier night, or an item, or set aside under a code of
``interactions.problems``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from hashlib import sha256
from pathlib import Path

from asr.recording import content_hash
from interactions.chat import ChatLayout, read_chats
from interactions.interaction import Interaction
from interactions.metadata import Metadata, merged
from interactions.problems import Unreadable
from interactions.vendors.catalogue import read_transcript
from pipelines import inbox
from pipelines.claims import Claim, Claims
from pipelines.inbox import Found, Kind
from pipelines.settings import Settings

# Part of every source's stage: when intake would now read a file differently, raise it, and
# files of earlier nights are read again.
STAGE = "intake-1"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a call's files together, as it was seen. Unchanged next time means skipped.

    Attributes:
        bytes: Size of all its files.
        modified_ns: Latest change of any of its files, nanoseconds since 1970 UTC.
        stage: What would be done with it: stage versions, recogniser, a digest of what is known.
    """

    item: str
    bytes: int
    modified_ns: int
    content_hash: str
    stage: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call to hear: its sound, a transcript made elsewhere, or both."""

    source: Source
    files: tuple[Path, ...]
    transcript: Path | None
    metadata: Metadata

    @property
    def item(self) -> str:
        """Path of its first file relative to the inbox."""
        return self.source.item

    @property
    def interaction_id(self) -> str:
        """The source's own id, or one made from the content."""
        return self.metadata.interaction_id or f"voice-{self.source.content_hash[:16]}"


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file of chats, e-mails or tickets."""

    source: Source
    path: Path


@dataclass(frozen=True, slots=True)
class Known:
    """What the warehouse has seen before this night.

    Attributes:
        sources: By item.
        contents: Item that holds each content hash.
        ids: Content hash of each interaction id.
        set_aside: By item, the problem's code and values.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    set_aside: Mapping[str, tuple[str, Mapping[str, str | int | float]]] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """What one night has to do, in the order of the items' names.

    Attributes:
        unchanged: Sources skipped because nothing about them changed.
        present: Every file there is; ``read_again`` those of them that are read whole this time,
            so that what was said of them before may no longer hold.
    """

    calls: tuple[Call, ...]
    texts: tuple[TextFile, ...]
    set_aside: tuple[Unreadable, ...]
    unchanged: int
    present: frozenset[str] = frozenset()
    read_again: frozenset[str] = frozenset()


class Register:
    """Who has which content and which id, this night and before: the judge of duplicates."""

    def __init__(self, known: Known) -> None:
        self._contents = dict(known.contents)
        self._ids = dict(known.ids)

    def claim(self, item: str, interaction_id: str, content: str) -> bool:
        """Enter an interaction; return whether it is new or changed.

        Raises:
            Unreadable: Its content is kept under another item, or its id has other content.
        """
        first = self._contents.setdefault(content, item)
        if first != item:
            raise Unreadable(item, "duplicate", first=first)
        kept = self._ids.get(interaction_id)
        holder = item if kept is None else self._contents.get(kept, "")
        if holder != item:
            raise Unreadable(item, "id_taken", interaction_id=interaction_id, first=holder)
        self._ids[interaction_id] = content
        return kept != content


def scan(settings: Settings, known: Known, *, transcriber: str) -> Batch:
    """Look through the inbox.

    Args:
        settings: The centre's settings.
        known: What earlier nights have seen.
        transcriber: Name of the transcriber in use, ``none`` without one. A call that was kept
            without words is heard again once there is one.
    """
    found: dict[Path, Found] = {}
    aside: list[Unreadable] = []
    for entry in inbox.files(settings.inbox):
        if isinstance(entry, Unreadable):
            aside.append(entry)
        else:
            found[entry.path] = entry
    aside += [Unreadable(e.item, "unknown_kind") for e in found.values() if e.kind is Kind.OTHER]
    calls: list[Call] = []
    unchanged = 0
    for claim in Claims(settings, found).all():
        made = claim if isinstance(claim, Unreadable) else _call(claim, found, known, transcriber)
        if isinstance(made, Unreadable):
            aside.append(made)
        elif isinstance(made, Call):
            calls.append(made)
        unchanged += made is None
    texts = [entry for entry in found.values() if entry.kind is Kind.TEXTS]
    fresh = [text for entry in texts if (text := _text_file(entry, settings, known)) is not None]
    unchanged += len(texts) - len(fresh)
    manifests = {entry.item for entry in found.values() if entry.kind is Kind.MANIFEST}
    return Batch(
        calls=tuple(calls),
        texts=tuple(fresh),
        set_aside=tuple(aside),
        unchanged=unchanged,
        present=frozenset(entry.item for entry in found.values()),
        read_again=frozenset(manifests | {text.source.item for text in fresh}),
    )


def _call(
    claim: Claim, found: Mapping[Path, Found], known: Known, transcriber: str
) -> Call | Unreadable | None:
    """Return the call, why it cannot be one, or None when nothing about it changed."""
    entries = [found[path] for path in (*claim.files, claim.transcript) if path is not None]
    if any(entry.bytes == 0 for entry in entries):
        return Unreadable(claim.item, "empty_file")
    size = sum(entry.bytes for entry in entries)
    modified_ns = max(entry.modified_ns for entry in entries)
    words = "elsewhere" if claim.transcript else transcriber
    stage = f"{STAGE}/{words}/{digest(claim.metadata)}"
    seen = known.sources.get(claim.item)
    has_its_words = seen is not None and _has_its_words(seen.stage, stage)
    if seen is not None and has_its_words and (seen.bytes, seen.modified_ns) == (size, modified_ns):
        return None
    try:
        metadata = _with_transcript(claim)
        if metadata.started_at is None:
            return Unreadable(claim.item, "no_time")
        content = content_hash([entry.path for entry in entries][: len(claim.files) or 1])
    except Unreadable as problem:
        return problem
    if has_its_words and seen is not None and not claim.transcript and seen.content_hash == content:
        return None  # touched, or copied again: the same sound
    source = Source(claim.item, size, modified_ns, content, stage)
    return Call(source, claim.files, claim.transcript, metadata)


def _with_transcript(claim: Claim) -> Metadata:
    """Add what the transcript says about the call; the manifest knows better."""
    if claim.transcript is None:
        return claim.metadata
    transcript = read_transcript(claim.transcript, item=claim.item)
    return merged(claim.metadata, transcript.metadata)


def _has_its_words(seen: str, stage: str) -> bool:
    """Whether a call, as it was kept in one stage, need not be heard again in another."""
    return seen == stage or (not seen.startswith(f"{STAGE}/none/") and _same_but_words(seen, stage))


def _same_but_words(one: str, other: str) -> bool:
    """Whether two stages differ in nothing but what makes the words."""
    return one.split("/")[::2] == other.split("/")[::2]


def _text_file(entry: Found, settings: Settings, known: Known) -> TextFile | None:
    layout = digest(
        [settings.centre.timezone, settings.intake.columns, settings.intake.assumed_date]
    )
    stage = f"{STAGE}/written/{layout}"
    seen = known.sources.get(entry.item)
    state = (entry.bytes, entry.modified_ns, stage)
    if seen is not None and (seen.bytes, seen.modified_ns, seen.stage) == state:
        return None
    content = content_hash([entry.path])
    if seen is not None and (seen.stage, seen.content_hash) == (stage, content):
        return None
    return TextFile(Source(entry.item, entry.bytes, entry.modified_ns, content, stage), entry.path)


def distinct(batch: Batch, register: Register) -> tuple[list[Call], list[Unreadable]]:
    """Split the batch's calls into those to hear and those that are there already."""
    calls: list[Call] = []
    aside: list[Unreadable] = []
    for call in batch.calls:
        try:
            register.claim(call.item, call.interaction_id, call.source.content_hash)
        except Unreadable as problem:
            aside.append(problem)
        else:
            calls.append(call)
    return calls, aside


def texts_of(
    text: TextFile, settings: Settings, register: Register
) -> Iterator[Interaction | Unreadable]:
    """Yield the file's new or changed interactions, and its records that are set aside."""
    assumed = settings.intake.assumed_date
    layout = ChatLayout(
        columns=settings.intake.columns,
        assumed_date=date.fromisoformat(assumed) if assumed else None,
    )
    records = read_chats(
        text.path, item=text.source.item, layout=layout, timezone=settings.centre.timezone
    )
    for record in records:
        if isinstance(record, Unreadable):
            yield record
            continue
        try:
            is_new = register.claim(record.source, record.interaction_id, record.content_hash)
        except Unreadable as problem:
            yield problem
        else:
            if is_new:
                yield record


def digest(value: object) -> str:
    """Return 12 hexadecimal digits that stand for the value, the same on every machine."""
    text = json.dumps(value, sort_keys=True, default=_plain, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()[:12]


def _plain(value: object) -> object:
    if isinstance(value, Metadata):
        return {part.name: getattr(value, part.name) for part in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
