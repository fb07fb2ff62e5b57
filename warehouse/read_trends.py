"""Counts and spikes as they were kept, and the days that have to be counted (again)."""

from __future__ import annotations

from datetime import date

import numpy as np

from hotwords.counts import Kind, Quiet, Slice, TermCount
from hotwords.series import Series, arranged
from hotwords.spikes import Spike
from warehouse.rows_trends import CountedDay, counts_from, spikes_from
from warehouse.store import Warehouse

_KEY = ("kind", "dimension", "value", "term")
# Everything that counting reads, so that a change of any of it shows: the interactions, their
# places in the centre and, for rules, who inspected them. The words themselves follow from content
# and transcriber.
_CHANGED = """
WITH read AS (
    SELECT
        CAST(timezone($timezone, i.started_at) AS DATE) AS day,
        i.interaction_id,
        concat_ws(
            chr(31), i.interaction_id, i.content_hash, i.transcriber, i.channel,
            coalesce(i.queue, ''), coalesce(i.team, ''), coalesce(i.product, ''),
            coalesce(i.customer, ''), coalesce(i.attributes->>'$.region', ''),
            coalesce(i.attributes->>'$.reason', '')
        ) AS about,
        concat_ws(chr(31), coalesce(c.plan, ''), coalesce(c.engine, '')) AS inspected
    FROM interactions i LEFT JOIN current_inspections c USING (interaction_id)
), present AS (
    SELECT day, kind, sha256(concat($timezone, chr(30), string_agg(
        if(kind = 'rule', concat_ws(chr(31), about, inspected), about),
        chr(30) ORDER BY interaction_id
    ))) AS digest
    FROM read CROSS JOIN (VALUES ('term'), ('rule')) kinds (kind)
    GROUP BY day, kind
)
SELECT coalesce(p.day, k.day) AS day, coalesce(p.kind, k.kind) AS kind, coalesce(p.digest, '')
FROM present p FULL JOIN counted_days k ON p.day = k.day AND p.kind = k.kind
WHERE k.day IS NULL OR k.stage <> $stage OR k.digest <> coalesce(p.digest, '')
ORDER BY day, kind
"""


def uncounted_days(warehouse: Warehouse, stage: str, *, timezone: str) -> list[CountedDay]:
    """Return the days whose interactions or inspections are not those that were counted last.

    Pass them on to ``warehouse.rows.count_tables`` once they are counted.

    Args:
        warehouse: Where from.
        stage: Version of the counting; days counted by another are counted again.
        timezone: Where a day begins and ends, for example ``Asia/Shanghai``.
    """
    with warehouse.snapshot() as look:
        rows = look.rows(_CHANGED, stage=stage, timezone=timezone)
    return [CountedDay(day, Kind(kind), stage, digest) for day, kind, digest in rows]


def counted_range(warehouse: Warehouse) -> tuple[date, date] | None:
    """Return the first and the last day that has counts; None without any."""
    with warehouse.snapshot() as look:
        first, last = look.rows("SELECT min(day), max(day) FROM term_counts")[0]
    return None if first is None else (first, last)


def counted_days(warehouse: Warehouse) -> dict[tuple[date, Kind], str]:
    """Return what was counted of which days, each with the digest of what was read."""
    with warehouse.snapshot() as look:
        rows = look.rows("SELECT day, kind, digest FROM counted_days ORDER BY day, kind")
    return {(day, Kind(kind)): digest for day, kind, digest in rows}


def compared_days(warehouse: Warehouse) -> dict[tuple[date, Kind], str]:
    """Return what was compared with its past on which days, each with the comparison's stage."""
    with warehouse.snapshot() as look:
        rows = look.rows("SELECT day, kind, stage FROM compared_days ORDER BY day, kind")
    return {(day, Kind(kind)): stage for day, kind, stage in rows}


def term_counts(
    warehouse: Warehouse, kind: Kind | None, day: date, *, at_least: int = 0
) -> list[TermCount]:
    """Return the counts of one day, with examples.

    Args:
        warehouse: Where from.
        kind: None for both. The counts of all contacts come in any case.
        day: The centre's local calendar day.
        at_least: Leave out what has fewer contacts, all contacts excepted.
    """
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT * FROM term_counts WHERE day = $day "
            "AND (term = '' OR (contacts >= $at_least AND kind = coalesce($kind, kind))) "
            "ORDER BY day, kind, dimension, value, term",
            day=day,
            kind=None if kind is None else kind.value,
            at_least=at_least,
        )
    return counts_from(table)


