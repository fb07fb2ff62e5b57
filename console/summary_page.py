"""What an interaction is about and what came of it, on the terminal and for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from console.messages.texts import Texts
from console.session import clock, plain
from detectors.evidence import Matter
from detectors.features import Features
from detectors.reason.sorting import matters
from detectors.reason.summary import Line, summary
from detectors.reason.taxonomy import UNSORTED, Dimension, Taxonomy
from interactions.interaction import Interaction


@dataclass(frozen=True, slots=True)
class About:
    """What an interaction is about.

    Attributes:
        lines: Its summary, each line with the utterance that it is.
        matters: How it is sorted by ``taxonomy``.
    """

    lines: tuple[Line, ...]
    matters: tuple[Matter, ...]
    taxonomy: Taxonomy

    def name(self, one: Matter, texts: Texts) -> str:
        """Return a matter's category in words."""
        if one.category == UNSORTED:
            return texts("reasons.unsorted_one")
        return self.taxonomy.name(one.dimension, one.category, texts.language)


def about(interaction: Interaction, taxonomy: Taxonomy) -> About:
    """Return what ``interaction`` is about; pure, and quick enough for a page."""
    features = Features(interaction, taxonomy=taxonomy)
    return About(summary(features), matters(features), taxonomy)


def blocks(told: About, texts: Texts) -> Iterator[RenderableType]:
    """Yield the summary, each line with its time, and how it is sorted."""
    if not told.matters:
        return
    yield Padding(Text(texts("reasons.summary"), style="bold underline"), (1, 0, 0, 0))
    table = Table.grid(padding=(0, 1), pad_edge=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in told.lines:
        part, party = part_of(line, texts), texts(f"party.{line.party.value}")
        table.add_row(part, clock(line.start_ms), party, plain(line.text))
    yield table
    yield _sorted(told, texts)


def _sorted(told: About, texts: Texts) -> Table:
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for dimension in Dimension:
        some = [one for one in told.matters if one.dimension == dimension]
        names = [
            texts("reasons.with_confidence", name=told.name(one, texts), share=_share(one))
            for one in some
        ]
        if names:
            table.add_row(texts(dimension_key(dimension)), plain(" · ".join(names)))
    return table


def part_of(line: Line, texts: Texts) -> str:
    """Return what a line of a summary tells, in words; of anger also at what."""
    name = texts(f"reasons.part_{line.part}")
    if line.target is None:
        return name
    return texts("reasons.aimed", part=name, target=texts(f"reasons.at_{line.target}"))


def _share(one: Matter) -> str:
    return f"{100 * one.confidence:.0f}"


def dimension_key(dimension: str) -> str:
    """Return the key of a dimension's name."""
    return f"reasons.of_{dimension.replace('-', '_')}"


def about_json(told: About, texts: Texts) -> dict[str, Any]:
    """Return the same for a script."""
    return {
        "summary": told.lines,
        "matters": [
            {
                "dimension": one.dimension,
                "category": one.category,
                "title": told.name(one, texts),
                "confidence": one.confidence,
                "utterance_seq": one.utterance_seq,
                "quote": one.quote,
                "issue": one.issue,
            }
            for one in told.matters
        ],
    }


def named_issue(issue: str, taxonomy: Taxonomy, texts: Texts) -> str:
    """Return an issue (reason, with the product where it is a fault) in words."""
    reason, _, product = issue.partition(" · ")
    known = taxonomy.category(Dimension.REASON, reason)
    if known is None:
        return issue
    name = known.name(texts.language)
    return (
        f"{name} · {taxonomy.name(Dimension.PRODUCT, product, texts.language)}" if product else name
    )


def categories(taxonomy: Taxonomy) -> Sequence[tuple[str, str]]:
    """Return dimension and id of every category, in the taxonomy's order."""
    return [(dimension.value, one.category_id) for dimension, one in taxonomy.numbered]
