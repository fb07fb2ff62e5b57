"""What people said of one interaction, and how it scored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from console.messages.texts import Texts
from console.score_page import Filled
from console.score_page import blocks as sheet_blocks
from console.session import plain
from console.tables import moment, titled
from pipelines.scoring import both, by_version, sheets_of
from pipelines.settings import Settings
from warehouse.judged import Review, Verdict
from warehouse.read import answers_of, reviews_of, scores_of, verdicts_of
from warehouse.store import Warehouse

SHOWN_ID = 8  # digits of a finding's id: as many as tell it from others


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts, reviews and filled sheets of one interaction."""

    verdicts: tuple[Verdict, ...]
    reviews: tuple[Review, ...]
    sheets: tuple[Filled, ...]


def judged(warehouse: Warehouse, settings: Settings, interaction_id: str) -> Judged:
    """Return what people said of an interaction, and how it scored."""
    sheets = by_version(sheets_of(settings))
    answers = answers_of(warehouse, [interaction_id])
    filled = [
        Filled(
            sheet=sheets.get(f"{score.sheet_id}@{score.sheet_version}"),
            machine=score,
            both=both(sheets, score, answers),
            answers={a.item_id: a for a in answers if a.sheet_id == score.sheet_id},
        )
        for score in scores_of(warehouse, interaction_id)
    ]
    return Judged(
        verdicts=tuple(verdicts_of(warehouse, interaction_id)),
        reviews=tuple(reviews_of(warehouse, interaction_id)),
        sheets=tuple(filled),
    )


def blocks(said: Judged, texts: Texts, zone: ZoneInfo) -> Iterator[RenderableType]:
    """Yield verdicts, reviews and sheets; nothing where there are none."""
    if said.verdicts or said.reviews:
        names = ("what", "decision", "who", "note")
        table = titled(texts("judged.title"), (texts(f"judged.{name}") for name in names))
        for verdict in said.verdicts:
            what = f"{verdict.finding_id[:SHOWN_ID]} {verdict.rule_id}"
            decision = texts(f"verdict.{verdict.decision.value}")
            if verdict.cause:
                cause = texts(f"judged.cause.{verdict.cause.value}")
                decision = texts("judged.comma").join((decision, cause))
            who = f"{verdict.reviewer} {moment(verdict.decided_at, zone)}"
            table.add_row(plain(what), decision, plain(who), plain(verdict.note))
        for review in said.reviews:
            missed = texts("judged.comma").join(review.missed) or texts("review.nothing_missed")
            who = f"{review.reviewer} {moment(review.decided_at, zone)}"
            heard = texts("judged.heard", missed=missed)
            table.add_row(Text(texts("judged.whole")), plain(heard), plain(who), plain(review.note))
        yield Padding(table, (1, 0, 0, 0))
    for filled in said.sheets:
        yield Text("")
        yield from sheet_blocks(filled, texts)


def judged_json(said: Judged) -> dict[str, Any]:
    """Return the same for a script."""
    return {
        "verdicts": said.verdicts,
        "reviews": said.reviews,
        "scores": [
            {
                "machine": one.machine,
                "with_answers": one.both,
                "answers": list(one.answers.values()),
            }
            for one in said.sheets
        ],
    }
