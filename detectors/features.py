"""What detectors look at: one interaction, with each shared thing computed at most once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TypeVar, cast

import numpy as np

from detectors.evidence import Need
from detectors.levels import Level, loudness, pitch
from detectors.lexicon import Lexicon
from detectors.mood.clauses import Readings, shipped_clauses
from detectors.mood.discontent import Discontent, Given, discontents, whole_discontent
from detectors.mood.mood import Mood, shipped
from detectors.mood.scoring import score, total, unsettled
from detectors.overlaps import Mask, Overlaps, overlaps
from detectors.phrases import Hit, PhraseSet, by_utterance
from detectors.reason.taxonomy import Taxonomy
from detectors.reason.taxonomy_reading import shipped as shipped_taxonomy
from detectors.timeline import gaps, joined
from detectors.voice.activation import VoicedTurn, voiced_turns
from detectors.voice.line import is_narrow
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.normal_texts import NormalTexts, normal_texts
from interactions.sound import Contour, Party, Span
from interactions.text import language_of

TRUST_FLOOR = 0.5
"""Below this trust (0 to 1) nothing is said from words that are missing. Ours: at one word in two
heard wrong, exact wording is found less often than not (0.57 of phrases at 15 % character errors).
"""
ROLE_FLOOR = 0.6
"""Below this confidence (0 to 1) agent and customer count as unknown. Ours: 0.5 is a coin toss."""
BRIDGE_MS = 300
"""Pauses up to this long do not end one's own turn at speech. Source: call-ai-metrics 0.1.0."""

CLIPPED = 0.01
"""From this share of samples at the rail on a track's levels are not believed. Ours: speech is
silent for half of its time and near its peaks for a tenth, so every tenth peak is cut."""

ALIKE = 0.6
"""Share of pairs of characters that makes a repeat. Source: Alibaba SCA's repeat detection."""
LEAST_PAIRS = 3
"""Utterances of fewer pairs repeat nothing; ours."""

PERSONS = (Party.AGENT, Party.CUSTOMER)

T = TypeVar("T")


class CannotTell(Exception):  # noqa: N818 - the detector's answer, not an error
    """Raised by a detector that has what it needs but not enough of it.

    Args:
        because: Code of ``detectors.because.NOT_MEASURED``.
    """

    def __init__(self, because: str) -> None:
        self.because = because
        super().__init__(because)


