"""What people decided and published, and scores, as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from detectors.scorecard import Score, Sheet
from warehouse.judged import BacktestRow, Published, Review, SheetAnswer, Verdict
from warehouse.plain import microseconds, safe
from warehouse.rows_interactions import MOMENT, TEXT, TEXTS, from_rows


def _schema(names: str, **others: pa.DataType) -> pa.Schema:
    return pa.schema([(name, others.get(name, TEXT)) for name in names.split()])


VERDICTS = _schema(
    "verdict_id finding_id interaction_id rule_id rule_version decision cause reviewer decided_at "
    "note",
    decided_at=MOMENT,
)
REVIEWS = _schema(
    "review_id interaction_id missed reviewer decided_at note", missed=TEXTS, decided_at=MOMENT
)
RULE_VERSIONS = _schema(
    "rule_id rule_version severity title_zh title_en body published_by published_at why",
    published_at=MOMENT,
)
BACKTESTS = _schema(
    "rule_id rule_version live_version interactions found gained lost not_measured days worst_day "
    "worst_count",
    **dict.fromkeys(
        ("interactions", "found", "gained", "lost", "not_measured", "worst_count"), pa.int64()
    ),
    days=pa.int32(),
    worst_day=pa.date32(),
)
ANSWERS = _schema(
    "answer_id interaction_id sheet_id sheet_version item_id answer earned reviewer decided_at "
    "note",
    earned=pa.float64(),
    decided_at=MOMENT,
)
SHEETS = _schema("sheet_id sheet_version title_zh title_en")
SCORES = _schema(
    "interaction_id sheet_id sheet_version basis score critical_score is_fatal answered items",
    score=pa.float64(),
    critical_score=pa.float64(),
    is_fatal=pa.bool_(),
    answered=pa.int32(),
    items=pa.int32(),
)
SCORE_LINES = _schema(
    "interaction_id sheet_id sheet_version seq section_id item_id answer earned points hits source "
    "source_id source_version because value unit finding_ids",
    **dict.fromkeys(("earned", "points", "value"), pa.float64()),
    seq=pa.int32(),
    hits=pa.int32(),
    finding_ids=TEXTS,
)


def verdict_tables(verdicts: Iterable[Verdict]) -> dict[str, pa.Table]:
    """Return the table ``verdicts``; they are added to those that are kept."""
    rows = [
        (
            one.verdict_id,
            one.finding_id,
            safe(one.interaction_id),
            safe(one.rule_id),
            one.rule_version,
            one.decision.value,
            None if one.cause is None else one.cause.value,
            safe(one.reviewer),
            microseconds(one.decided_at),
            safe(one.note),
        )
        for one in verdicts
    ]
    return {"verdicts": from_rows(rows, VERDICTS)}


def review_tables(reviews: Iterable[Review]) -> dict[str, pa.Table]:
    """Return the table ``reviews``; they are added to those that are kept."""
    rows = [
        (
            one.review_id,
            safe(one.interaction_id),
            [safe(rule) for rule in one.missed],
            safe(one.reviewer),
            microseconds(one.decided_at),
            safe(one.note),
        )
        for one in reviews
    ]
    return {"reviews": from_rows(rows, REVIEWS)}


def published_tables(published: Iterable[Published]) -> dict[str, pa.Table]:
    """Return the table ``rule_versions``; a version that is kept stays as it is."""
    rows = [
        (
            one.rule_id,
            one.rule_version,
            one.severity.value,
            safe(one.title.get("zh", "")),
            safe(one.title.get("en", "")),
            safe(one.body),
            safe(one.published_by),
            microseconds(one.published_at),
            safe(one.why),
        )
        for one in published
    ]
    return {"rule_versions": from_rows(rows, RULE_VERSIONS)}


def backtest_tables(backtests: Iterable[BacktestRow]) -> dict[str, pa.Table]:
    """Return the table ``backtests``; of each version the last counts."""
    rows = [tuple(getattr(one, name) for name in BACKTESTS.names) for one in backtests]
    return {"backtests": from_rows(rows, BACKTESTS)}


def answer_tables(answers: Iterable[SheetAnswer]) -> dict[str, pa.Table]:
    """Return the table ``answers``; they are added to those that are kept."""
    rows = [
        (
            one.answer_id,
            safe(one.interaction_id),
            one.sheet_id,
            one.sheet_version,
            one.item_id,
            one.answer.value,
            one.earned,
            safe(one.reviewer),
            microseconds(one.decided_at),
            safe(one.note),
        )
        for one in answers
    ]
    return {"answers": from_rows(rows, ANSWERS)}


def score_tables(
    scores: Sequence[Score], *, sheets: Iterable[Sheet], bases: Mapping[str, str]
) -> dict[str, pa.Table]:
    """Return the tables ``scores``, ``score_lines`` and ``score_sheets``.

    Args:
        scores: By machine.
        sheets: All sheets that were used.
        bases: Interaction → what its scores follow from: plan, engine, demoted rules.
    """
    heads = [
        (
            safe(one.interaction_id),
            one.sheet_id,
            one.sheet_version,
            bases[one.interaction_id],
            one.score,
            one.critical_score,
            one.is_fatal,
            one.answered,
            len(one.lines),
        )
        for one in scores
    ]
    kept = [
        (one.sheet_id, one.sheet_version, safe(one.title["zh"]), safe(one.title["en"]))
        for one in sheets
    ]
    return {
        "scores": from_rows(heads, SCORES),
        "score_lines": _lines(scores),
        "score_sheets": from_rows(kept, SHEETS),
    }


def _lines(scores: Iterable[Score]) -> pa.Table:
    rows = [
        (
            safe(one.interaction_id),
            one.sheet_id,
            one.sheet_version,
            seq,
            line.section_id,
            line.item_id,
            line.answer.value,
            line.earned,
            line.points,
            line.hits,
            line.source.value,
            line.source_id,
            line.source_version,
            line.because,
            line.value,
            line.unit,
            list(line.finding_ids),
        )
        for one in scores
        for seq, line in enumerate(one.lines)
    ]
    return from_rows(rows, SCORE_LINES)
