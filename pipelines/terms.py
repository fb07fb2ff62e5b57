"""The centre's names and terms: what a recogniser is told of them, and what it made up."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from asr.lexicon import DoubtedTerm, Lexicon, doubted, prompt_for
from asr.weights import WeightsError, find, whereabouts
from interactions.interaction import Interaction
from pipelines.settings import Settings

OFF, PACKAGED = "none", "packaged"


def where_weights_lie(settings: Settings) -> Path | None:
    """Return the file of the centre's weights; None where they are not on this machine, or off."""
    name = settings.speech.weights
    if name == OFF:
        return None
    try:
        return whereabouts("" if name == PACKAGED else name, nearby=settings.weights_folder)
    except WeightsError:
        return None


def lexicon_of(settings: Settings) -> Lexicon:
    """Return the terms that guide recognition; none for weights that were trained without any."""
    path = where_weights_lie(settings)
    if settings.speech.weights == PACKAGED or (path is not None and find(str(path)).is_packaged):
        return Lexicon()
    own = settings.lexicon
    return Lexicon((*own.terms, *settings.hotwords.products), own.queues)


def prompt_of(settings: Settings, queue: str | None) -> str | None:
    """Return what the recogniser is told before it hears a queue's call; None for nothing."""
    return prompt_for(lexicon_of(settings), queue)


def doubts_of(
    settings: Settings, interactions: Iterable[Interaction], *, transcriber: str
) -> dict[str, tuple[DoubtedTerm, ...]]:
    """Return by id the terms that the sound of calls does not bear out.

    Args:
        settings: The centre's settings.
        interactions: Those of one shard.
        transcriber: Only calls whose words it made are looked at; others were told nothing.
    """
    lexicon = lexicon_of(settings)
    return {
        one.interaction_id: doubted(one.utterances, lexicon.of(one.queue), speech=one.speech)
        for one in interactions
        if one.transcriber == transcriber
    }
