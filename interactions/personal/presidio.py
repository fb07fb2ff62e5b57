"""Our forms as a recogniser of Microsoft Presidio (extra ``presidio``).

``add_to(registry)`` puts one recogniser for each language into Presidio's registry; its analyser
then finds what ``finding.found_in`` finds, with our confidence as score and our reasons as
explanation. Presidio looks at one text at a time: numbers over several utterances are found by
``found_among``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.recognizer_registry import RecognizerRegistry

from interactions.personal.finding import found_in
from interactions.personal.kinds import PersonalKind

ENTITIES: Mapping[PersonalKind, str] = MappingProxyType(
    {
        PersonalKind.IDENTITY_CARD: "CN_IDENTITY_CARD",
        PersonalKind.MOBILE: "PHONE_NUMBER",
        PersonalKind.LANDLINE: "PHONE_NUMBER",
        PersonalKind.BANK_CARD: "CREDIT_CARD",
        PersonalKind.PASSPORT: "PASSPORT",
        PersonalKind.PERMIT: "CN_PERMIT",
        PersonalKind.PLATE: "CN_PLATE",
        PersonalKind.EMAIL: "EMAIL_ADDRESS",
        PersonalKind.ADDRESS: "LOCATION",
        PersonalKind.NAME: "PERSON",
        PersonalKind.ORDER_NUMBER: "ORDER_NUMBER",
        PersonalKind.TRACKING_NUMBER: "TRACKING_NUMBER",
        PersonalKind.VERIFICATION_CODE: "VERIFICATION_CODE",
        PersonalKind.NUMBER: "NUMBER",
    }
)
"""Kind → Presidio's name where it has one, else ours."""


_NAME = "Tingjian"


class TingjianRecognizer(EntityRecognizer):
    """Finds everything that ``interactions.personal`` finds in one text.

    Args:
        language: Presidio asks recognisers by language; this one reads both alike.
    """

    def __init__(self, language: str) -> None:
        entities = list(dict.fromkeys(ENTITIES.values()))
        super().__init__(entities, name=_NAME, supported_language=language)

    def load(self) -> None:
        """Load nothing: there is no model."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return what is found of the entities that are asked for."""
        del nlp_artifacts
        return [
            RecognizerResult(
                ENTITIES[hit.kind],
                place.start,
                place.end,
                hit.confidence,
                AnalysisExplanation(
                    _NAME, hit.confidence, textual_explanation=", ".join(hit.because)
                ),
            )
            for hit in found_in(text)
            if ENTITIES[hit.kind] in entities
            for place in hit.places
        ]


def add_to(registry: RecognizerRegistry, *, languages: Sequence[str] = ("zh", "en")) -> None:
    """Put our recogniser into a registry, once a language."""
    for language in languages:
        registry.add_recognizer(TingjianRecognizer(language))
