"""How far recognised words can be believed: what is invented is dropped, and why is kept.

Whisper writes fluent text where nobody speaks: thanks for watching, subtitle credits, one phrase
again and again. Such utterances stay for the audit, with a reason, and no rule sees them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import regex

from interactions.interaction import Utterance
from interactions.text import HAN, normal

_COMPRESSION, _LOGPROB, _NO_SPEECH = 2.4, -1.0, 0.6
"""openai-whisper's own thresholds (``transcribe``: compression_ratio_threshold,
logprob_threshold, no_speech_threshold)."""

UNITS_PER_S = 15.0
"""Fluent Mandarin has 5 to 6 syllables a second (Pellegrino and others, 2011, Language 87), English
as many, and one word is at least one; 15 characters or words a second are said by nobody."""

_LONG_ENOUGH = 8
"""Fewer units are not judged by speed or compression: one sound too short decides nothing."""

_SHORT_REPEATS, _LONG_REPEATS, _LONGEST_LOOP, _LOOP_SHARE = 10, 5, 12, 0.5
"""对对对对对 and no no no are said by people: one unit must come ten times, a longer loop five
times, and make up half of the utterance."""

_PART_OF_LOOP = 4

REASONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "repetition": {
            "zh": "同一内容反复出现，像是识别器的循环",
            "en": "the same words again and again, as a recogniser loops",
        },
        "boilerplate": {
            "zh": "字幕或视频套话，电话里没有人这样说",
            "en": "subtitle or video boilerplate that nobody says on the telephone",
        },
        "no_speech": {
            "zh": "识别器自己认为这里没有人说话",
            "en": "the recogniser itself hears no speech here",
        },
        "low_confidence": {
            "zh": "识别器对这段文字没有把握",
            "en": "the recogniser is not sure of these words",
        },
        "impossible_speed": {
            "zh": "字数多得在这段时间里说不完",
            "en": "more words than can be said in this time",
        },
    }
)
"""Every value of ``Utterance.dropped_because``, in words."""

_BOILERPLATE = regex.compile(
    r"""不吝点赞|明镜(?:与|需要)|点点栏目|打赏支持|中文字幕|amara\.?org
      | 字幕(?:由|by|制作|志愿者|组|提供)
      | (?:请|记得)?(?:点赞)?订阅(?:我的|我们的|本)?频道
      | subtitles?\ by|captions?\ by|transcri(?:bed|ption)\ by|translated\ by
      | (?:like\ and|please|don't\ forget\ to)\ subscribe|subscribe\ to\ (?:my|our|the)\ channel
    """,
    regex.VERBOSE,
)
"""Seen in Whisper's output over silence and music, in public reports of its users."""

_WHOLE_BOILERPLATE = regex.compile(
    r"""(?:谢谢|感谢)(?:大家|您|你|你们)?(?:的)?(?:观看|收看|收听)
      | thank(?:s|\ you)(?:\ (?:so|very)\ much)?\ for\ (?:watching|listening)
        (?:\ (?:to\ )?(?:this|my|the)?\ ?(?:video|channel)?)?
      | (?:音乐|掌声|music|applause|laughter|silence|blank_audio)(?:播放中)?
    """,
    regex.VERBOSE,
)
"""Boilerplate only when it is all there is: within a sentence it may be meant."""

_EDGES = regex.compile(r"^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$")

_TOKENS = regex.compile(rf"[{HAN}]|[^\W{HAN}]+(?:['’][^\W{HAN}]+)?")


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the recogniser says about its own words.

    Attributes:
        logprob: Mean logarithm of the tokens' probabilities.
        no_speech: Probability that there is no speech, 0 to 1.
        is_looping: The whole of what was recognised at once is a loop, of which an utterance may
            be a part too short to show it.
    """

    logprob: float
    no_speech: float
    is_looping: bool = False


def is_doubtful(text: str, logprob: float) -> bool:
    """Tell whether what was recognised at once is to be decoded again, as whisper does.

    Args:
        text: All of it.
        logprob: As in ``Doubt``.
    """
    return logprob < _LOGPROB or compression_ratio(text) > _COMPRESSION


def believable(text: str, logprob: float) -> tuple[bool, float]:
    """Return what puts several tries in order, the best last."""
    return compression_ratio(text) <= _COMPRESSION, logprob


def compression_ratio(text: str) -> float:
    """Return bytes over compressed bytes, as ``whisper.utils.compression_ratio``."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def units(text: str) -> tuple[str, ...]:
    """Return Chinese characters and words in other scripts, in lower case, without the rest."""
    return tuple(match.group().lower() for match in _TOKENS.finditer(text))


def gate(utterance: Utterance, *, speech_ms: int, doubt: Doubt | None = None) -> Utterance:
    """Return the utterance, with ``dropped_because`` set where it cannot be believed.

    Args:
        utterance: As recognised.
        speech_ms: How much speech there is where it was heard.
        doubt: The recogniser's own figures, where it gives them.
    """
    said = units(utterance.text)
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("boilerplate", lambda: is_boilerplate(utterance.text)),
        ("repetition", lambda: is_repetition(utterance.text) or _is_in_loop(said, doubt)),
        ("impossible_speed", lambda: _is_impossible(len(said), speech_ms)),
        ("no_speech", lambda: doubt is not None and _hears_nothing(doubt)),
        ("low_confidence", lambda: doubt is not None and doubt.logprob < _LOGPROB),
    )
    reason = next((code for code, applies in checks if applies()), None)
    return replace(utterance, dropped_because=reason)


