"""What is unlike its past or its peers, in a person's words: for the terminal and the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from console.messages.texts import Texts, clean
from console.rise_lines import bars, named, place

if TYPE_CHECKING:
    from hotwords.drift import Drift, Outlier
    from hotwords.new_words import NewWord
    from hotwords.slow import SlowDrift
    from pipelines.unlike import Unlike

Section = tuple[str, Sequence[str]]
"""A heading and its lines."""


def sections(words: Sequence[NewWord], found: Unlike | None, texts: Texts) -> Iterator[Section]:
    """Yield what belongs beside the rises; nothing for a part that found nothing."""
    if words:
        yield texts("unlike.words"), [word_line(one, texts) for one in words]
    if found is None:
        return
    if found.slow:
        yield texts("unlike.slow"), [slow_line(one, texts) for one in found.slow]
    if found.groups:
        yield groups_heading(found, texts), [group_line(one, texts) for one in found.groups]
    if found.outliers:
        yield texts("unlike.outliers"), [outlier_line(one, texts) for one in found.outliers]


def groups_heading(found: Unlike, texts: Texts) -> str:
    """Return what was compared: a difference that is not told is within chance, or too few."""
    return texts("unlike.groups", compared=found.compared, too_few=found.too_few)


def word_line(one: NewWord, texts: Texts) -> str:
    """Return a new word and how many said it."""
    return texts("unlike.word", word=clean(one.word), texts=one.texts)


def slow_line(one: SlowDrift, texts: Texts) -> str:
    """Return what grows or falls, how fast and how sure that is."""
    kind, part, term = one.key
    change = one.in_four_weeks
    return texts(
        "unlike.drift",
        what=named(kind.value, term, texts),
        where=place(part, texts),
        times=f"{change.value:.2f}",
        low=f"{change.low:.2f}",
        high=f"{change.high:.2f}",
        percent=f"{100 * one.q_value:.2g}",
        weeks=bars(one.contacts),
    )


def group_line(one: Drift, texts: Texts) -> str:
    """Return whose measure changed, by how much, and out of how many interactions."""
    return texts(
        "unlike.group",
        who=clean(one.group),
        measure=one.measure,
        change=f"{one.change or 0:+.3g}",
        low=f"{one.low or 0:+.3g}",
        high=f"{one.high or 0:+.3g}",
        recent=one.recent,
        before=one.before,
    )


def outlier_line(one: Outlier, texts: Texts) -> str:
    """Return which interaction is unlike its peers, and in what."""
    return texts(
        "unlike.outlier",
        id=clean(one.interaction_id),
        measure=one.measure,
        value=f"{one.value:.3g}",
        median=f"{one.median:.3g}",
        peers=" × ".join(clean(peer) for peer in one.peers if peer),
    )
