"""One figure per table, to tell whether two warehouses hold the same rows."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.store import Warehouse

# All but those about the keeping itself (shards, runs, origins, plans, migrations, view_texts),
# which differ between machines and runs.
DATA_TABLES = (
    "files", "set_aside", "interactions", "recordings", "utterances", "speech", "contours",
    "doubted_terms",
    "plan_rules", "inspections", "findings", "evidence", "not_measured", "measures", "matters",
    "worklist",
    "counted_days", "term_counts", "compared_days", "spikes",
    "verdicts", "reviews", "rule_versions", "backtests", "score_sheets", "scores", "score_lines",
    "answers", "accounts", "audit", "assignments", "saved_views", "withdrawals", "corrections",
    "appeals", "calibrations", "calibration_answers", "coaching_cases", "collections",
    "coaching_tasks", "spike_actions", "alerts", "alert_messages", "alert_answers",
)  # fmt: skip
_ONE = "SELECT '@' AS name, count(*), coalesce(sum(CAST(hash(one) AS HUGEINT)), 0) FROM @ AS one"


@dataclass(frozen=True, slots=True)
class TableDigest:
    """Number of rows, and a sum over their hashes that does not depend on their order."""

    rows: int
    digest: int


def digests(warehouse: Warehouse) -> dict[str, TableDigest]:
    """Return the digest of each data table.

    Two warehouses read by the same version of DuckDB are equal row for row exactly when these are
    equal (but for a collision of 64-bit hashes).
    """
    sql = " UNION ALL ".join(_ONE.replace("@", table) for table in DATA_TABLES)
    with warehouse.snapshot() as look:
        return {name: TableDigest(rows, int(total)) for name, rows, total in look.rows(sql)}
