"""What alarms: findings and score sheets, spikes, drifts, and the pipeline's own failures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotwords.rises import rises
from pipelines.alert_settings import LEVELS, AlertSettings
from pipelines.alerts.alarms import About, alert, failure, of_interaction, of_rise, of_run
from pipelines.alerts.outbox import (
    keep_alerts,
    keep_aside_of_warehouse,
    now_utc,
    patiently,
    send_due,
)
from pipelines.discretion import without_identifiers
from pipelines.known_error import hints
from pipelines.redaction import redactions
from pipelines.settings import Settings
from pipelines.unlike import slow_words, team_drifts
from warehouse.alerting import Alert
from warehouse.problems import CorruptShard, WarehouseProblem
from warehouse.read import (
    compared_days,
    counted_range,
    findings_of,
    recent_runs,
    rule_titles,
    spikes,
)
from warehouse.read_alerts import alarming, runs_since
from warehouse.store import Run, Warehouse

LEAST_ASIDE = 5
MUCH_ASIDE = 0.2
"""Items set aside in one night, and their share of what came, from which the night alarms. Ours: a
bad file now and then is everyday, one in five is an export that changed."""
NIGHT_HOURS = 30
"""After which a centre that runs nights has missed one. Ours: a day, and a long night."""
NIGHT = "nightly"


def raise_kept(
    settings: Settings,
    *,
    now: datetime | None = None,
    landed: Mapping[str, datetime] | None = None,
) -> tuple[Alert, ...]:
    """Raise what the warehouse holds and nobody was alerted to yet; return what is new.

    Args:
        settings: The centre.
        now: UTC; the clock's by default.
        landed: When interactions lay in the inbox, where somebody saw it.
    """
    at = now or now_utc()
    with patiently(settings) as warehouse:
        found = [
            *_interactions(warehouse, settings, at, landed or {}),
            *_rises(warehouse, settings, at),
            *_runs(warehouse, settings, at),
        ]
        return keep_alerts(settings, warehouse, found)


def raise_these(
    settings: Settings,
    warehouse: Warehouse,
    ids: Collection[str],
    *,
    landed: Mapping[str, datetime],
    now: datetime,
) -> tuple[Alert, ...]:
    """Raise what was found in these interactions and nobody was alerted to yet.

    Args:
        settings: The centre.
        warehouse: Open for writing.
        ids: Interactions that were inspected just now.
        landed: When they lay in the inbox, where somebody saw it.
        now: UTC.
    """
    found = list(_interactions(warehouse, settings, now, landed, only=ids))
    return keep_alerts(settings, warehouse, found)


def raise_drifts(settings: Settings, *, now: datetime | None = None) -> tuple[Alert, ...]:
    """Raise words and teams that drift; for after a night, since it looks at weeks of measures.

    A drift is told once a week. Agents are left out: a chat group is no place to name one.
    """
    if settings.alerts.anomalies == "off":
        return ()
    at = now or now_utc()
    with patiently(settings) as warehouse:
        span = counted_range(warehouse)
        if span is None or at.date() - span[1] > _fresh(settings.alerts):
            return ()
        return keep_alerts(settings, warehouse, list(_drifts(warehouse, settings, at)))


@contextmanager
def failures_told(settings: Settings) -> Iterator[None]:
    """Raise and send what stops the block: a night that fails must not fail in silence."""
    try:
        yield
    except BaseException:
        _tell(settings)
        raise


def tell(settings: Settings) -> None:
    """Raise what a finished night found, and send what is due; the night's own end is not at stake.

    Whoever has the warehouse meanwhile does not stop it: what is due is sent the next time.
    """
    try:
        raise_kept(settings)
        raise_drifts(settings)
        send_due(settings)
    except WarehouseProblem as problem:
        _note(settings, problem)


def _tell(settings: Settings) -> None:
    try:
        raise_kept(settings)
        send_due(settings)
    except WarehouseProblem as problem:
        _note(settings, problem)


def _note(settings: Settings, problem: WarehouseProblem) -> None:
    """Keep in the spool that the warehouse could not be used; it is told once it can."""
    if settings.alerts.failures == "off" or not isinstance(problem, CorruptShard):
        return
    values = {"error": str(problem)}
    keep_aside_of_warehouse(
        settings, failure("corrupt", problem.place, values, settings.alerts, now=now_utc())
    )


def _interactions(
    warehouse: Warehouse,
    settings: Settings,
    now: datetime,
    landed: Mapping[str, datetime],
    only: Collection[str] | None = None,
) -> Iterator[Alert]:
    options = settings.alerts
    least = len(LEVELS) if options.findings == "off" else LEVELS.index(options.findings)
    demoted = hints(warehouse, settings)
    found = [
        one
        for one in alarming(
            warehouse,
            since=now - _fresh(options),
            severities=LEVELS[least:],
            rules=[rule for rule, own in options.rules.items() if own.level not in {"", "off"}],
            scores=options.findings != "off",
            only=only,
        )
        if one.rule_id not in demoted
    ]
    hidden = redactions(warehouse, [one.interaction_id for one in found if not one.is_score])
    for one in found:
        evidence = [
            evidence
            for finding in ([] if one.is_score else findings_of(warehouse, one.interaction_id))
            if finding.rule_id == one.rule_id
            for evidence in finding.evidence
        ]
        seen = replace(one, landed_at=landed.get(one.interaction_id, one.landed_at))
        made = of_interaction(seen, evidence, hidden.get(one.interaction_id), options, now=now)
        if made is not None:
            yield made


def _fresh(alerts: AlertSettings) -> timedelta:
    return timedelta(hours=alerts.fresh_hours)


def _rises(warehouse: Warehouse, settings: Settings, now: datetime) -> Iterator[Alert]:
    if settings.alerts.spikes == "off":
        return
    zone = ZoneInfo(settings.centre.timezone)
    first = (now - _fresh(settings.alerts)).astimezone(zone).date()
    days = sorted({day for day, _ in compared_days(warehouse) if day >= first})
    names = _titles(warehouse, settings.centre.language)
    for rise in rises(spike for day in days for spike in spikes(warehouse, day)):
        if rise.spike.term:  # all contacts together are no subject
            yield of_rise(rise, names, settings.alerts, now=now)


def _titles(warehouse: Warehouse, language: str) -> dict[str, str]:
    titles = rule_titles(warehouse)
    return {rule: one.zh if language == "zh" else one.en for rule, one in titles.items()}


def _runs(warehouse: Warehouse, settings: Settings, now: datetime) -> Iterator[Alert]:
    options = settings.alerts
    if options.failures == "off":
        return
    for run in runs_since(warehouse, now - _fresh(options)):
        if run.state == "failed":
            yield of_run(run, options, now=now)
    last = next(iter(recent_runs(warehouse, NIGHT, limit=1)), None)
    if last is not None:
        yield from _of_night(last, options, now)


def _of_night(last: Run, options: AlertSettings, now: datetime) -> Iterator[Alert]:
    """Yield what the last completed night, and that there was none since, alarms for."""
    ended = last.ended_at or last.started_at
    hours = (now - ended) // timedelta(hours=1)
    if hours >= NIGHT_HOURS:
        details: dict[str, object] = {"last": ended.isoformat(), "hours": hours}
        yield failure("night_missing", last.run_id, details, options, now=now)
    aside, found = _count(last, "set_aside"), _count(last, "found")
    if ended >= now - _fresh(options) and aside >= LEAST_ASIDE and aside >= MUCH_ASIDE * found:
        details = {"aside": aside, "found": found}
        yield failure("much_set_aside", last.run_id, details, options, now=now)


def _count(run: Run, name: str) -> int:
    value = run.summary.get(name, 0)
    return value if isinstance(value, int) else 0


def _drifts(warehouse: Warehouse, settings: Settings, now: datetime) -> Iterator[Alert]:
    level = settings.alerts.anomalies
    if level == "off":
        return
    day = now.astimezone(ZoneInfo(settings.centre.timezone)).date()
    year, week, _ = day.isocalendar()
    for slow in slow_words(warehouse, day):
        term, ratio = without_identifiers(slow.key[2]), slow.in_four_weeks
        key = f"{slow.key}\x1f{year}-{week}"
        about = About(source="anomaly", about=term, rule_id="slow", level=level, key=key)
        figures = {"ratio": ratio.value, "low": ratio.low, "high": ratio.high}
        yield alert(about, {"kind": "slow", "term": term, **_rounded(figures)}, now=now)
    for team in team_drifts(warehouse, day, settings):
        key = f"{team.group}\x1f{team.measure}\x1f{year}-{week}"
        about = About(source="anomaly", about=team.group, rule_id="team", level=level, key=key)
        figures = {"change": team.change or 0.0, "low": team.low or 0.0, "high": team.high or 0.0}
        details = {"kind": "team", "team": team.group, "measure": team.measure}
        yield alert(about, {**details, "recent": team.recent, **_rounded(figures)}, now=now)


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in figures.items()}
