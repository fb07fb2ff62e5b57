"""A recording, heard: from its files to everything that an interaction keeps of its sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from asr.contour import contours
from asr.edges import tightened
from asr.heard import Heard, Transcribed, Wanted
from asr.leaks import without_leaks
from asr.parties import contours_of, speech_of
from asr.parting import Parted, parted
from asr.quality import assess, is_shared, one_track
from asr.recording import describe
from asr.roles import roles, roles_by_sound
from asr.speech import regions
from asr.stored import IN_MEMORY_BYTES
from asr.transcriber import Advance, Job, Transcriber, Transcription
from asr.trust import trust_of
from asr.turns import inside_of, merge
from asr.voices import Voices, separated
from asr.waveform import LONGEST_MS, Waveform, read
from asr.written import tidied
from interactions.interaction import Language, Utterance
from interactions.problems import Unreadable
from interactions.sound import Contour, Party, Span

__all__ = [
    "Heard",
    "Transcribed",
    "Wanted",
    "attach",
    "listen",
    "transcribe",
    "transcribe_many",
    "wordless",
]

_BEYOND_MS, _BEYOND_SHARE = 1_000, 0.02


def listen(
    files: Sequence[Path],
    *,
    tracks: Sequence[Party] = (),
    item: str,
    longest_ms: int = LONGEST_MS,
    recording_id: str | None = None,
    in_memory_bytes: int = IN_MEMORY_BYTES,
) -> Heard:
    """Read a recording, check it, and find speech, loudness and pitch.

    Args:
        files: One file, or one per track.
        tracks: Who is on which track; nothing where it is not known. A mono recording described
            by two tracks holds both parties and becomes one ``unknown`` track.
        item: What problems are reported under.
        longest_ms: Longer recordings are set aside.
        recording_id: The content hash where it is known already.
        in_memory_bytes: Longer sound is stored in a file and looked at in parts.

    Raises:
        Unreadable: The recording cannot be used; the code says why.
    """
    waveform = read(files, item=item, longest_ms=longest_ms, in_memory_bytes=in_memory_bytes)
    parties = _parties(tracks, len(waveform.samples), item=item)
    found = regions(waveform)
    quality = assess(waveform, found)
    if is_shared(quality):
        waveform = one_track(waveform)
        parties, found = (Party.UNKNOWN,), regions(waveform)
    found = without_leaks(waveform, found)
    spoken = tightened(waveform, found)
    shapes = contours(waveform, spoken)
    recording = describe(
        files, waveform, tracks=parties, quality=quality, recording_id=recording_id
    )
    return Heard(
        item=item,
        recording=recording,
        waveform=waveform,
        regions=found,
        spoken=spoken,
        track_contours=shapes,
        speech=speech_of(parties, spoken),
        contours=contours_of(parties, shapes),
        voices=_voices(waveform, parties, spoken, shapes),
    )


def _voices(
    waveform: Waveform,
    parties: tuple[Party, ...],
    spoken: tuple[tuple[Span, ...], ...],
    shapes: tuple[Contour, ...],
) -> Voices | None:
    if parties != (Party.UNKNOWN,):
        return None
    return separated(waveform.samples[0], waveform.sample_rate, spoken[0], shapes[0])


def transcribe(
    heard: Heard, transcriber: Transcriber, *, language: Language, prompt: str | None = None
) -> Transcribed:
    """Let a recogniser find the words of one recording: ``transcribe_many`` of one.

    Args:
        heard: From ``listen``.
        transcriber: The recogniser.
        language: What is spoken; ``unknown`` lets the recogniser decide.
        prompt: Text that sets vocabulary and style; None leaves the recogniser's own.
    """
    return transcribe_many([Wanted(heard, language, prompt)], transcriber)[0]


def transcribe_many(
    wanted: Sequence[Wanted], transcriber: Transcriber, *, advance: Advance | None = None
) -> tuple[Transcribed, ...]:
    """Let a recogniser find the words, say whose they are, and put them in order.

    Args:
        wanted: The recordings.
        transcriber: The recogniser; it may work on parts of several recordings at once.
        advance: Told how much of the speech is done.
    """
    jobs = [Job(one.heard.waveform, one.heard.regions, one.language, one.prompt) for one in wanted]
    found = transcriber.transcribe_many(jobs, advance=advance)
    return tuple(
        _worded(one.heard, transcription, transcriber.name)
        for one, transcription in zip(wanted, found, strict=True)
    )


def _worded(heard: Heard, found: Transcription, transcriber: str) -> Transcribed:
    said = [tidied(utterances) for utterances in found.tracks]
    apart = parted(heard.voices, said[0])
    if apart is not None:
        return _by_voice(heard, apart, language=found.language, transcriber=transcriber)
    who = roles(heard.recording.tracks, said)
    named = [
        [replace(utterance, party=party) for utterance in utterances]
        for party, utterances in zip(who.tracks, said, strict=True)
    ]
    has_words = any(named)
    known = has_words or Party.UNKNOWN not in who.tracks
    return _transcribed(
        heard,
        merge(named),
        language=found.language,
        transcriber=transcriber if has_words else "none",
        tracks=who.tracks,
        role_confidence=who.confidence if known else None,
    )


def attach(
    heard: Heard, utterances: Sequence[Utterance], *, language: Language, transcriber: str
) -> Transcribed:
    """Join a transcript made elsewhere with the sound it belongs to.

    Its times are kept; what ends at most 1 s or 2 % after the sound is clipped. Where the tracks
    hold one party each, the transcript's parties are laid beside where each track has speech:
    tracks that fit only crossed are swapped, and tracks that were unknown get their party.

    Args:
        heard: From ``listen``.
        utterances: With their party and times.
        language: What is spoken.
        transcriber: What made the words.

    Raises:
        Unreadable: ``words_beyond_sound``: the words run on after the sound has ended.
    """
    if not utterances:
        return wordless(heard, language=language)
    duration_ms = heard.recording.duration_ms
    last_ms = max(utterance.end_ms for utterance in utterances)
    if last_ms - duration_ms > max(_BEYOND_MS, _BEYOND_SHARE * duration_ms):
        raise Unreadable(
            heard.item,
            "words_beyond_sound",
            words_seconds=round(last_ms / 1000, 1),
            seconds=round(duration_ms / 1000, 1),
        )
    inside = [inside_of(utterance, duration_ms) for utterance in utterances]
    apart = parted(heard.voices, inside)
    if apart is not None:
        return _by_voice(heard, apart, language=language, transcriber=transcriber)
    who = roles_by_sound(heard.recording.tracks, heard.spoken, inside)
    return _transcribed(
        heard,
        merge([inside]),
        language=language,
        transcriber=transcriber,
        tracks=who.tracks,
        role_confidence=who.confidence,
    )


def wordless(heard: Heard, *, language: Language = Language.UNKNOWN) -> Transcribed:
    """Return a recording without words: timing and voice can be inspected, wording cannot."""
    tracks = heard.recording.tracks
    known = Party.UNKNOWN not in tracks
    return _transcribed(
        heard,
        (),
        language=language,
        transcriber="none",
        tracks=tracks,
        role_confidence=roles(tracks, [()] * len(tracks)).confidence if known else None,
    )


def _by_voice(heard: Heard, apart: Parted, *, language: Language, transcriber: str) -> Transcribed:
    """Return a mono recording with its two voices as parties; it stays one unknown track."""
    whole = _transcribed(
        heard,
        apart.utterances,
        language=language,
        transcriber=transcriber,
        tracks=heard.recording.tracks,
        role_confidence=apart.confidence,
    )
    spans = heard.voices.spans if heard.voices else ()
    shapes = heard.track_contours * len(spans)
    return replace(
        whole,
        speech=speech_of(apart.parties, spans),
        contours=contours_of(apart.parties, shapes),
    )


def _transcribed(
    heard: Heard,
    utterances: tuple[Utterance, ...],
    *,
    language: Language,
    transcriber: str,
    tracks: tuple[Party, ...],
    role_confidence: float | None,
) -> Transcribed:
    return Transcribed(
        utterances=utterances,
        language=language,
        transcriber=transcriber,
        trust=trust_of(utterances),
        role_confidence=role_confidence,
        recording=replace(heard.recording, tracks=tracks),
        speech=speech_of(tracks, heard.spoken),
        contours=contours_of(tracks, heard.track_contours),
    )


def _parties(tracks: Sequence[Party], found: int, *, item: str) -> tuple[Party, ...]:
    if not tracks:
        return (Party.UNKNOWN,) * found
    if len(tracks) == found:
        return tuple(tracks)
    if found == 1:
        return (Party.UNKNOWN,)
    raise Unreadable(item, "tracks_mismatch", given=len(tracks), found=found)
