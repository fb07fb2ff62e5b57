"""Alerts as they stand, what was sent of them, and what may alarm."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from detectors.evidence import Severity
from warehouse.alerting import AlertMessage
from warehouse.plain import microseconds, moment, restored, safe
from warehouse.rows_back import records
from warehouse.rows_said import said_from
from warehouse.store import Run, Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingAlert:
    """An alert as it stands now.

    Attributes:
        raised_at: When it was stored; ``told_at`` when the first message of it arrived.
        state: ``open``, ``acknowledged``, ``snoozed`` or ``resolved``, as it was said last.
        until: End of the snooze.
        receipts: Channels that have it, and since when they have it last.
        Others: As ``warehouse.alerting.Alert``.
    """

    alert_id: str
    source: str
    level: str
    about: str
    rule_id: str
    queue: str
    group_key: str
    details: dict[str, Any]
    ended_at: datetime | None
    landed_at: datetime | None
    raised_at: datetime
    told_at: datetime | None
    state: str
    until: datetime | None
    note: str
    answered_by: str
    answered_at: datetime | None
    receipts: Mapping[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarming:
    """A rule's finding, or a sheet's failure, in an interaction that nobody was alerted to yet.

    Attributes:
        rule_id: The rule, or the sheet.
        is_score: Whether a fatal item of a sheet failed.
        ended_at: None where it still runs.
        landed_at: When its file was written last; None where it is not known.
    """

    interaction_id: str
    rule_id: str
    severity: Severity
    is_score: bool
    title_zh: str
    title_en: str
    queue: str
    started_at: datetime
    ended_at: datetime | None
    landed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long the alerts of one source took, in seconds; None where it is not known.

    Attributes:
        end_to_raised: Median and 95th percentile from the contact's end until it was stored;
            ``landed_to_raised`` from when it lay in the inbox; ``raised_to_told`` until the first
            message arrived.
    """

    source: str
    alerts: int
    end_to_raised: tuple[float | None, float | None]
    landed_to_raised: tuple[float | None, float | None]
    raised_to_told: tuple[float | None, float | None]


_STANDING = (
    "SELECT a.*, coalesce(r.channels, []) AS channels, coalesce(r.times, []) AS times "
    "FROM current_alerts a LEFT JOIN (SELECT alert_id, list(channel ORDER BY channel) AS channels, "
    "list(epoch_us(last_delivered_at) ORDER BY channel) AS times FROM alert_receipts GROUP BY 1) r "
    "USING (alert_id) "
)
_MOMENTS = ("ended_at", "landed_at", "raised_at", "told_at", "until", "answered_at")


def standing_alerts(warehouse: Warehouse, *, since: datetime | None = None) -> list[StandingAlert]:
    """Return alerts in the order in which they were raised.

    Args:
        warehouse: Where from.
        since: Only those that are not resolved, and raised since or told to nobody yet; None: all.
    """
    only = (
        "WHERE state <> 'resolved' AND (raised_at >= make_timestamptz($since) OR told_at IS NULL)"
    )
    with warehouse.snapshot() as look:
        table = look.table(
            f"{_STANDING}{only if since else ''} ORDER BY raised_at, alert_id",
            **({"since": microseconds(since)} if since else {}),
        )
    return [_standing(row) for row in records(table)]


def alerts_like(warehouse: Warehouse, beginning: str) -> list[StandingAlert]:
    """Return the alerts whose id begins so."""
    with warehouse.snapshot() as look:
        table = look.table(
            f"{_STANDING} WHERE starts_with(alert_id, $beginning) ORDER BY alert_id",
            beginning=safe(beginning),
        )
    return [_standing(row) for row in records(table)]


def _standing(row: dict[str, Any]) -> StandingAlert:
    for name in _MOMENTS:
        row[name] = None if row[name] is None else moment(row[name])
    row["details"] = json.loads(row["details"])
    row["receipts"] = dict(
        zip(map(restored, row.pop("channels")), map(moment, row.pop("times")), strict=True)
    )
    row["note"], row["answered_by"] = row["note"] or "", row["answered_by"] or ""
    return StandingAlert(**row)


def known_alerts(warehouse: Warehouse, ids: Iterable[str]) -> set[str]:
    """Return which of these alerts were raised before."""
    with warehouse.snapshot() as look:
        look.want(ids)
        rows = look.rows("SELECT DISTINCT alert_id FROM alerts JOIN wanted ON id = alert_id")
    return {restored(row[0]) for row in rows}


