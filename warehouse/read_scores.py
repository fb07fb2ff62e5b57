"""Score sheets as they were filled, and what people answered on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from detectors.scorecard import Given, Score, ScoreLine, Source
from warehouse.judged import SheetAnswer
from warehouse.plain import moment, restored, safe
from warehouse.rows_back import records
from warehouse.store import Snapshot, Warehouse

_BASIS = "i.plan || '/' || i.engine || $hints"
_HEADS = "SELECT interaction_id, sheet_id, sheet_version, score, critical_score, is_fatal"
_LINES = "SELECT * FROM score_lines WHERE"
_IN_ORDER = "ORDER BY interaction_id, sheet_id, sheet_version, seq"
# What the view current_scores says of all, asked of one: a join would leave the index aside.
_HEADS_OF_ONE = f"""
{_HEADS} FROM (
    SELECT * FROM scores WHERE interaction_id = $id
    QUALIFY row_number() OVER (
        PARTITION BY sheet_id
        ORDER BY TRY_CAST(split_part(sheet_version, '-', 1) AS INTEGER) DESC, sheet_version DESC
    ) = 1
) one WHERE items > 0 ORDER BY sheet_id
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePlace:
    """Whose score: the interaction, and where in the centre it belongs."""

    interaction_id: str
    sheet_id: str
    sheet_version: str
    started_at: datetime
    agent: str | None
    team: str | None
    queue: str | None
    channel: str
    product: str | None
    score: float | None


def unscored(
    warehouse: Warehouse, plan: str, *, engine: str, hints: str, versions: Sequence[str]
) -> list[str]:
    """Return inspected interactions that were not looked at with every one of these sheets.

    Args:
        warehouse: Where from.
        plan: Only interactions that this plan inspected last.
        engine: Version of the inspection code.
        hints: What demoted rules stand for in the basis of a score.
        versions: ``<sheet_id>@<sheet_version>`` of every sheet.

    An interaction that a sheet is not for has a row without lines, so that it is not asked again.
    """
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT i.interaction_id FROM current_inspections i "  # noqa: S608 - constants
            "SEMI JOIN interactions USING (interaction_id) "
            "CROSS JOIN (SELECT unnest($versions::VARCHAR[]) AS version) v "
            "LEFT JOIN scores s ON s.interaction_id = i.interaction_id "
            f"AND s.sheet_id || '@' || s.sheet_version = v.version AND s.basis = {_BASIS} "
            "WHERE i.plan = $plan AND i.engine = $engine AND s.interaction_id IS NULL "
            "GROUP BY i.interaction_id ORDER BY i.interaction_id",
            plan=plan,
            engine=engine,
            hints=hints,
            versions=list(versions),
        )
    return [restored(row[0]) for row in rows]


def scores_of(warehouse: Warehouse, interaction_id: str) -> list[Score]:
    """Return the interaction's current scores, by sheet; sheets not for it are left out."""
    one = safe(interaction_id)
    with warehouse.snapshot() as look:
        heads = look.table(_HEADS_OF_ONE, id=one)
        table = look.table(f"{_LINES} interaction_id = $id {_IN_ORDER}", id=one)
    return _together(heads, table)


def scores(warehouse: Warehouse, ids: Iterable[str]) -> list[Score]:
    """Return current scores of many interactions, in the order of interaction and sheet."""
    with warehouse.snapshot() as look:
        return _scores(look, list(ids))


def _scores(look: Snapshot, ids: Sequence[str]) -> list[Score]:
    look.want(ids)
    heads = look.table(
        f"{_HEADS} FROM current_scores "  # noqa: S608 - constants
        "WHERE items > 0 AND interaction_id IN (SELECT id FROM wanted) "
        "ORDER BY interaction_id, sheet_id"
    )
    table = look.table(f"{_LINES} interaction_id IN (SELECT id FROM wanted) {_IN_ORDER}")  # noqa: S608 - constants
    return _together(heads, table)


def _together(heads: pa.Table, table: pa.Table) -> list[Score]:
    lines: dict[tuple[str, str, str], list[ScoreLine]] = {}
    for row in records(table):
        key = (row.pop("interaction_id"), row.pop("sheet_id"), row.pop("sheet_version"))
        del row["seq"]
        line = ScoreLine(
            answer=Given(row.pop("answer")),
            source=Source(row.pop("source")),
            finding_ids=tuple(row.pop("finding_ids")),
            **row,
        )
        lines.setdefault(key, []).append(line)
    return [
        Score(
            lines=tuple(lines[row["interaction_id"], row["sheet_id"], row["sheet_version"]]), **row
        )
        for row in records(heads)
    ]


def answers_of(warehouse: Warehouse, ids: Iterable[str]) -> list[SheetAnswer]:
    """Return every answer that people gave on these interactions, the first given first."""
    with warehouse.snapshot() as look:
        look.want(ids)
        table = look.table(
            "SELECT * EXCLUDE (answer_id) FROM answers "
            "WHERE interaction_id IN (SELECT id FROM wanted) "
            "ORDER BY interaction_id, sheet_id, item_id, decided_at, answer_id"
        )
    return [
        SheetAnswer(
            answer=Given(row.pop("answer")), decided_at=moment(row.pop("decided_at")), **row
        )
        for row in records(table)
    ]


def score_places(
    warehouse: Warehouse, *, first_day: date | None, last_day: date | None, timezone: str
) -> list[ScorePlace]:
    """Return the current machine scores of a stretch of local days, in the order of interaction.

    Sheets that are not for an interaction are left out.
    """
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT interaction_id, sheet_id, sheet_version, started_at, agent, team, queue, "
            "channel, product, score FROM current_scores "
            "WHERE items > 0 AND ($first::DATE IS NULL "
            "OR CAST(timezone($timezone, started_at) AS DATE) >= $first) "
            "AND ($last::DATE IS NULL OR CAST(timezone($timezone, started_at) AS DATE) <= $last) "
            "ORDER BY interaction_id, sheet_id",
            first=first_day,
            last=last_day,
            timezone=timezone,
        )
    return [ScorePlace(started_at=moment(row.pop("started_at")), **row) for row in records(table)]


def answered_ids(warehouse: Warehouse) -> list[str]:
    """Return the interactions on which people answered something, in order."""
    with warehouse.snapshot() as look:
        rows = look.rows("SELECT DISTINCT interaction_id FROM answers ORDER BY interaction_id")
    return [restored(row[0]) for row in rows]


def latest_day(warehouse: Warehouse, *, timezone: str) -> date | None:
    """Return the last local day that has an interaction; None without any."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT CAST(timezone($timezone, max(started_at)) AS DATE) FROM interactions",
            timezone=timezone,
        )
    day: date | None = rows[0][0]
    return day
