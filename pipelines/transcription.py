"""From a call of the inbox to an interaction: hear it, then write down or attach its words."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from asr import hearing
from asr.hearing import Heard, Transcribed, Wanted
from asr.transcriber import Transcriber
from asr.trust import trust_of
from interactions.interaction import Channel, Interaction, Language
from interactions.metadata import Metadata
from interactions.problems import Unreadable
from interactions.sound import Party
from interactions.vendors.catalogue import Transcript, read_transcript
from pipelines.intake import Call
from pipelines.progress import current
from pipelines.settings import Settings, SpeechSettings
from pipelines.terms import prompt_of

# Two tracks of G.711: 8 000 samples a second of one byte each (ITU-T G.711). Other codecs are
# denser, so their shards hold more minutes: an estimate that costs no look into the file.
BYTES_PER_MINUTE = 2 * 8_000 * 60
MS_PER_MINUTE = 60_000
# A transcript's own speaker labels, believed as much as `asr.hearing.attach` believes them where no
# sound can confirm them.
ROLES_TOLD = 0.9
# Sound held at once for the recogniser: half an hour of two tracks at 8 kHz is 115 MB, and holds
# several batches of windows. A longer call is heard alone.
TOGETHER_MS = 30 * MS_PER_MINUTE
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HeardCalls:
    """What became of some calls: every call is in exactly one of the two."""

    interactions: tuple[Interaction, ...]
    set_aside: tuple[Unreadable, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A call whose sound is known and whose words are not."""

    call: Call
    read: Interaction
    heard: Heard
    transcriber: Transcriber


def transcriber_of(speech: SpeechSettings) -> Transcriber | None:
    """Load the centre's recogniser; None where it has none.

    Raises:
        asr.weights.WeightsError: The weights are not there; the message says how to get them.
    """
    if speech.weights == "none":
        return None
    # Here and not above: PyTorch takes seconds to import, and a night without weights needs none.
    from asr.whisper_engine import Options, load  # noqa: PLC0415

    name = "" if speech.weights == "packaged" else speech.weights
    return load(name, options=Options(device=speech.device))


def shards(calls: Iterable[Call], *, minutes: int) -> Iterator[tuple[Call, ...]]:
    """Group calls, in order, into shards of about ``minutes`` of two-track telephone sound.

    A shard is closed by what it holds itself, never by what comes after it: when some shards are
    finished and the rest is planned again, the rest comes out the same.
    """
    shard: list[Call] = []
    size = 0
    for call in calls:
        shard.append(call)
        size += call.source.bytes
        if size >= minutes * BYTES_PER_MINUTE:
            yield tuple(shard)
            shard, size = [], 0
    if shard:
        yield tuple(shard)


def hear_all(
    calls: Sequence[Call], settings: Settings, transcriber: Transcriber | None
) -> HeardCalls:
    """Hear each call; one that cannot be heard is set aside and the others go on.

    The recogniser is given several calls at once, as many as memory is meant to hold: parts of
    different calls then share its batches.
    """
    done: list[Interaction | Unreadable | None] = [None] * len(calls)
    waiting: dict[int, _Waiting] = {}
    for at, call in enumerate(calls):
        prepared = _prepared_or_problem(call, settings, transcriber)
        if not isinstance(prepared, _Waiting):
            done[at] = prepared
            current().advance(1)
            continue
        waiting[at] = prepared
        if _length_ms(waiting.values()) >= TOGETHER_MS:
            _finish(waiting, done, settings)
    _finish(waiting, done, settings)
    return HeardCalls(
        tuple(one for one in done if isinstance(one, Interaction)),
        tuple(one for one in done if isinstance(one, Unreadable)),
    )


def _length_ms(waiting: Iterable[_Waiting]) -> int:
    return sum(one.heard.recording.duration_ms for one in waiting)


def _finish(
    waiting: dict[int, _Waiting], done: list[Interaction | Unreadable | None], settings: Settings
) -> None:
    """Hear what waits, and write it where it belongs."""
    for at, one in zip(waiting, _worded([*waiting.values()], settings), strict=True):
        done[at] = one
        current().advance(1)
    waiting.clear()


def _prepared_or_problem(
    call: Call, settings: Settings, transcriber: Transcriber | None
) -> Interaction | _Waiting | Unreadable:
    try:
        return _prepared(call, settings, transcriber)
    except Exception as error:  # noqa: BLE001 - a mistake of ours must not cost a night
        return _problem(call, error)


