"""Counts and spikes as Arrow tables, and back again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from hotwords.counts import Kind, Slice, TermCount
from hotwords.spikes import Spike
from warehouse.plain import restored_all, safe
from warehouse.rows_back import records
from warehouse.rows_interactions import TEXT, TEXTS, from_rows

DAY = pa.date32()
COUNTED_DAYS = pa.schema([("day", DAY), ("kind", TEXT), ("stage", TEXT), ("digest", TEXT)])
COMPARED_DAYS = pa.schema([("day", DAY), ("kind", TEXT), ("stage", TEXT)])
_SERIES = [("day", DAY), ("kind", TEXT), ("term", TEXT), ("dimension", TEXT), ("value", TEXT)]
TERM_COUNTS = pa.schema(
    [
        *_SERIES,
        ("contacts", pa.int32()),
        ("customers", pa.int32()),
        ("unnamed", pa.int32()),
        ("top_customer", pa.int32()),
        ("examples", TEXTS),
        ("hours", pa.list_(pa.int32())),
    ]
)
SPIKES = pa.schema(
    [
        *_SERIES,
        ("contacts", pa.int32()),
        ("customers", pa.int32()),
        ("exposure", pa.int32()),
        ("expected", pa.float64()),
        ("low", pa.int32()),
        ("high", pa.int32()),
        ("p_value", pa.float64()),
        ("q_value", pa.float64()),
        ("since", DAY),
        ("top_customer_share", pa.float64()),
        ("is_few_customers", pa.bool_()),
        ("method", TEXT),
        ("examples", TEXTS),
        ("run_days", pa.int32()),
        ("run_contacts", pa.int32()),
        ("run_expected", pa.float64()),
    ]
)


@dataclass(frozen=True, slots=True, order=True)
class CountedDay:
    """A day that has to be counted, or was, as to terms or as to rules.

    Attributes:
        day: The centre's local calendar day.
        kind: What is counted: a new rule changes nothing about the terms.
        stage: Version of the counting.
        digest: Over all that counting reads of the day: its interactions and, for rules, their
            inspections. Empty for a day that has none any more.
    """

    day: date
    kind: Kind
    stage: str
    digest: str


def count_tables(
    counts: Collection[TermCount], *, counted: Collection[CountedDay]
) -> dict[str, pa.Table]:
    """Return the tables ``counted_days`` and ``term_counts``.

    Args:
        counts: The rows of the days and kinds in ``counted``.
        counted: From ``warehouse.read.uncounted_days``; each replaces what the day had before,
            so a day without any rows belongs here too.

    Raises:
        ValueError: A count of a day that is not in ``counted``.
    """
    rows = [
        (
            *_series(c),
            c.contacts,
            c.customers,
            c.unnamed,
            c.top_customer,
            _safe_all(c.examples),
            list(c.hours),
        )
        for c in counts
    ]
    _check_days({(c.day, c.kind) for c in counts}, {(one.day, one.kind) for one in counted})
    days = [(one.day, one.kind.value, one.stage, one.digest) for one in sorted(counted)]
    return {
        "counted_days": from_rows(days, COUNTED_DAYS),
        "term_counts": from_rows(rows, TERM_COUNTS),
    }


def spike_tables(
    spikes: Collection[Spike], *, days: Mapping[tuple[date, Kind], str]
) -> dict[str, pa.Table]:
    """Return the tables ``compared_days`` and ``spikes``.

    Args:
        spikes: The spikes of ``days``.
        days: Days whose terms or rules were compared with their past, each with the stage of its
            comparison: its version and a digest of what it read. Each replaces what the day had
            of that kind before.

    Raises:
        ValueError: A spike on a day that is not in ``days``.
    """
    rows = [
        (
            *_series(s),
            s.contacts,
            s.customers,
            s.exposure,
            s.expected,
            s.low,
            s.high,
            s.p_value,
            s.q_value,
            s.since,
            s.top_customer_share,
            s.is_few_customers,
            s.method,
            _safe_all(s.examples),
            s.run_days,
            s.run_contacts,
            s.run_expected,
        )
        for s in spikes
    ]
    _check_days({(s.day, s.kind) for s in spikes}, set(days))
    return {
        "compared_days": from_rows(
            [(day, kind.value, stage) for (day, kind), stage in sorted(days.items())],
            COMPARED_DAYS,
        ),
        "spikes": from_rows(rows, SPIKES),
    }


def counts_from(table: pa.Table) -> list[TermCount]:
    """Return the rows of a table ``term_counts``, in its order."""
    return [
        TermCount(
            day=row["day"],
            kind=Kind(row["kind"]),
            term=row["term"],
            slice=Slice(row["dimension"], row["value"]),
            contacts=row["contacts"],
            customers=row["customers"],
            unnamed=row["unnamed"],
            top_customer=row["top_customer"],
            examples=restored_all(row["examples"]),
            hours=tuple(row["hours"] or ()),
        )
        for row in records(table)
    ]


def spikes_from(table: pa.Table) -> list[Spike]:
    """Return the rows of a table ``spikes``, in its order."""
    return [
        Spike(
            kind=Kind(row["kind"]),
            term=row["term"],
            slice=Slice(row["dimension"], row["value"]),
            day=row["day"],
            contacts=row["contacts"],
            customers=row["customers"],
            exposure=row["exposure"],
            expected=row["expected"],
            low=row["low"],
            high=row["high"],
            p_value=row["p_value"],
            q_value=row["q_value"],
            since=row["since"],
            top_customer_share=row["top_customer_share"],
            is_few_customers=row["is_few_customers"],
            method=row["method"],
            examples=restored_all(row["examples"]),
            run_days=row["run_days"],
            run_contacts=row["run_contacts"],
            run_expected=row["run_expected"],
        )
        for row in records(table)
    ]


def _series(one: TermCount | Spike) -> tuple[date, str, str, str, str]:
    return one.day, one.kind.value, safe(one.term), one.slice.dimension, safe(one.slice.value)


def _safe_all(texts: Iterable[str]) -> list[str]:
    return [safe(text) for text in texts]


def _check_days(used: set[tuple[date, Kind]], replaced: set[tuple[date, Kind]]) -> None:
    if not used <= replaced:
        names = ", ".join(f"{day} {kind}" for day, kind in sorted(used - replaced))
        msg = f"rows of days that are not replaced: {names}"
        raise ValueError(msg)
