"""One recording written down by itself: no centre, no inbox, no warehouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from asr import hearing
from asr.hearing import Transcribed, Wanted
from asr.recording import header_ms
from asr.transcriber import Transcriber
from asr.waveform import LONGEST_MS
from interactions.interaction import Language
from interactions.sound import Party

Share = Callable[[float], None]
"""Told how much of a recording is done, 0 to 1."""

_GUESSED_BYTES_PER_S = 16_000
"""Of a file whose header tells no length: two tracks of G.711."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictation:
    """What is known of the recordings beforehand.

    Attributes:
        language: What is spoken; ``unknown`` lets the recogniser decide for each recording.
        tracks: Who is on which track; nothing where it is not known.
        prompt: Text that sets vocabulary and style.
        longest_ms: Longer recordings are refused.
    """

    language: Language = Language.UNKNOWN
    tracks: tuple[Party, ...] = ()
    prompt: str | None = None
    longest_ms: int = LONGEST_MS


def dictate(path: Path, transcriber: Transcriber, given: Dictation, *, share: Share) -> Transcribed:
    """Write one recording down.

    Args:
        path: The file.
        transcriber: The recogniser.
        given: What is known beforehand.
        share: Told how far it has come.

    Raises:
        Unreadable: The recording cannot be used; the code says why.
    """
    heard = hearing.listen([path], tracks=given.tracks, item=str(path), longest_ms=given.longest_ms)
    speech_ms = max(1, sum(span.duration_ms for spans in heard.regions for span in spans))
    done_ms = 0

    def advance(more_ms: int) -> None:
        nonlocal done_ms
        done_ms += more_ms
        share(min(1.0, done_ms / speech_ms))

    wanted = Wanted(heard, given.language, given.prompt)
    return hearing.transcribe_many([wanted], transcriber, advance=advance)[0]


def lengths_ms(paths: Sequence[Path]) -> list[int]:
    """Return how long each file is by its header, or by its size where no header says it."""
    return [_length_ms(path) for path in paths]


def _length_ms(path: Path) -> int:
    told = header_ms(path)
    if told is not None:
        return told
    try:
        return path.stat().st_size * 1000 // _GUESSED_BYTES_PER_S
    except OSError:
        return 0