def alert_messages(warehouse: Warehouse, *, since: datetime) -> list[AlertMessage]:
    """Return the last step of every message begun since, and of all that did not arrive."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT message_id, channel, alert_ids, state, attempt, error, said_by, said_at "
            "FROM current_alert_messages "
            "WHERE state <> 'delivered' OR said_at >= make_timestamptz($since) "
            "ORDER BY begun_at, message_id",
            since=microseconds(since),
        )
    return list(said_from(AlertMessage, table))


def alert_latencies(warehouse: Warehouse) -> list[Latency]:
    """Return how long alerts took, a source each."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT source, alerts, end_to_raised_median, end_to_raised_p95, "
            "landed_to_raised_median, landed_to_raised_p95, raised_to_told_median, "
            "raised_to_told_p95 FROM alert_latencies ORDER BY source"
        )
    return [
        Latency(
            source=row[0],
            alerts=row[1],
            end_to_raised=(row[2], row[3]),
            landed_to_raised=(row[4], row[5]),
            raised_to_told=(row[6], row[7]),
        )
        for row in rows
    ]


_ALARMING = """
WITH alarming AS (
    SELECT interaction_id, rule_id, max(severity) AS severity, false AS is_score,
           any_value(title_zh) AS title_zh, any_value(title_en) AS title_en
    FROM current_findings @
    WHERE (list_contains($severities::VARCHAR[], severity) OR list_contains($rules, rule_id))
    GROUP BY ALL
    UNION ALL
    SELECT interaction_id, sheet_id, 'critical', true, sheet_id, sheet_id
    FROM current_scores @ WHERE is_fatal AND $scores
)
SELECT a.*, coalesce(i.queue, '') AS queue, i.started_at,
       i.started_at + to_milliseconds(i.duration_ms) AS ended_at,
       make_timestamptz(f.modified_ns // 1000) AS landed_at
FROM alarming a
JOIN interactions i USING (interaction_id)
LEFT JOIN files f ON f.item = i.source
ANTI JOIN alerts told ON told.about = a.interaction_id AND told.rule_id = a.rule_id
WHERE i.started_at + to_milliseconds(i.duration_ms) >= make_timestamptz($since)
ORDER BY i.started_at, a.interaction_id, a.rule_id
"""


def alarming(
    warehouse: Warehouse,
    *,
    since: datetime,
    severities: Collection[str],
    rules: Collection[str],
    scores: bool,
    only: Collection[str] | None = None,
) -> list[Alarming]:
    """Return what alarms and was told to nobody yet, the earliest contact first.

    Args:
        warehouse: Where from.
        since: Only interactions that ended since.
        severities: Of the findings that alarm.
        rules: Rules that alarm whatever their severity.
        scores: Whether a score sheet with a failed fatal item alarms.
        only: Of these interactions; None: of all.
    """
    among = "" if only is None else "SEMI JOIN wanted ON wanted.id = interaction_id"
    with warehouse.snapshot() as look:
        look.want(() if only is None else only)
        table = look.table(
            _ALARMING.replace("@", among),
            since=microseconds(since),
            severities=sorted(severities),
            rules=[safe(one) for one in sorted(rules)],
            scores=scores,
        )
    return [_alarming(row) for row in records(table)]


def _alarming(row: dict[str, Any]) -> Alarming:
    landed = row.pop("landed_at")
    return Alarming(
        severity=Severity(row.pop("severity")),
        started_at=moment(row.pop("started_at")),
        ended_at=moment(row.pop("ended_at")),
        landed_at=None if landed is None else moment(landed),
        **row,
    )


def runs_since(warehouse: Warehouse, since: datetime) -> Sequence[Run]:
    """Return the runs that began since, the first first; without their summaries."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT run_id, flow, epoch_us(started_at), epoch_us(ended_at), state FROM runs "
            "WHERE started_at >= make_timestamptz($since) ORDER BY started_at, run_id",
            since=microseconds(since),
        )
    return [
        Run(
            run_id=restored(run_id),
            flow=restored(flow),
            started_at=moment(started),
            ended_at=None if ended is None else moment(ended),
            state=state,
        )
        for run_id, flow, started, ended, state in rows
    ]
