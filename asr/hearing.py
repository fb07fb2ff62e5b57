"""A recording, heard: from its files to everything that an interaction keeps of its sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from asr.contour import contours
from asr.parties import contours_of, speech_of
from asr.quality import assess
from asr.recording import describe
from asr.roles import roles, roles_by_sound
from asr.speech import regions
from asr.transcriber import Advance, Job, Transcriber, Transcription
from asr.trust import trust_of
from asr.turns import merge
from asr.waveform import LONGEST_MS, Waveform, read
from asr.written import tidied
from interactions.interaction import Language, Utterance
from interactions.problems import Unreadable
from interactions.sound import Contour, Party, Recording, Span

_BEYOND_MS, _BEYOND_SHARE = 1_000, 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """What a recording holds before anyone looks for words.

    Attributes:
        item: What problems are reported under.
        recording: The recording, its tracks and what the checks found.
        waveform: Its sound; one track where the two were identical.
        regions: Where each track of ``waveform`` carries speech.
        track_contours: Loudness and pitch of each track of ``waveform``.
        speech: The same per party; two tracks of unknown parties are one there.
        contours: Likewise.
    """

    item: str
    recording: Recording
    waveform: Waveform
    regions: tuple[tuple[Span, ...], ...]
    track_contours: tuple[Contour, ...]
    speech: Mapping[Party, tuple[Span, ...]]
    contours: Mapping[Party, Contour]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transcribed:
    """A heard recording with its words.

    Attributes:
        utterances: Of all parties, by time, numbered from 0; dropped ones are among them.
        language: What is spoken.
        transcriber: What made the words; ``none`` where there are none.
        trust: 0 to 1; None where there are no words.
        role_confidence: 0 to 1; None where there are neither words nor known tracks.
        recording: As heard, with ``tracks`` as they turned out (they may be swapped).
        speech: Per party as it turned out.
        contours: Likewise.
    """

    utterances: tuple[Utterance, ...]
    language: Language
    transcriber: str
    trust: float | None
    role_confidence: float | None
    recording: Recording
    speech: Mapping[Party, tuple[Span, ...]]
    contours: Mapping[Party, Contour]

    @property
    def tracks(self) -> tuple[Party, ...]:
        """Who is on which track."""
        return self.recording.tracks


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A heard recording whose words are wanted.

    Attributes:
        heard: From ``listen``.
        language: What is spoken; ``unknown`` lets the recogniser decide.
        prompt: Text that sets vocabulary and style; None leaves the recogniser's own.
    """

    heard: Heard
    language: Language
    prompt: str | None = None


def listen(
    files: Sequence[Path],
    *,
    tracks: Sequence[Party] = (),
    item: str,
    longest_ms: int = LONGEST_MS,
    recording_id: str | None = None,
) -> Heard:
    """Read a recording, check it, and find speech, loudness and pitch.

    Args:
        files: One file, or one per track.
        tracks: Who is on which track; nothing where it is not known. A mono recording described
            by two tracks holds both parties and becomes one ``unknown`` track.
        item: What problems are reported under.
        longest_ms: Longer recordings are set aside.
        recording_id: The content hash where it is known already.

    Raises:
        Unreadable: The recording cannot be used; the code says why.
    """
    waveform = read(files, item=item, longest_ms=longest_ms)
    parties = _parties(tracks, len(waveform.samples), item=item)
    spoken = regions(waveform)
    quality = assess(waveform, spoken)
    if quality.identical_tracks:
        waveform = replace(waveform, samples=waveform.samples[:1])
        parties, spoken = (Party.UNKNOWN,), spoken[:1]
    shapes = contours(waveform, spoken)
    recording = describe(
        files, waveform, tracks=parties, quality=quality, recording_id=recording_id
    )
    return Heard(
        item=item,
        recording=recording,
        waveform=waveform,
        regions=spoken,
        track_contours=shapes,
        speech=speech_of(parties, spoken),
        contours=contours_of(parties, shapes),
    )


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
    inside = [_inside(utterance, duration_ms) for utterance in utterances]
    who = roles_by_sound(heard.recording.tracks, heard.regions, inside)
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
        speech=speech_of(tracks, heard.regions),
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


def _inside(utterance: Utterance, duration_ms: int) -> Utterance:
    words = tuple(
        replace(
            word, start_ms=min(word.start_ms, duration_ms), end_ms=min(word.end_ms, duration_ms)
        )
        for word in utterance.words
    )
    return replace(
        utterance,
        start_ms=min(utterance.start_ms, duration_ms),
        end_ms=min(utterance.end_ms, duration_ms),
        words=words,
    )
