"""A customer's interactions, on every channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from detectors.evidence import Severity
from interactions.interaction import Channel
from warehouse.plain import moment, safe
from warehouse.read_findings import rules_in_force
from warehouse.rows_back import records
from warehouse.store import Snapshot, Warehouse

# Made whole first: DuckDB leaves an index aside where rows are also to be put in order.
_CONTACTS = """
WITH theirs AS MATERIALIZED (
    SELECT interaction_id, channel, started_at, queue, agent FROM interactions
    WHERE customer = $customer
)
SELECT * FROM theirs ORDER BY started_at DESC, interaction_id LIMIT $limit
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One of a customer's interactions, in short.

    Attributes:
        findings: How many count today; ``severities`` theirs.
    """

    interaction_id: str
    channel: Channel
    started_at: datetime
    queue: str | None
    agent: str | None
    findings: int
    severities: tuple[Severity, ...]


def contacts_of(warehouse: Warehouse, customer: str, *, limit: int = 20) -> list[Contact]:
    """Return a customer's interactions on every channel, the last first."""
    with warehouse.snapshot() as look:
        rows = list(records(look.table(_CONTACTS, customer=safe(customer), limit=limit)))
        found = {row["interaction_id"]: _severities(look, row["interaction_id"]) for row in rows}
    return [
        Contact(
            channel=Channel(row.pop("channel")),
            started_at=moment(row.pop("started_at")),
            findings=len(found[row["interaction_id"]]),
            severities=tuple(sorted({Severity(one) for one in found[row["interaction_id"]]})),
            **row,
        )
        for row in rows
    ]


def _severities(look: Snapshot, interaction_id: str) -> list[str]:
    rows = look.rows(
        "SELECT rule_id, rule_version, severity FROM findings WHERE interaction_id = $id",
        id=safe(interaction_id),
    )
    in_force = rules_in_force(look, interaction_id) if rows else frozenset()
    return [severity for *rule, severity in rows if tuple(rule) in in_force]
