"""What is hidden of a text until someone asks for it: numbers that tell who a person is."""

from __future__ import annotations

from detectors.entities import Kind, entities
from interactions.text import normal

KINDS = (Kind.PHONE, Kind.EMAIL, Kind.IDENTITY_NUMBER, Kind.BANK_CARD)
HIDDEN = "●"


def hidden_spans(text: str) -> list[tuple[int, int]]:
    """Return the stretches of ``text`` to hide, in order, none of them touching another."""
    form = normal(text)
    spans = sorted(
        form.original(e.start, e.end) for kind in KINDS for e in entities(form.text, kind)
    )
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def redacted(text: str) -> str:
    """Return ``text`` with a dot for each character that is hidden."""
    out, done = [], 0
    for start, end in hidden_spans(text):
        out += [text[done:start], HIDDEN * (end - start)]
        done = end
    return "".join((*out, text[done:]))