def is_boilerplate(text: str) -> bool:
    """Whether a text is what Whisper learned from subtitles, not what is said on the telephone."""
    bare = _EDGES.sub("", normal(text).text)
    if not bare:
        return bool(text.strip())
    return bool(_BOILERPLATE.search(bare) or _WHOLE_BOILERPLATE.fullmatch(bare))


def is_repetition(text: str) -> bool:
    """Whether a text loops: see the thresholds; digits may repeat, as in a telephone number."""
    said = units(text)
    if len(said) < _LONG_ENOUGH:
        return False
    if any(_loops(said, length) for length in range(1, _LONGEST_LOOP + 1)):
        return True
    return compression_ratio(text) > _COMPRESSION and len(set(said)) * 2 < len(said)


def _loops(said: Sequence[str], length: int) -> bool:
    """Whether a loop of ``length`` units comes often enough and fills enough of the utterance."""
    needed = _SHORT_REPEATS if length == 1 else _LONG_REPEATS
    same = 0
    for i in range(length, len(said) + 1):
        if i < len(said) and said[i] == said[i - length]:
            same += 1
            continue
        looped = said[max(0, i - same - length) : i]
        is_number = all(unit.isdigit() for unit in looped)
        if same >= (needed - 1) * length and not is_number:
            return len(looped) >= _LOOP_SHARE * len(said)
        same = 0
    return False


def _is_in_loop(said: Sequence[str], doubt: Doubt | None) -> bool:
    # 嗯, 对 and yes fill whole windows of a listener's track; they are short, a loop's part is not.
    return doubt is not None and doubt.is_looping and len(said) >= _PART_OF_LOOP


def _is_impossible(count: int, speech_ms: int) -> bool:
    return count >= _LONG_ENOUGH and count > UNITS_PER_S * speech_ms / 1000


def _hears_nothing(doubt: Doubt) -> bool:
    # Both, as in openai-whisper: a sure text stands although the model also expects silence.
    return doubt.no_speech > _NO_SPEECH and doubt.logprob < _LOGPROB


def trust_of(utterances: Iterable[Utterance]) -> float | None:
    """Return how far the words can be believed, 0 to 1; None where there are none.

    The mean confidence, each utterance weighted by its characters and words. What was dropped
    counts as 0, since it stands where something may have been said. A source that gives no
    confidence (a person, or a vendor that keeps it) is believed: 1.
    """
    weights, total = 0, 0.0
    for utterance in utterances:
        weight = max(1, len(units(utterance.text)))
        weights += weight
        if utterance.dropped_because is None:
            confidence = 1.0 if utterance.confidence is None else utterance.confidence
            total += weight * confidence
    return round(total / weights, 4) if weights else None
