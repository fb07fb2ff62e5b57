"""What of a voice can be measured on this line, and each utterance against its speaker's usual."""

from __future__ import annotations

from detectors.evidence import Need
from detectors.features import Features
from detectors.speech_units import units
from detectors.voice.line import GAIN_RISE_DB, gain_rise_db, is_narrow
from detectors.voice.spoken import Trait, Traits, spoken
from interactions.interaction import Utterance
from interactions.sound import Party, Span


def loudness_doubt(features: Features, party: Party) -> str:
    """Return why a party's loudness says nothing (a code of ``because``); empty where it does."""
    if features.is_clipped(party):
        return "clipped"
    rise = features.once(("gain rise", party), lambda: _gain_rise_db(features, party))
    return "automatic_gain" if rise is not None and rise >= GAIN_RISE_DB else ""


def _gain_rise_db(features: Features, party: Party) -> float | None:
    contour = features.interaction.contours.get(party)
    if contour is None:
        return None
    recording = features.interaction.recording
    is_own = recording is None or recording.parties_apart
    # On a shared track the other's words are no pause.
    return gain_rise_db(contour, features.speech.get(party, ()) if is_own else features.anyone)


def trait_doubt(features: Features, party: Party, trait: Trait) -> str:
    """Return why a trait of a party's voice cannot be had; empty where it can."""
    if trait is Trait.LOUDNESS:
        return loudness_doubt(features, party)
    if trait is Trait.BALANCE and is_narrow(features.interaction.recording):
        return "narrow_band"
    if trait is Trait.SPEED:
        return features.lacks(frozenset({Need.TRUST})) or ""
    return ""


def utterances_of(features: Features, party: Party) -> tuple[tuple[Utterance, Traits], ...]:
    """Return a party's utterances with how each was spoken against the party's own usual."""
    return features.once(("utterances", party), lambda: _utterances_of(features, party))


def _utterances_of(features: Features, party: Party) -> tuple[tuple[Utterance, Traits], ...]:
    pairs = zip(features.utterances, features.normal.texts, strict=True)
    own = [(u, text) for u, text in pairs if u.party is party]
    told = spoken(
        features.interaction.contours.get(party),
        [Span(u.start_ms, u.end_ms) for u, _ in own],
        features.speech.get(party, ()),
        [units(text, features.language) for _, text in own],
    )
    return tuple((u, traits) for (u, _), traits in zip(own, told, strict=True))
