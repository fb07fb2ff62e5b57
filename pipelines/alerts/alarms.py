"""From what was found to alerts: identity, level, group and masked details. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from detectors.evidence import Evidence
from hotwords.live import LiveRise
from hotwords.rises import Rise
from interactions.personal.redaction import Redaction
from interactions.sound import Party
from pipelines.alert_settings import AlertSettings, Level
from pipelines.discretion import without_identifiers
from pipelines.redaction import shown_evidence
from warehouse.alerting import Alert
from warehouse.read_alerts import Alarming
from warehouse.said import id_of
from warehouse.store import Run

LONGEST_QUOTE = 120
"""Characters of a quotation in an alert; robots cut long messages. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an alert is about.

    Attributes:
        key: What makes it the same alert as another; empty: ``about``.
    """

    source: str
    about: str
    rule_id: str
    level: Level
    queue: str = ""
    key: str = ""
    ended_at: datetime | None = None
    landed_at: datetime | None = None


def alert(about: About, details: Mapping[str, object], *, now: datetime) -> Alert:
    """Return an alert; ``details`` must be masked already, and hold what JSON can."""
    key = about.key or about.about
    return Alert(
        alert_id=id_of("alert", about.source, about.rule_id, key),
        source=about.source,
        level=about.level,
        about=about.about,
        rule_id=about.rule_id,
        queue=about.queue,
        group_key=id_of("alert-group", about.source, about.rule_id, about.queue),
        details=json.dumps(details, ensure_ascii=False, sort_keys=True),
        ended_at=about.ended_at,
        landed_at=about.landed_at,
        said_by="system",
        said_at=now,
    )


def level_of(rule_id: str, usual: Level, alerts: AlertSettings) -> Level | None:
    """Return the level that the settings give a rule, sheet or timer; None: no alert."""
    own = alerts.rules.get(rule_id)
    if own is None or not own.level:
        return usual
    return None if own.level == "off" else own.level


def of_interaction(
    one: Alarming,
    evidence: Sequence[Evidence],
    hidden: Redaction | None,
    alerts: AlertSettings,
    *,
    now: datetime,
) -> Alert | None:
    """Return the alert of a rule's findings, or of a sheet's failure, in an interaction.

    The same interaction and rule is the same alert, whichever version of the rule found it and
    however often it is inspected.

    Args:
        one: What alarms.
        evidence: Of its first finding; empty for a sheet.
        hidden: What is personal in the interaction.
        alerts: The centre's settings.
        now: UTC, timezone-aware.
    """
    level = level_of(one.rule_id, one.severity.value, alerts)
    if level is None:
        return None
    details: dict[str, object] = {
        "title_zh": one.title_zh,
        "title_en": one.title_en,
        "started_at": one.started_at.isoformat(),
    }
    if evidence:
        details["evidence"] = _shown(evidence[0], hidden)
    about = About(
        source="score" if one.is_score else "finding",
        about=one.interaction_id,
        rule_id=one.rule_id,
        level=level,
        queue=one.queue,
        ended_at=one.ended_at,
        landed_at=one.landed_at,
    )
    return alert(about, details, now=now)


def _shown(evidence: Evidence, hidden: Redaction | None) -> dict[str, object]:
    shown = shown_evidence(evidence, hidden)
    fields = shown._asdict()
    fields["party"] = None if shown.party is None else shown.party.value
    fields["quote"] = without_identifiers(shown.quote)[:LONGEST_QUOTE]
    return fields


def of_rise(
    rise: Rise, titles: Mapping[str, str], alerts: AlertSettings, *, now: datetime
) -> Alert:
    """Return the alert of a spike that a night found; a rise that goes on is the same alert.

    Args:
        rise: The story.
        titles: Of rules, by id, in both languages.
        alerts: The centre's settings; ``spikes`` must not be off.
        now: UTC, timezone-aware.
    """
    spike = rise.spike
    details = {
        "term": without_identifiers(titles.get(spike.term, spike.term)),
        "others": [without_identifiers(titles.get(one, one)) for one in rise.terms[:5]],
        "where": [spike.slice.dimension, without_identifiers(spike.slice.value)],
        "day": spike.day.isoformat(),
        "contacts": spike.contacts,
        "customers": spike.customers,
        "expected": round(spike.expected, 1),
        "is_few_customers": spike.is_few_customers,
        "examples": list(spike.examples[:3]),
    }
    return alert(_rise_about(spike.kind.value, spike.term, spike.since, alerts), details, now=now)


def of_live_rise(rise: LiveRise, day: date, alerts: AlertSettings, *, now: datetime) -> Alert:
    """Return the alert of a term that came up in the last hour; the night's is the same alert."""
    details = {
        "term": without_identifiers(rise.term),
        "others": [],
        "where": ["all", ""],
        "day": day.isoformat(),
        "contacts": rise.contacts,
        "customers": rise.customers,
        "expected": round(rise.expected, 1),
        "is_few_customers": False,
        "examples": list(rise.examples[:3]),
    }
    return alert(_rise_about("term", rise.term, day, alerts), details, now=now)


def _rise_about(kind: str, term: str, since: date, alerts: AlertSettings) -> About:
    level: Level = "major" if alerts.spikes == "off" else alerts.spikes
    key = f"{kind}\x1f{term}\x1f{since}"
    # The group is the word: a cool-down on one must not hold back another.
    return About(source="spike", about=term, rule_id=f"spike:{kind}:{term}", level=level, key=key)


def of_run(run: Run, alerts: AlertSettings, *, now: datetime) -> Alert:
    """Return the alert of a run that failed."""
    details = {"flow": run.flow, "started_at": run.started_at.isoformat()}
    return failure("run_failed", run.run_id, details, alerts, now=now)


def failure(
    code: str, about: str, details: Mapping[str, object], alerts: AlertSettings, *, now: datetime
) -> Alert:
    """Return the alert of something that went wrong in the pipeline itself.

    Args:
        code: ``run_failed``, ``night_missing``, ``much_set_aside``, ``corrupt``, ``undelivered``
            or ``behind``: ``pipelines.alerts.wording`` has the texts.
        about: What it happened to: happening again to the same is the same alert.
        details: Values of the text.
        alerts: The centre's settings.
        now: UTC, timezone-aware.
    """
    level: Level = "critical" if alerts.failures == "off" else alerts.failures
    masked = {
        name: without_identifiers(value) if isinstance(value, str) else value
        for name, value in details.items()
    }
    about_ = About(source="pipeline", about=about, rule_id=code, level=level)
    return alert(about_, masked, now=now)


def evidence_from(details: Mapping[str, object]) -> Evidence | None:
    """Return the evidence that an alert's details hold."""
    kept = details.get("evidence")
    if not isinstance(kept, dict):
        return None

    party = kept["party"]
    return Evidence(**{**kept, "party": None if party is None else Party(party)})
