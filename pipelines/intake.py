"""Intake: what lies in the inbox becomes items to inspect, or is set aside with a reason.

The rule that keeps a batch whole: every file and every record ends in exactly one place. It is
unchanged since an earlier night, or an item, or set aside under a code of
``interactions.problems``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from asr.recording import content_hash
from interactions.chat import ChatLayout, read_chats
from interactions.interaction import Interaction
from interactions.metadata import Metadata, merged
from interactions.problems import Unreadable
from interactions.vendors.catalogue import read_transcript
from pipelines import inbox
from pipelines.claims import Claim, Claims
from pipelines.inbox import Found, Kind
from pipelines.known import Known, Register, Source
from pipelines.settings import Settings

T = TypeVar("T")
# Part of every source's stage: when intake would now read a file differently, raise it, and
# files of earlier nights are read again.
STAGE = "intake-1"


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
class Batch:
    """What one night has to do, in the order of the items' names.

    Attributes:
        unchanged: Sources skipped because nothing about them changed.
        present: Every file there is.
        standing: Those of which holds what was said earlier, unless something else is said now:
            files that are skipped, and calls that are yet to be heard.
    """

    calls: tuple[Call, ...]
    texts: tuple[TextFile, ...]
    set_aside: tuple[Unreadable, ...]
    unchanged: int
    present: frozenset[str] = frozenset()
    standing: frozenset[str] = frozenset()


def scan(
    settings: Settings, known: Known, *, transcriber: str, leave: Collection[Path] = ()
) -> Batch:
    """Look through the inbox.

    Args:
        settings: The centre's settings.
        known: What earlier nights have seen.
        transcriber: Name of the transcriber in use, ``none`` without one. A call that was kept
            without words is heard again once there is one.
        leave: Files that are not whole yet, or somebody else's: of them holds what was said before.
    """
    left: list[str] = []
    found: dict[Path, Found] = {}
    aside: list[Unreadable] = []
    for entry in inbox.files(settings.inbox):
        if isinstance(entry, Unreadable):
            aside.append(entry)
        elif entry.path in leave:
            left.append(entry.item)
        else:
            found[entry.path] = entry
    calls: list[Call] = []
    texts: list[TextFile] = []
    unchanged: list[Source] = []
    for made in _sources(settings, found, known, transcriber):
        if isinstance(made, Unreadable):
            aside.append(made)
        elif isinstance(made, Call):
            calls.append(made)
        elif isinstance(made, TextFile):
            texts.append(made)
        else:
            unchanged.append(made)
    settled = [one.item for one in unchanged if known.is_settled(one.item)]
    return Batch(
        calls=tuple(calls),
        texts=tuple(texts),
        set_aside=tuple(aside),
        unchanged=len(unchanged),
        present=frozenset((*left, *(entry.item for entry in found.values()))),
        standing=frozenset((*settled, *left, *(call.item for call in calls))),
    )


def _sources(
    settings: Settings, found: Mapping[Path, Found], known: Known, transcriber: str
) -> Iterator[Call | TextFile | Unreadable | Source]:
    """Yield what each file is part of: a call, texts, a problem, or a source that is unchanged."""
    claims = Claims(settings, found)
    for claim in claims.all():
        if isinstance(claim, Unreadable):
            yield claim
        else:
            yield _tried(claim.item, partial(_call, claim, found, known, transcriber))
    for entry in (entry for path, entry in found.items() if path not in claims.named):
        if entry.kind is Kind.OTHER:
            yield Unreadable(entry.item, "unknown_kind")
        elif entry.kind is Kind.TEXTS:
            yield _tried(entry.item, partial(_text_file, entry, settings, known))


def _tried(item: str, look: Callable[[], T]) -> T | Unreadable:
    """Return what ``look`` returns, or why it cannot: one file must not cost a night."""
    try:
        return look()
    except Unreadable as problem:
        return problem
    except OSError as error:
        return inbox.cannot_open(item, error)


def _call(
    claim: Claim, found: Mapping[Path, Found], known: Known, transcriber: str
) -> Call | Source:
    """Return the call, or its source where nothing about it changed.

    Raises:
        Unreadable: It cannot be a call.
        OSError: A file of it cannot be read.
    """
    entries = [found[path] for path in (*claim.files, claim.transcript) if path is not None]
    if any(entry.bytes == 0 for entry in entries):
        raise Unreadable(claim.item, "empty_file")
    size = sum(entry.bytes for entry in entries)
    modified_ns = max(entry.modified_ns for entry in entries)
    words = "elsewhere" if claim.transcript else transcriber
    stage = f"{STAGE}/{words}/{digest(claim.metadata)}"
    seen = _still(known, claim.item)
    if seen is not None and not _has_its_words(seen.stage, stage):
        seen = None
    if seen is not None and (seen.bytes, seen.modified_ns) == (size, modified_ns):
        return seen
    metadata, content = _content(claim)
    if metadata.started_at is None:
        raise Unreadable(claim.item, "no_time")
    if seen is not None and not claim.transcript and seen.content_hash == content:
        return seen  # touched, or copied again: the same sound
    since = known.noted_ns.get(claim.item, 0)
    source = Source(claim.item, size, modified_ns, content, stage, since)
    return Call(source, claim.files, claim.transcript, metadata)


def _still(known: Known, item: str) -> Source | None:
    """Return the source as it was noted, if what came of it is on record."""
    seen = known.sources.get(item)
    if seen is None or not (known.is_kept(seen) or known.is_settled(item)):
        return None
    return seen


def _content(claim: Claim) -> tuple[Metadata, str]:
    """Return what is known with the transcript's help, and the digest of sound or else of words.

    The manifest knows better than the transcript.
    """
    if claim.transcript is None:
        return claim.metadata, content_hash(claim.files)
    transcript = read_transcript(claim.transcript, item=claim.item)
    metadata = merged(claim.metadata, transcript.metadata)
    return metadata, content_hash(claim.files) if claim.files else transcript.content_hash


def _has_its_words(seen: str, stage: str) -> bool:
    """Whether a call, as it was kept in one stage, need not be heard again in another."""
    return seen == stage or (not seen.startswith(f"{STAGE}/none/") and _same_but_words(seen, stage))


def _same_but_words(one: str, other: str) -> bool:
    """Whether two stages differ in nothing but what makes the words."""
    # What makes the words stands in the middle and may be a path.
    ends = [(stage.partition("/")[0], stage.rpartition("/")[2]) for stage in (one, other)]
    return ends[0] == ends[1]


def _text_file(entry: Found, settings: Settings, known: Known) -> TextFile | Source:
    layout = digest(
        [settings.centre.timezone, settings.intake.columns, settings.intake.assumed_date]
    )
    stage = f"{STAGE}/written/{layout}"
    seen = known.sources.get(entry.item) if known.is_settled(entry.item) else None
    state = (entry.bytes, entry.modified_ns, stage)
    if seen is not None and (seen.bytes, seen.modified_ns, seen.stage) == state:
        return seen
    content = content_hash([entry.path])
    if seen is not None and (seen.stage, seen.content_hash) == (stage, content):
        return seen
    since = known.noted_ns.get(entry.item, 0)
    source = Source(entry.item, entry.bytes, entry.modified_ns, content, stage, since)
    return TextFile(source, entry.path)


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
