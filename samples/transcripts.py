"""Transcripts made elsewhere: the plain JSON of docs/transcripts.md, and Amazon's shape."""

from __future__ import annotations

import uuid
from random import Random

from interactions.interaction import Language, Word
from samples.layout import Spoken
from samples.recorder import Recorded
from samples.truth import Json

# How sure a good recogniser is of a right word.
_CONFIDENCE = (0.86, 0.99)
_AMAZON_LANGUAGES = {Language.ZH: "zh-CN", Language.EN: "en-US"}
_PUNCTUATION = "，。？！、；：,.?!;:"


def plain(recorded: Recorded) -> Json:
    """Return the transcript in the project's own documented form."""
    rng = Random(recorded.plan.contact.interaction_id)
    return {
        "language": str(recorded.plan.contact.language),
        "transcriber": "sample",
        "duration_ms": recorded.layout.duration_ms,
        "utterances": [
            {
                "party": str(spoken.line.party),
                "start_ms": spoken.start_ms,
                "end_ms": spoken.end_ms,
                "text": spoken.line.text,
                "words": [
                    {
                        "start_ms": word.start_ms,
                        "end_ms": word.end_ms,
                        "text": word.text,
                        "confidence": round(rng.uniform(*_CONFIDENCE), 3),
                    }
                    for word in spoken.words
                ],
            }
            for spoken in recorded.layout.spoken
        ],
    }


def amazon(recorded: Recorded) -> Json:
    """Return it as Amazon Transcribe Call Analytics writes its output file.

    Source: Amazon Transcribe Developer Guide, "Call analytics output" (post-call analytics).
    """
    contact = recorded.plan.contact
    rng = Random(contact.interaction_id)
    return {
        "JobStatus": "COMPLETED",
        "LanguageCode": _AMAZON_LANGUAGES[contact.language],
        "Transcript": [_turn(spoken, rng) for spoken in recorded.layout.spoken],
        "AccountId": "000000000000",
        "Categories": {"MatchedDetails": {}, "MatchedCategories": []},
        "Channel": "VOICE",
        "JobName": contact.interaction_id,
        "Participants": [{"ParticipantRole": "AGENT"}, {"ParticipantRole": "CUSTOMER"}],
        "ConversationCharacteristics": {
            "TotalConversationDurationMillis": recorded.layout.duration_ms
        },
        "ContentMetadata": {"Output": "Raw"},
    }


def _turn(spoken: Spoken, rng: Random) -> Json:
    return {
        "Content": spoken.line.text,
        "ParticipantRole": str(spoken.line.party).upper(),
        "BeginOffsetMillis": spoken.start_ms,
        "EndOffsetMillis": spoken.end_ms,
        "Id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "Items": _items(spoken, rng),
        "Sentiment": "NEUTRAL",
    }


def _items(spoken: Spoken, rng: Random) -> list[Json]:
    """The words in order, each mark behind the word before it, as the service lists them."""
    items: list[Json] = []
    words = iter(spoken.words)
    rest = spoken.line.text
    for word in words:
        before, _, rest = rest.partition(word.text)
        items += [_mark(mark) for mark in before if mark in _PUNCTUATION]
        items.append(_item(word, rng))
    return [*items, *(_mark(mark) for mark in rest if mark in _PUNCTUATION)]


def _item(word: Word, rng: Random) -> Json:
    return {
        "Type": "pronunciation",
        "Confidence": f"{rng.uniform(*_CONFIDENCE):.4f}",
        "Content": word.text,
        "BeginOffsetMillis": word.start_ms,
        "EndOffsetMillis": word.end_ms,
    }


def _mark(mark: str) -> Json:
    return {"Type": "punctuation", "Confidence": "0.0", "Content": mark}
