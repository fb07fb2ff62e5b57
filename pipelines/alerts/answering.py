"""What people say to alerts: acknowledged, snoozed, resolved, opened again."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from time import time_ns

from pipelines.alerts.outbox import KIND, now_utc, outbox_of, patiently
from pipelines.settings import Settings
from warehouse.alerting import AlertAnswer
from warehouse.problems import WarehouseBusy
from warehouse.read_alerts import (
    Latency,
    StandingAlert,
    alert_latencies,
    alerts_like,
    standing_alerts,
)
from warehouse.rows import said_tables
from warehouse.spool import Spool


def answer(settings: Settings, said: AlertAnswer) -> None:
    """Keep what a person says to an alert.

    It is in the spool when this returns; where another process has the warehouse, that one, or the
    next look at the outbox, takes it in.
    """
    shard = Spool(settings.spool).write(KIND, f"{time_ns():020d}", said_tables([said]))
    with suppress(WarehouseBusy), patiently(settings) as warehouse:
        warehouse.commit(shard)


def meant(settings: Settings, beginning: str) -> list[StandingAlert]:
    """Return the alerts whose id begins so."""
    with patiently(settings) as warehouse:
        return alerts_like(warehouse, beginning)


def listed(
    settings: Settings, *, everything: bool = False
) -> tuple[list[StandingAlert], list[Latency]]:
    """Return the alerts that are open, or all that were ever raised, and how long alerts took.

    Args:
        settings: The centre.
        everything: Also those that are resolved, or old and told.
    """
    now = now_utc()
    since = None if everything else now - timedelta(days=settings.alerts.open_days)
    with patiently(settings) as warehouse:
        outbox_of(settings, warehouse, now)
        return standing_alerts(warehouse, since=since), alert_latencies(warehouse)
