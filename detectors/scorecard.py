"""Score sheets: what an inspection says about an interaction, item by item, as points.

A section's share is the points earned over the points of its answered items; the score is the mean
of the shares, weighted by the sections' weights, out of 100. What is not answered (N/A) counts
neither for nor against: it leaves the points that can be had, as in Google's Quality AI
(``normalized score = score / potential score``, N/A excluded). A failed fatal item makes the whole
score 0 (Amazon Connect's *automatic fail*, Genesys' *kill question*); critical items have a score
of their own beside the whole one (Genesys' *critical score*).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from hashlib import sha256

from detectors.rules import When
from interactions.interaction import Interaction, Language
from interactions.sound import Party

WHOLE = 100.0


class Source(StrEnum):
    """Who answers an item."""

    RULE = "rule"
    MEASURE = "measure"
    PERSON = "person"


class Given(StrEnum):
    """How an item is answered."""

    MET = "met"
    PARTLY = "partly"
    FAILED = "failed"
    NA = "na"


class Means(StrEnum):
    """What it says of the work when a rule finds something."""

    FAULT = "fault"
    MERIT = "merit"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyIf:
    """When an item is asked at all: of one earlier item or one rule, never both.

    Attributes:
        item: An earlier item that must have one of ``answers``.
        rule: A rule that must have found something.
    """

    item: str = ""
    answers: tuple[Given, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a sheet.

    Attributes:
        points: What it is worth, above 0.
        source_id: The rule or the measure; empty for a person's item.
        means: What a rule's finding means.
        each: Points lost (fault) or earned (merit) per hit; None: all at once.
        cap: Most points that ``each`` can add up to; None: ``points``.
        party: Whose measure; None for the interaction's own.
        at_least: A measure meets the item from here on; ``at_most`` up to here.
        zero_at: Where a measure earns nothing; between it and the limit the points fall evenly.
            None: everything or nothing.
        adds: Points on top of the whole, not among those that can be lost.
        critical: Counts for the critical score too.
        fatal: Failed, the whole score is 0.
    """

    item_id: str
    title: Mapping[str, str]
    points: float
    source: Source
    source_id: str = ""
    means: Means = Means.FAULT
    each: float | None = None
    cap: float | None = None
    party: Party | None = None
    at_least: float | None = None
    at_most: float | None = None
    zero_at: float | None = None
    adds: bool = False
    critical: bool = False
    fatal: bool = False
    only_if: OnlyIf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Items that belong together.

    Attributes:
        weight: Against the other sections; None: the points of its items.
    """

    section_id: str
    title: Mapping[str, str]
    items: tuple[Item, ...]
    weight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A name for scores from ``at_least`` on."""

    at_least: float
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One score sheet as it is written.

    Attributes:
        version: The author's own number, from 1.
        language: As in a rule: only interactions in this language, mixed or unknown.
        bands: Highest first.
        source: File it was read from, without its folder.
    """

    sheet_id: str
    version: int
    title: Mapping[str, str]
    sections: tuple[Section, ...]
    language: Language | None = None
    when: When = field(default_factory=When)
    bands: tuple[Band, ...] = ()
    source: str = ""

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def sheet_version(self) -> str:
        """``<version>-<8 hex digits>`` of everything that it says, titles included."""
        body = asdict(replace(self, source=""))
        text = json.dumps(body, ensure_ascii=True, sort_keys=True, default=str)
        return f"{self.version}-{sha256(text.encode()).hexdigest()[:8]}"

    def applies(self, interaction: Interaction, language: Language) -> bool:
        """Tell whether this sheet is for ``interaction``, whose words are in ``language``."""
        open_languages = (self.language, Language.MIXED, Language.UNKNOWN)
        return (self.language is None or language in open_languages) and self.when.holds(
            interaction
        )

    def band(self, score: float | None) -> Band | None:
        """Return the band that a score falls into."""
        if score is None:
            return None
        return next((band for band in self.bands if score >= band.at_least), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """One item's answer and where it comes from.

    Attributes:
        earned: Points; None for N/A.
        points: What the item is worth.
        hits: Places that speak for it.
        source_version: The rule's version or the engine's; empty for a person.
        because: Why it is N/A: a code of ``detectors.sheet_words``; empty otherwise.
        finding_ids: The findings that decided.
    """

    section_id: str
    item_id: str
    answer: Given
    earned: float | None
    points: float
    hits: int = 0
    source: Source
    source_id: str = ""
    source_version: str = ""
    because: str = ""
    value: float | None = None
    unit: str = ""
    finding_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A filled sheet.

    Attributes:
        score: 0 to 100; None where nothing could be answered.
        critical_score: The same over critical items only.
        is_fatal: A fatal item failed; then ``score`` is 0.
    """

    interaction_id: str
    sheet_id: str
    sheet_version: str
    score: float | None
    critical_score: float | None
    is_fatal: bool
    lines: tuple[ScoreLine, ...]

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(line.answer is not Given.NA for line in self.lines)


def totalled(
    sheet: Sheet, interaction_id: str, lines: Sequence[ScoreLine], *, version: str = ""
) -> Score:
    """Add the lines of a sheet up.

    Args:
        sheet: The sheet; every line is one of its items.
        interaction_id: Whose.
        lines: In the sheet's order.
        version: ``sheet.sheet_version`` where the caller has it already.
    """
    by_item = {line.item_id: line for line in lines}
    fatal = any(item.fatal and by_item[item.item_id].answer is Given.FAILED for item in sheet.items)
    whole = _share(sheet.sections, by_item)
    bonus = sum(by_item[i.item_id].earned or 0.0 for i in sheet.items if i.adds)
    score = None if whole is None else min(WHOLE, round(WHOLE * whole + bonus, 2))
    critical = _share(sheet.sections, by_item, critical_only=True)
    return Score(
        interaction_id=interaction_id,
        sheet_id=sheet.sheet_id,
        sheet_version=version or sheet.sheet_version,
        score=0.0 if fatal else score,
        critical_score=None if critical is None else round(WHOLE * critical, 2),
        is_fatal=fatal,
        lines=tuple(lines),
    )


def _share(
    sections: Iterable[Section], lines: Mapping[str, ScoreLine], *, critical_only: bool = False
) -> float | None:
    """Weighted mean of the sections' shares; sections without an answer take no part."""
    weights = total = 0.0
    for section in sections:
        counted = [i for i in section.items if not i.adds and (i.critical or not critical_only)]
        answered = [lines[i.item_id] for i in counted if lines[i.item_id].earned is not None]
        possible = sum(line.points for line in answered)
        if not possible:
            continue
        own = sum(i.points for i in counted) if section.weight is None else section.weight
        weights += own
        total += own * sum(line.earned or 0.0 for line in answered) / possible
    return total / weights if weights else None


def rules_of(sheets: Iterable[Sheet]) -> Collection[str]:
    """Return the ids of all rules that the sheets ask."""
    asked = {i.source_id for sheet in sheets for i in sheet.items if i.source is Source.RULE}
    return asked | {i.only_if.rule for s in sheets for i in s.items if i.only_if and i.only_if.rule}
