"""The sound of a call: as a WAV file that every browser plays and can seek in."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, Response

from console.web.access import NotAllowed, desk_of, may, tell
from console.web.finding_out import interaction_for
from console.web.rendering import page
from console.web.roles import Person
from interactions.interaction import Interaction
from interactions.problems import Unreadable
from interactions.sound import Recording
from pipelines.desk import Desk
from pipelines.redaction import cover, has_words, hidden_times, redaction_of
from warehouse.keys import keys_of
from warehouse.read import said
from warehouse.said import Audit

router = APIRouter()
Listener = Annotated[Person, Depends(may("listen"))]
WAV = "audio/wav"
_RANGE = re.compile("bytes=([0-9]{0,15})-([0-9]{0,15})")
MOST_BYTES = 2 * 2**30
"""Of converted recordings kept for the next listener. Ours: some hundred calls of ten minutes."""


REVEALED_FOR = timedelta(hours=8)
"""How long whoever revealed an interaction hears it uncovered. Ours: a shift."""


@router.get("/sound")
def sound(
    request: Request,
    person: Listener,
    id: str = "",  # noqa: A002 - the field's name
    clear: str = "",
) -> Response:
    """Answer with a call's sound, what is personal covered by a tone; every listen is written down.

    Uncovered it is heard only by whoever has revealed it and said what for.
    """
    desk = desk_of(request)
    one = interaction_for(desk, person, id)
    if one.recording is None:
        return page(request, "refused", person, status=404, why="no_sound")
    is_clear = clear == "1" and _has_revealed(desk, person, id)
    if not (is_clear or has_words(one)):
        return page(request, "refused", person, status=403, why="unread_sound")
    try:
        path = playable(desk, one.recording) if is_clear else covered(desk, one, one.recording)
    except Unreadable:
        return page(request, "refused", person, status=404, why="no_sound")
    if request.headers.get("range", "bytes=0-").startswith("bytes=0-"):
        detail = "clear" if is_clear else ""
        tell(desk, person.person_id, "listen", about=one.interaction_id, detail=detail)
    found = sound_in(desk, path)
    if isinstance(found, Path):
        return FileResponse(found, media_type=WAV)
    return ranged(found.getvalue(), request.headers.get("range", ""))


def _has_revealed(desk: Desk, person: Person, interaction_id: str) -> bool:
    since = datetime.now(UTC) - REVEALED_FOR
    told = said(desk.warehouse, Audit, about=interaction_id, said_by=person.person_id)
    return person.may("reveal") and any(a.act == "reveal" and a.said_at >= since for a in told)


def covered(desk: Desk, one: Interaction, recording: Recording) -> Path:
    """Return the recording with a tone over what is personal, made once for the same words.

    Raises:
        Unreadable: As ``playable``.
        NotAllowed: As ``playable``.
    """
    times = hidden_times(one, redaction_of(one))
    plain = playable(desk, recording)
    if not times:
        return plain
    key = sha256(repr(times).encode()).hexdigest()[:16]
    kept = plain.with_name(f"{recording.recording_id}-{key}.wav")
    if not kept.is_file():
        sound = sound_in(desk, plain)
        _keep(desk, kept, lambda file: cover(sound, file, times))
    os.utime(kept)
    return kept


def playable(desk: Desk, recording: Recording) -> Path:
    """Return the recording as 16-bit PCM, made once and kept while there is room.

    Raises:
        Unreadable: The recording is no longer where it was, or cannot be read.
        NotAllowed: It lies outside the inbox.
    """
    folder = desk.settings.sound
    kept = folder / f"{recording.recording_id}.wav"
    if kept.is_file():
        os.utime(kept)
        return kept
    files = inside(desk.settings.inbox, recording.files)
    folder.mkdir(exist_ok=True)
    _sweep(folder)
    _write(desk, kept, files)
    return kept


def sound_in(desk: Desk, kept: Path) -> Path | BytesIO:
    """Return a kept file to read the sound from: itself, or in memory where it is sealed."""
    keys = keys_of(desk.settings.folder)
    return kept if keys is None else BytesIO(keys.opened(kept.read_bytes(), kept.name))


def ranged(content: bytes, asked: str) -> Response:
    """Answer with content, or with the one range of it that is asked for (RFC 9110, 14)."""
    headers = {"accept-ranges": "bytes"}
    match = _RANGE.fullmatch(asked)
    if match is None:
        return Response(content, media_type=WAV, headers=headers)
    size = len(content)
    start, end = (int(number) if number else None for number in match.groups())
    if start is None:
        start, end = max(0, size - (end or 0)), None
    last = size - 1 if end is None else min(end, size - 1)
    if start > last:
        return Response(status_code=416, headers={"content-range": f"bytes */{size}"})
    headers["content-range"] = f"bytes {start}-{last}/{size}"
    return Response(content[start : last + 1], status_code=206, media_type=WAV, headers=headers)


def inside(inbox: Path, files: Sequence[Path]) -> list[Path]:
    """Return the files' places in the inbox; what leads out of it is refused."""
    root = inbox.resolve()
    found = [(root / file).resolve() for file in files]
    if not all(one.is_relative_to(root) for one in found):
        raise NotAllowed
    return found


def _write(desk: Desk, kept: Path, files: Sequence[Path]) -> None:
    from asr import waveform

    heard = waveform.read(files, item=str(files[0]))
    _keep(desk, kept, lambda file: waveform.write_wav(heard, file))


def _keep(desk: Desk, kept: Path, write: Callable[[Path | BytesIO], None]) -> None:
    """Have a file written aside; of an encrypted centre nothing of it is on the disk unsealed."""
    keys = keys_of(desk.settings.folder)
    with _aside(kept) as name:
        if keys is None:
            write(name)
            return
        content = BytesIO()
        write(content)
        name.write_bytes(keys.sealed(content.getvalue(), kept.name))


@contextmanager
def _aside(kept: Path) -> Iterator[Path]:
    """Yield a file that becomes ``kept`` when it is whole."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".wav", dir=kept.parent)
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(kept)
    finally:
        Path(name).unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what was listened to longest ago, down to ``MOST_BYTES``."""
    kept = sorted(folder.glob("*.wav"), key=lambda one: one.stat().st_mtime, reverse=True)
    room = MOST_BYTES
    for one in kept:
        room -= one.stat().st_size
        if room < 0:
            one.unlink(missing_ok=True)
