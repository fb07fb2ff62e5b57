"""A transcript as text, JSON or subtitles, and the file that it is written to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asr.hearing import Transcribed
from console.json_output import as_json
from console.messages.texts import Texts, clean
from console.session import clock
from interactions.sound import Party
from interactions.subtitles import srt, vtt
from pipelines.discretion import without_identifiers

FORMATS = {"text": ".txt", "json": ".json", "srt": ".srt", "vtt": ".vtt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One recording, written down.

    Attributes:
        path: Its file.
        words: What was said.
        took_s: Seconds from opening the file to its last word.
    """

    path: Path
    words: Transcribed
    took_s: float

    @property
    def sound_s(self) -> float:
        """Length of the recording in seconds."""
        return self.words.recording.duration_ms / 1000

    @property
    def dropped(self) -> Counter[str]:
        """Utterances that are not believed, by reason."""
        codes = (one.dropped_because for one in self.words.utterances)
        return Counter(code for code in codes if code is not None)


def rendered(written: Written, form: str, texts: Texts) -> str:
    """Return a transcript as text of one of ``FORMATS``."""
    if form == "json":
        return as_json(as_record(written)) + "\n"
    if form == "text":
        return _text(written, texts)
    write = srt if form == "srt" else vtt
    return write(written.words.utterances, lambda party: _name(party, texts))


def as_record(written: Written) -> dict[str, Any]:
    """Return a transcript for a script."""
    words = written.words
    return {
        "file": without_identifiers(str(written.path)),
        "duration_ms": words.recording.duration_ms,
        "language": words.language,
        "transcriber": words.transcriber,
        "trust": words.trust,
        "role_confidence": words.role_confidence,
        "tracks": words.tracks,
        "codec": words.recording.codec,
        "sample_rate": words.recording.sample_rate,
        "real_time_factor": round(written.took_s / max(written.sound_s, 0.001), 4),
        "utterances": words.utterances,
    }


def places(paths: Iterable[Path], folder: Path, form: str) -> list[Path]:
    """Return the file that each transcript is written to; no two are the same."""
    taken: set[str] = set()
    found = []
    for path in paths:
        stem = path.stem or "transcript"
        name, number = f"{stem}{FORMATS[form]}", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}{FORMATS[form]}"
        taken.add(name.casefold())
        found.append(folder / name)
    return found


def _text(written: Written, texts: Texts) -> str:
    lines = []
    for said in written.words.utterances:
        if said.dropped_because is not None:
            continue
        name = _name(said.party, texts)
        who = f"  {name}" if name else ""
        lines.append(f"{clock(said.start_ms)}{who}  {clean(said.text)}\n")
    return "".join(lines)


def _name(party: Party, texts: Texts) -> str:
    return "" if party is Party.UNKNOWN else texts(f"party.{party.value}")
