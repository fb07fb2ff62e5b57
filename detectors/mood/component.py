"""Mood as a component of a spaCy pipeline over jieba's tokens.

For whoever works with spaCy already: ``pipeline()`` is a pipeline whose tokenizer is ours
(``interactions.tokens``) and whose one component sets ``doc._.mood``, the score of
``detectors.mood.scoring`` (-5 to +5, None where a text is too short), and ``doc._.mood_words``, the
words that made it as spans of whole tokens with their weights. Nightly inspection reads characters
and needs no spaCy, so nothing of it is loaded unless this is called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from detectors.lexicon import Lexicon
from detectors.mood.clauses import shipped_clauses
from detectors.mood.mood import Mood, shipped
from detectors.mood.scoring import longest, score, total, unsettled
from interactions.text import normal
from interactions.tokens import document

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

NAME = "tingjian_mood"


def component(mood: Mood | None = None) -> Callable[[Doc], Doc]:
    """Return the component; ``mood`` is what it reads with, the shipped words by default."""
    from spacy.tokens import Doc  # noqa: PLC0415 - spaCy takes seconds to import

    used = mood or shipped()
    lexicon = Lexicon(used.phrase_sets)
    for name in ("mood", "mood_words"):
        Doc.set_extension(name, default=None, force=True)

    def scored(doc: Doc) -> Doc:
        found = lexicon.hits([doc.text])
        hits = found.get(used.words.phrases, [])
        contrasts = found.get(used.words.contrast, [])
        words = total(doc.text, hits, contrasts, used.words)
        read = shipped_clauses().read([unsettled(doc.text, hits, used.words)])
        doc._.mood = None if words is None else score(words + read.mood[0])
        doc._.mood_words = tuple(
            (
                doc.char_span(hit.start, hit.end, alignment_mode="expand"),
                used.words.weights[hit.which],
            )
            for hit in longest(hits)
        )
        return doc

    return scored


def pipeline(mood: Mood | None = None) -> Language:
    """Return a spaCy pipeline of our tokenizer and this component.

    Texts are brought to normal form first, so that positions are those of ``doc.text``.
    """
    from spacy.language import Language  # noqa: PLC0415 - as above

    used = mood or shipped()
    # spaCy keeps what first had a name: other words are another component
    name = f"{NAME}_{used.version}" if used.version else NAME
    Language.component(name, func=component(used))
    made = Language(document("").vocab)
    made.tokenizer = lambda text: document(normal(text).text)
    made.add_pipe(name)
    return made
