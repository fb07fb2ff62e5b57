"""The sound of a call: as a WAV file that every browser plays and can seek in."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, Response

from console.web.access import NotAllowed, desk_of, may, tell
from console.web.finding_out import interaction_for
from console.web.rendering import page
from console.web.roles import Person
from interactions.problems import Unreadable
from interactions.sound import Recording
from pipelines.desk import Desk

router = APIRouter()
Listener = Annotated[Person, Depends(may("listen"))]
MOST_BYTES = 2 * 2**30
"""Of converted recordings kept for the next listener. Ours: some hundred calls of ten minutes."""


@router.get("/sound")
def sound(request: Request, person: Listener, id: str = "") -> Response:  # noqa: A002 - the field's name
    """Answer with a call's sound; every listen is written down."""
    desk = desk_of(request)
    one = interaction_for(desk, person, id)
    if one.recording is None:
        return page(request, "refused", person, status=404, why="no_sound")
    try:
        path = playable(desk, one.recording)
    except Unreadable:
        return page(request, "refused", person, status=404, why="no_sound")
    if request.headers.get("range", "bytes=0-").startswith("bytes=0-"):
        tell(desk, person.person_id, "listen", about=one.interaction_id)
    return FileResponse(path, media_type="audio/wav")


def playable(desk: Desk, recording: Recording) -> Path:
    """Return the recording as 16-bit PCM, made once and kept while there is room.

    Raises:
        Unreadable: The recording is no longer where it was, or cannot be read.
        NotAllowed: It lies outside the inbox.
    """
    folder = desk.settings.folder / ".sound"
    kept = folder / f"{recording.recording_id}.wav"
    if kept.is_file():
        os.utime(kept)
        return kept
    files = inside(desk.settings.inbox, recording.files)
    folder.mkdir(exist_ok=True)
    _sweep(folder)
    _write(kept, files)
    return kept


def inside(inbox: Path, files: Sequence[Path]) -> list[Path]:
    """Return the files' places in the inbox; what leads out of it is refused."""
    root = inbox.resolve()
    found = [(root / file).resolve() for file in files]
    if not all(one.is_relative_to(root) for one in found):
        raise NotAllowed
    return found


def _write(kept: Path, files: Sequence[Path]) -> None:
    import numpy as np
    import soundfile

    from asr import waveform
    from asr.stored import parts

    heard = waveform.read(files, item=str(files[0]))
    handle, name = tempfile.mkstemp(prefix=".", suffix=".wav", dir=kept.parent)
    os.close(handle)
    try:
        rate, tracks = heard.sample_rate, len(heard.samples)
        with soundfile.SoundFile(name, "w", rate, tracks, subtype="PCM_16") as file:
            for together in zip(*(parts(one, rate) for one in heard.samples), strict=True):
                file.write(np.stack(together, axis=1))
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