def _problem(call: Call, error: Exception) -> Unreadable:
    if isinstance(error, Unreadable):
        return error
    _LOG.error("unexpected error", exc_info=error)
    return Unreadable(call.item, "unexpected", error=type(error).__name__)


def _prepared(
    call: Call, settings: Settings, transcriber: Transcriber | None
) -> Interaction | _Waiting:
    """Return the call as an interaction, or what the recogniser has to be asked.

    Raises:
        Unreadable: The sound or the transcript cannot be read, or no start time is known.
    """
    transcript = None
    if call.transcript is not None:
        transcript = read_transcript(call.transcript, item=call.item)
    read = _read(call, settings, transcript)
    if not call.files:
        return read
    heard = hearing.listen(
        call.files,
        tracks=_tracks(call.metadata, settings),
        item=call.item,
        longest_ms=settings.intake.longest_minutes * MS_PER_MINUTE,
        recording_id=call.source.content_hash,
    )
    if read.utterances:
        words = hearing.attach(
            heard, read.utterances, language=read.language, transcriber=read.transcriber
        )
        return _joined(call, read, words, settings)
    if transcriber is None:
        return _joined(call, read, hearing.wordless(heard, language=read.language), settings)
    return _Waiting(call, read, heard, transcriber)


def _worded(waiting: Sequence[_Waiting], settings: Settings) -> list[Interaction | Unreadable]:
    """Let the recogniser hear several calls; where that fails, each on its own."""
    if not waiting:
        return []
    wanted = [_wanted(one, settings) for one in waiting]
    try:
        words = hearing.transcribe_many(wanted, waiting[0].transcriber)
    except Exception as error:  # noqa: BLE001 - one call's mistake must not cost the others
        if len(waiting) == 1:
            return [_problem(waiting[0].call, error)]
        return [found for one in waiting for found in _worded([one], settings)]
    return [
        _joined(one.call, one.read, found, settings)
        for one, found in zip(waiting, words, strict=True)
    ]


def _wanted(one: _Waiting, settings: Settings) -> Wanted:
    return Wanted(one.heard, one.read.language, prompt_of(settings, one.read.queue))


def _joined(call: Call, read: Interaction, words: Transcribed, settings: Settings) -> Interaction:
    return replace(
        read,
        duration_ms=words.recording.duration_ms,
        language=words.language,
        utterances=words.utterances,
        recording=replace(words.recording, files=_relative(call, settings)),
        speech=words.speech,
        contours=words.contours,
        transcriber=words.transcriber,
        trust=words.trust,
        role_confidence=words.role_confidence,
    )


def _read(call: Call, settings: Settings, transcript: Transcript | None) -> Interaction:
    """Return what is known of the call before its sound is heard."""
    known = call.metadata
    if known.started_at is None:
        raise Unreadable(call.item, "no_time")
    utterances = transcript.utterances if transcript else ()
    return Interaction(
        interaction_id=call.interaction_id,
        channel=known.channel or Channel.VOICE,
        started_at=known.started_at,
        duration_ms=transcript.duration_ms if transcript else 0,
        source=call.item,
        content_hash=call.source.content_hash,
        language=_language(known, settings, transcript),
        agent=known.agent,
        team=known.team,
        queue=known.queue,
        customer=known.customer,
        product=known.product,
        attributes=known.attributes,
        utterances=utterances,
        transcriber=transcript.transcriber if transcript else "none",
        trust=trust_of(utterances),
        role_confidence=ROLES_TOLD if utterances else None,
    )


def _relative(call: Call, settings: Settings) -> tuple[Path, ...]:
    """Return the call's files as they are kept: a centre's folder may move to another place."""
    return tuple(file.relative_to(settings.inbox) for file in call.files)


def _tracks(known: Metadata, settings: Settings) -> tuple[Party, ...]:
    if known.tracks or settings.intake.agent_track == 0:
        return known.tracks
    agent_first = (Party.AGENT, Party.CUSTOMER)
    return agent_first if settings.intake.agent_track == 1 else agent_first[::-1]


def _language(known: Metadata, settings: Settings, transcript: Transcript | None) -> Language:
    if known.language is not None:
        return known.language
    if transcript is not None:
        return transcript.language
    set_for_all = settings.speech.language
    return Language.UNKNOWN if set_for_all == "auto" else Language(set_for_all)
