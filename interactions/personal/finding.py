"""Every form of personal data over one interaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from interactions.interaction import Utterance
from interactions.normal_texts import NormalTexts
from interactions.personal.forms import address, email, lettered, name, plate
from interactions.personal.kinds import LEAST, Found, Hit, PersonalKind, Place
from interactions.personal.numbers import numbers
from interactions.personal.sheet import Said, Sheet

FORMS: Mapping[str, Callable[[Sheet], Iterator[Found] | Sequence[Found]]] = MappingProxyType(
    {
        "numbers": numbers,
        "lettered": lettered.find,
        "plate": plate.find,
        "email": email.find,
        "address": address.find,
        "name": name.find,
    }
)
"""Every form; each looks at a whole sheet once."""


def found_in(text: str) -> list[Hit]:
    """Return the personal data in one text, by the place of its first part."""
    return found_over([("", text)])


def found_among(utterances: Sequence[Utterance], normal: NormalTexts | None = None) -> list[Hit]:
    """Return the personal data in utterances; ``Place.line`` is the index among them.

    A number that is read out over several utterances, said back by the other party or read by both
    is one hit.

    Args:
        utterances: In order.
        normal: The normal forms of their texts, where they are made already.
    """
    return found_over([(u.party, u.text) for u in utterances], normal)


def found_over(said: Sequence[Said], normal: NormalTexts | None = None) -> list[Hit]:
    """Return the personal data in texts that follow each other, each with who says it.

    What is found twice in one place is what is surer, then what is longer. The cost is linear in
    the texts' length.
    """
    sheet = Sheet(said, normal)
    found = [one for form in FORMS.values() for one in form(sheet) if one.confidence >= LEAST]
    joined: dict[tuple[PersonalKind, str], Hit] = {}
    for one in _settled(found):
        places = tuple(sheet.place(span) for span in one.spans)
        known = joined.get((one.kind, one.value))
        joined[one.kind, one.value] = _joined(known, one, places)
    return sorted(joined.values(), key=lambda hit: (_first(hit), hit.kind.value))


def _first(hit: Hit) -> tuple[int, int]:
    return hit.places[0].line, hit.places[0].start


def _settled(found: Sequence[Found]) -> list[Found]:
    """Return what is left when no two share a character, in the order of the text."""
    ordered = sorted(found, key=lambda f: (-f.confidence, -_length(f), f.spans[0], f.kind))
    taken: list[tuple[int, int]] = []
    kept = []
    for one in ordered:
        if not any(a < end and start < b for a, b in taken for start, end in one.spans):
            taken.extend(one.spans)
            kept.append(one)
    return sorted(kept, key=lambda one: one.spans[0])


def _length(found: Found) -> int:
    return sum(end - start for start, end in found.spans)


def _joined(known: Hit | None, one: Found, places: tuple[Place, ...]) -> Hit:
    if known is None:
        return Hit(one.kind, places, one.value, one.confidence, one.because)
    every = sorted({*known.places, *places}, key=lambda p: (p.line, p.start))
    surest = max(known.confidence, one.confidence)
    because = known.because if known.confidence >= one.confidence else one.because
    return Hit(one.kind, tuple(every), one.value, surest, because)
