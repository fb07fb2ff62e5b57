"""A rule's versions: who published them, what they inspected, how right they were."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.known_error import KnownError, known_errors
from pipelines.settings import Settings
from warehouse.judged import BacktestRow, Published
from warehouse.read import backtests, inspecting_versions, live_rule, published
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Everything that is known of one version of a rule.

    Attributes:
        published: None where it was used without being published (a shipped pack).
        inspected: How many interactions it has inspected.
        backtest: Its last one; None without.
    """

    rule_version: str
    is_in_force: bool
    published: Published | None
    inspected: int
    error: KnownError
    backtest: BacktestRow | None


def versions_of(warehouse: Warehouse, settings: Settings, rule_id: str) -> list[Version]:
    """Return every version of a rule that is known, by the author's number and its hash."""
    told = {one.rule_version: one for one in published(warehouse, rule_id)}
    used = inspecting_versions(warehouse, rule_id)
    tested = {v: row for (rule, v), row in backtests(warehouse).items() if rule == rule_id}
    live = live_rule(warehouse, rule_id).rule_version
    names = sorted(told.keys() | used.keys() | tested.keys(), key=_place)
    return [
        Version(
            rule_version=name,
            is_in_force=name == live,
            published=told.get(name),
            inspected=used.get(name, 0),
            error=known_errors(warehouse, settings, {rule_id: name})[rule_id],
            backtest=tested.get(name),
        )
        for name in names
    ]


def _place(rule_version: str) -> tuple[int, str]:
    number, _, digest = rule_version.partition("-")
    return (int(number) if number.isdigit() else 0), digest