_WINDOW = """
WITH large AS (
    SELECT kind, dimension, value, term FROM term_counts
    WHERE day = $last_day AND contacts >= $at_least
)
SELECT
    kind, dimension, value, term,
    list(day - $first_day::DATE) AS days, list(contacts) AS contacts, list(customers) AS customers
FROM term_counts
WHERE day BETWEEN $first_day AND $last_day AND dimension = coalesce($dimension, dimension)
    AND (term = '' OR kind = coalesce($kind, kind))
    AND (
        term = '' OR $at_least = 0 OR md5(term) < '2'
        OR (kind, dimension, value, term) IN (FROM large)
    )
GROUP BY ALL ORDER BY kind, dimension, value, term
"""


def counted_series(
    warehouse: Warehouse,
    kind: Kind | None,
    first_day: date,
    last_day: date,
    *,
    at_least: int = 0,
    dimension: str | None = None,
) -> Series:
    """Return the counts of ``first_day`` to ``last_day``, both included, as series.

    Read column by column: ten million counts cost seconds, not a minute of Python values.

    Args:
        warehouse: Where from.
        kind: None for both. The counts of all contacts come in any case.
        first_day: The centre's local calendar day.
        last_day: Likewise.
        at_least: Only series with so many contacts on ``last_day``, and the counts of all
            contacts that they are set against. Of the others, which cannot be a spike, an eighth
            is read (by a hash of the term, the same on every machine): from it is learned how
            counts clump. ``quiet_series`` sums up the rest.
        dimension: Only slices of this dimension; ``all`` is the whole centre. None: every slice.
    """
    with warehouse.snapshot() as look:
        table = look.table(
            _WINDOW,
            first_day=first_day,
            last_day=last_day,
            kind=None if kind is None else kind.value,
            at_least=at_least,
            dimension=dimension,
        )
    names = zip(*(table[name].to_pylist() for name in _KEY), strict=True)
    keys = [(Kind(one), Slice(where, value), term) for one, where, value, term in names]
    each = table["days"].combine_chunks().value_lengths().to_numpy()
    cells = [np.repeat(np.arange(len(keys)), each)]
    cells += [
        table[name].combine_chunks().flatten().to_numpy()
        for name in ("days", "contacts", "customers")
    ]
    return arranged(keys, np.column_stack(cells), first_day, (last_day - first_day).days + 1)


def quiet_series(
    warehouse: Warehouse, first_day: date, last_day: date, *, below: int
) -> list[Quiet]:
    """Return what ``counted_series`` leaves out of the terms with ``at_least=below``, summed up.

    Args:
        warehouse: Where from.
        first_day: The centre's local calendar day.
        last_day: Likewise; the days before it are the past.
        below: Series with fewer contacts on ``last_day``.
    """
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT dimension, value, past, count(*) FROM ("
            "SELECT dimension, value, sum(if(day < $last_day, contacts, 0)) AS past "
            "FROM term_counts WHERE day BETWEEN $first_day AND $last_day "
            "AND term <> '' AND kind = 'term' "
            "AND md5(term) >= '2' GROUP BY kind, term, dimension, value "
            "HAVING sum(if(day = $last_day, contacts, 0)) < $below) "
            "GROUP BY ALL ORDER BY ALL",
            first_day=first_day,
            last_day=last_day,
            below=below,
        )
    return [
        Quiet(slice=Slice(dimension, value), contacts=int(past), series=series)
        for dimension, value, past, series in rows
    ]


def spikes(warehouse: Warehouse, day: date | None = None) -> list[Spike]:
    """Return a day's spikes, surest first.

    Args:
        warehouse: Where from.
        day: None: the latest day that was compared with its past.
    """
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT * FROM spikes "
            "WHERE day = coalesce($day::DATE, (SELECT max(day) FROM compared_days)) "
            "ORDER BY q_value, p_value, kind, term, dimension, value",
            day=day,
        )
    return spikes_from(table)
