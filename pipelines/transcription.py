"""From a call of the inbox to an interaction: hear it, then write down or attach its words."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from asr import hearing
from asr.hearing import Heard, Transcribed
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

# Two tracks of G.711: 8 000 samples a second of one byte each (ITU-T G.711). Other codecs are
# denser, so their shards hold more minutes: an estimate that costs no look into the file.
BYTES_PER_MINUTE = 2 * 8_000 * 60
MS_PER_MINUTE = 60_000
# A transcript's own speaker labels, believed as much as `asr.hearing.attach` believes them where no
# sound can confirm them.
ROLES_TOLD = 0.9
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HeardCalls:
    """What became of some calls: every call is in exactly one of the two."""

    interactions: tuple[Interaction, ...]
    set_aside: tuple[Unreadable, ...]


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
    """Hear each call; one that cannot be heard is set aside and the others go on."""
    kept: list[Interaction] = []
    aside: list[Unreadable] = []
    for call in calls:
        try:
            kept.append(hear(call, settings, transcriber))
        except Unreadable as problem:
            aside.append(problem)
        except Exception as error:  # noqa: BLE001 - a mistake of ours must not cost a night
            _LOG.exception("unexpected error")
            aside.append(Unreadable(call.item, "unexpected", error=type(error).__name__))
        current().advance(1)
    return HeardCalls(tuple(kept), tuple(aside))


def hear(call: Call, settings: Settings, transcriber: Transcriber | None) -> Interaction:
    """Return the call as an interaction.

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
    words = _worded(heard, read, transcriber)
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


def _worded(heard: Heard, read: Interaction, transcriber: Transcriber | None) -> Transcribed:
    if read.utterances:
        return hearing.attach(
            heard, read.utterances, language=read.language, transcriber=read.transcriber
        )
    if transcriber is None:
        return hearing.wordless(heard, language=read.language)
    return hearing.transcribe(heard, transcriber, language=read.language)
