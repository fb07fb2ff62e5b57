"""What stands behind a spike: its series day by day, and the parts of the centre that hold it."""

from __future__ import annotations

from datetime import date

from hotwords.attribution import Cell
from hotwords.counts import EVERYTHING, Kind, Slice, TermCount
from warehouse.plain import restored, safe
from warehouse.rows_trends import counts_from
from warehouse.store import Warehouse

# What the centre brought about itself: outbound calls, and contacts that name a campaign.
_CELLS = """
WITH around AS (
    SELECT
        interaction_id, channel, coalesce(product, '') AS product, coalesce(queue, '') AS queue,
        coalesce(team, '') AS team, coalesce(attributes->>'$.region', '') AS region,
        coalesce(attributes->>'$.reason', '') AS reason,
        coalesce(attributes->>'$.direction', '') = 'outbound'
            OR coalesce(attributes->>'$.campaign', '') <> '' AS is_proactive,
        CAST(timezone($timezone, started_at) AS DATE) AS day
    FROM interactions
    WHERE CAST(timezone($timezone, started_at) AS DATE) = $day
       OR CAST(timezone($timezone, started_at) AS DATE) BETWEEN $first AND $last
), hit AS (
    SELECT DISTINCT interaction_id FROM utterances
    WHERE $kind = 'term' AND $term <> '' AND dropped_because IS NULL
      AND party IN ('customer', 'unknown') AND contains(lower(text), $term)
    UNION
    SELECT interaction_id FROM current_findings WHERE $kind = 'rule' AND rule_id = $term
    UNION
    SELECT interaction_id FROM around WHERE $kind = 'term' AND $term = ''
)
SELECT
    channel, product, queue, team, region, reason,
    count(*) FILTER (day = $day) AS contacts,
    count(h.interaction_id) FILTER (day = $day) AS hits,
    count(*) FILTER (day <> $day) AS past_contacts,
    count(h.interaction_id) FILTER (day <> $day) AS past_hits,
    count(h.interaction_id) FILTER (day = $day AND is_proactive) AS proactive,
    count(h.interaction_id) FILTER (day <> $day AND is_proactive) AS past_proactive
FROM around a LEFT JOIN hit h USING (interaction_id)
GROUP BY ALL ORDER BY ALL
"""
_DIMENSIONS = ("channel", "product", "queue", "team", "region", "reason")


def cells(
    warehouse: Warehouse, kind: Kind, term: str, *, days: tuple[date, date, date], timezone: str
) -> list[Cell]:
    """Return how the contacts with a term lie over the parts of the centre.

    A term is looked for as it is written, in lower case; a phrase across two utterances is not
    seen.

    Args:
        warehouse: Where from.
        kind: Words of the customer, or hits of a rule.
        term: The term or rule id; empty: every contact.
        days: The day in question, and the first and last day of the past it is set against.
        timezone: Where a day begins and ends.
    """
    day, first, last = days
    with warehouse.snapshot() as look:
        rows = look.rows(
            _CELLS,
            kind=kind.value,
            term=safe(term),
            day=day,
            first=first,
            last=last,
            timezone=timezone,
        )
    return [
        Cell(
            place=tuple(
                Slice(name, value)
                for name, value in zip(_DIMENSIONS, row[:6], strict=True)
                if value
            ),
            contacts=row[6],
            hits=row[7],
            past_contacts=row[8],
            past_hits=row[9],
            proactive=row[10],
            past_proactive=row[11],
        )
        for row in rows
    ]


def counts_of(
    warehouse: Warehouse, kind: Kind, term: str, first_day: date, last_day: date
) -> list[TermCount]:
    """Return one term's counts in every slice, and the slices' contacts altogether."""
    with warehouse.snapshot() as look:
        table = look.table(
            "SELECT * REPLACE ([]::VARCHAR[] AS examples) FROM term_counts "
            "WHERE day BETWEEN $first AND $last AND ((kind = $kind AND term = $term) OR term = '') "
            "ORDER BY day, kind, dimension, value, term",
            kind=kind.value,
            term=safe(term),
            first=first_day,
            last=last_day,
        )
    return counts_from(table)


def hours_of(
    warehouse: Warehouse, kind: Kind, term: str, place: Slice, first_day: date, last_day: date
) -> dict[date, tuple[int, ...]]:
    """Return a term's contacts by local hour, of each day that has any."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT day, hours FROM term_counts WHERE day BETWEEN $first AND $last "
            "AND kind = $kind AND term = $term AND dimension = $dimension AND value = $value "
            "ORDER BY day",
            kind=kind.value,
            term=safe(term),
            dimension=place.dimension,
            value=safe(place.value),
            first=first_day,
            last=last_day,
        )
    return {day: tuple(hours or ()) for day, hours in rows}


def usual_hours(
    warehouse: Warehouse, kind: Kind, first_day: date, last_day: date
) -> dict[str, tuple[int, ...]]:
    """Return every term's contacts in the whole centre by local hour, all days together.

    Args:
        warehouse: Where from.
        kind: Of the terms. All contacts come in any case, as the term ``""``.
        first_day: The centre's local calendar day.
        last_day: Likewise, included.
    """
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT term, list(contacts ORDER BY hour) FROM ("
            "SELECT term, hour, sum(coalesce(hours[hour], 0))::BIGINT AS contacts "
            "FROM term_counts CROSS JOIN range(1, 25) every (hour) "
            "WHERE day BETWEEN $first AND $last AND dimension = $dimension "
            "AND (term = '' OR kind = $kind) GROUP BY ALL) GROUP BY term ORDER BY term",
            kind=kind.value,
            dimension=EVERYTHING.dimension,
            first=first_day,
            last=last_day,
        )
    return {restored(term): tuple(hours) for term, hours in rows}