class Features:
    """One interaction as detectors see it.

    Args:
        interaction: What is inspected.
        lexicon: The plan's automaton; its sets are all found in one pass. A set that it does not
            hold costs a pass of its own.
        mood: The mood words and what was fitted to the centre; the shipped ones by default.
        taxonomy: What interactions can be about; the shipped one by default.
    """

    def __init__(
        self,
        interaction: Interaction,
        lexicon: Lexicon | None = None,
        mood: Mood | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> None:
        self.interaction = interaction
        self.taxonomy = taxonomy or shipped_taxonomy()
        self._mood = mood or shipped()
        self.utterances: tuple[Utterance, ...] = interaction.spoken()
        self._lexicon = lexicon or Lexicon(())
        self._loudness: dict[Party, Level | None] = {}
        self._pitch: dict[Party, Level | None] = {}
        self._word_places: dict[int, tuple[int, ...] | None] = {}
        self._made: dict[Hashable, object] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return ``make()``, called at most once for this interaction and ``key``."""
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])

    @property
    def is_written(self) -> bool:
        """Whether this is a chat, an e-mail or a ticket."""
        return self.interaction.channel is not Channel.VOICE

    @property
    def roles_known(self) -> bool:
        """Whether it is known who is agent and who is customer."""
        return self._met[Need.ROLES]

    @cached_property
    def language(self) -> Language:
        """What language the words are in: as the interaction says, else by their script."""
        told = self.interaction.language
        if told is not Language.UNKNOWN or not self.utterances:
            return told
        return language_of("\n".join(u.text for u in self.utterances))

    @cached_property
    def normal(self) -> NormalTexts:
        """The normal form of each utterance in use."""
        return normal_texts([u.text for u in self.utterances])

    @cached_property
    def _hits(self) -> dict[PhraseSet, list[Hit]]:
        return dict(self._found(self._lexicon))

    def _found(self, lexicon: Lexicon) -> Mapping[PhraseSet, list[Hit]]:
        has_doubts = any(w.confidence is not None for u in self.utterances for w in u.words[:1])
        return lexicon.hits(
            self.normal.texts,
            parties=[u.party for u in self.utterances],
            spoken=not self.is_written,
            sure=self._sure if has_doubts else None,
        )

    def _sure(self, index: int, start: int, end: int) -> float | None:
        """Return the recogniser's mean confidence in the words of normal ``[start, end)``."""
        utterance = self.utterances[index]
        span = self.span_of(utterance, *self.normal.original(index, start, end))
        known = [
            word.confidence
            for word in utterance.words
            if word.confidence is not None
            and word.start_ms < span.end_ms
            and word.end_ms > span.start_ms
        ]
        return sum(known) / len(known) if known else None

    @property
    def heard(self) -> Mapping[PhraseSet, Sequence[Hit]]:
        """The hits of each set of the plan that has any."""
        return self._hits

    def hits(self, words: PhraseSet) -> list[Hit]:
        """Return the places of one set's phrases, in order."""
        found = self._hits.get(words)
        if found is None and words.phrases and words not in self._lexicon.sets:
            found = self._hits[words] = self._found(_lexicon_of(words)).get(words, [])
        return found or []

    @property
    def is_fitted(self) -> bool:
        """Whether mood is read with what was fitted to the centre's own labels."""
        return not self._mood.learned.is_nothing

    @cached_property
    def _mood_hits(self) -> Mapping[int, Sequence[Hit]]:
        return by_utterance(self.hits(self._mood.words.phrases))

    @cached_property
    def mood_sums(self) -> tuple[float | None, ...]:
        """Sum of the mood words of each utterance in use; None where it is too short to score."""
        words, moods = self._mood.words, self._mood_hits
        turns = by_utterance(self.hits(words.contrast))
        return tuple(
            total(text, moods.get(i, ()), turns.get(i, ()), words)
            for i, text in enumerate(self.normal.texts)
        )

    @cached_property
    def clauses(self) -> Readings:
        """What the clause model reads in each utterance in use."""
        words, moods = self._mood.words, self._mood_hits
        texts, settled = list(self.normal.texts), words.settled
        for i in {hit.utterance for hit in self.hits(words.phrases) if hit.which in settled}:
            texts[i] = unsettled(texts[i], moods[i], words)
        return shipped_clauses().read(texts)

    @cached_property
    def sentiment(self) -> tuple[float | None, ...]:
        """Score of each utterance in use, −5 to +5; None where it is too short to score."""
        pairs = zip(self.mood_sums, self.clauses.mood, strict=True)
        return tuple(None if words is None else score(words + read) for words, read in pairs)

    @cached_property
    def discontents(self) -> tuple[Discontent, ...]:
        """How dissatisfied the customer is in each of their utterances, in order."""
        sums = [found or 0.0 for found in self.mood_sums]
        texts = self.normal.texts
        again = self.customer_says_again
        made = Given(texts, sums, self.clauses.discontent, again)
        return discontents(self.utterances, made, self._mood.learned)

    @cached_property
    def overlaps(self) -> Overlaps:
        """How much of each utterance in use stands in an earlier one."""
        return overlaps(self.normal.texts)

    def said_by(self, party: Party) -> Mask:
        """Return which utterances in use are the party's, bool[utterances]."""
        return self.once(
            ("said by", party),
            lambda: np.array([u.party is party for u in self.utterances], np.bool_),
        )

    @cached_property
    def customer_says_again(self) -> frozenset[int]:
        """Which utterances in use, of the customer's, say again what the customer said before."""
        own = self.said_by(Party.CUSTOMER)
        return self.overlaps.repeating(own, share=ALIKE, pairs=LEAST_PAIRS)

    @cached_property
    def discontent(self) -> float | None:
        """How dissatisfied the customer is in all; None where none said anything."""
        return whole_discontent(self.discontents, self.normal.texts, self._mood.learned)

    def calibrated(self, discontent: float) -> float | None:
        """Return the logit of ``discontent`` by the centre's own labels; None without any."""
        learned = self._mood.learned
        return learned.slope * discontent + learned.intercept if self.is_fitted else None

    @cached_property
    def speech(self) -> Mapping[Party, tuple[Span, ...]]:
        """Where each party speaks, in order and merged where regions touch."""
        return {p: joined(spans) for p, spans in sorted(self.interaction.speech.items())}

    @cached_property
    def turns(self) -> Mapping[Party, tuple[Span, ...]]:
        """As ``speech``, with a party's own pauses up to ``BRIDGE_MS`` closed."""
        return {p: joined(spans, bridge_ms=BRIDGE_MS) for p, spans in self.speech.items()}

    @cached_property
    def anyone(self) -> tuple[Span, ...]:
        """Where at least one party speaks."""
        return joined(span for spans in self.speech.values() for span in spans)

    @cached_property
    def silences(self) -> tuple[Span, ...]:
        """Where nobody speaks, between the first speech and the last.

        Ringing, queue and what comes after hanging up are no silence of the talk.
        """
        if not self.anyone:
            return ()
        return gaps(self.anyone, self.anyone[0].start_ms, self.anyone[-1].end_ms)

    def loudness(self, party: Party) -> Level | None:
        """Return the party's smoothed level in its own speech; None without a contour."""
        if party not in self._loudness:
            self._loudness[party] = loudness(
                self.interaction.contours.get(party), self.speech.get(party, ())
            )
        return self._loudness[party]

    def pitch(self, party: Party) -> Level | None:
        """Return the party's smoothed pitch in its own speech; None without a contour."""
        if party not in self._pitch:
            self._pitch[party] = pitch(
                self.interaction.contours.get(party), self.speech.get(party, ())
            )
        return self._pitch[party]

    def voiced(self, party: Party) -> tuple[VoicedTurn, ...]:
        """Return the voice of the party's turns; nothing where there is no baseline."""
        return self.once(
            ("voiced", party),
            lambda: voiced_turns(self._bright(party), self.turns.get(party, ())),
        )

    def _bright(self, party: Party) -> Contour | None:
        """The party's contour, without a balance that a narrow band has made up."""
        contour = self.interaction.contours.get(party)
        is_made_up = contour is not None and is_narrow(self.interaction.recording)
        return replace(contour, balance_db=None) if contour and is_made_up else contour

    def is_clipped(self, party: Party) -> bool:
        """Tell whether the party's track is cut off at full scale, so that levels say nothing."""
        recording = self.interaction.recording
        if recording is None:
            return False
        tracks = zip(recording.tracks, recording.quality.tracks, strict=False)
        own = [track.clipped for who, track in tracks if who in (party, Party.UNKNOWN)]
        return max(own, default=0.0) >= CLIPPED

    def span_of(self, utterance: Utterance, start: int, end: int) -> Span:
        """Return when characters ``[start, end)`` of the original text were said.

        By the words' own times; without them in proportion to the characters.
        """
        length = len(utterance.text)
        if utterance.start_ms == utterance.end_ms or not length:
            return Span(utterance.start_ms, utterance.end_ms)
        ends = self._word_ends(utterance) if utterance.words else None
        if ends is not None:
            touched = [
                word
                for word, before, after in zip(utterance.words, (0, *ends), ends, strict=False)
                if before < end and after > start
            ]
            if touched:
                return Span(touched[0].start_ms, touched[-1].end_ms)
        whole = utterance.end_ms - utterance.start_ms
        return Span(
            utterance.start_ms + start * whole // length,
            utterance.start_ms + end * whole // length,
        )

    def _word_ends(self, utterance: Utterance) -> tuple[int, ...] | None:
        """Where each word ends in the text; None where words and text do not fit."""
        if utterance.seq not in self._word_places:
            self._word_places[utterance.seq] = _placed(utterance)
        return self._word_places[utterance.seq]

    def lacks(self, needs: frozenset[Need]) -> str | None:
        """Return why ``needs`` are not met (a code of ``detectors.because``), or None."""
        for need, code in self._unmet:
            if need in needs:
                return code
        return None

    @cached_property
    def _unmet(self) -> tuple[tuple[Need, str], ...]:
        return tuple((n, _LACKING[n]) for n in Need if not self._met[n])

    @cached_property
    def _met(self) -> Mapping[Need, bool]:
        it = self.interaction
        sure, trust, recording = it.role_confidence, it.trust, it.recording
        parties = {u.party for u in self.utterances} | set(it.speech)
        is_apart = recording is None or recording.parties_apart
        return {
            Need.TEXT: any(u.text for u in self.utterances),
            Need.WORD_TIMES: self.is_written or any(u.words for u in self.utterances),
            Need.ROLES: (sure is None or sure >= ROLE_FLOOR) and not parties.isdisjoint(PERSONS),
            Need.TRUST: trust is None or trust >= TRUST_FLOOR,
            Need.SPEECH: bool(it.speech),
            Need.PARTIES_APART: is_apart and set(PERSONS) <= set(it.speech),
            Need.PARTIES_TOLD: set(PERSONS) <= set(it.speech),
            Need.CONTOURS: bool(it.contours),
        }


_LACKING: Mapping[Need, str] = {
    Need.TEXT: "no_words",
    Need.WORD_TIMES: "no_word_times",
    Need.ROLES: "unknown_roles",
    Need.TRUST: "low_trust",
    Need.SPEECH: "no_sound",
    Need.PARTIES_APART: "parties_not_apart",
    Need.PARTIES_TOLD: "parties_not_apart",
    Need.CONTOURS: "no_contours",
}


@lru_cache(maxsize=8)
def _lexicon_of(words: PhraseSet) -> Lexicon:
    """A set's own automaton: the mood words' takes some 50 ms to make."""
    return Lexicon((words,))


def _placed(utterance: Utterance) -> tuple[int, ...] | None:
    cursor = 0
    ends: list[int] = []
    for word in utterance.words:
        text = word.text.strip()
        place = utterance.text.find(text, cursor) if text else cursor
        if place < 0:
            return None
        cursor = place + len(text)
        ends.append(cursor)
    return tuple(ends) if ends else None
