"""What slow drifts, unlike interactions and new words are told from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from hotwords.counts import Kind, Slice
from hotwords.drift import Measured
from hotwords.slow import LEAST_CONTACTS, WEEKS, Weekly
from warehouse.plain import restored, safe
from warehouse.store import Warehouse

# So many interactions of one agent or team are enough to say what is usual of them.
MOST_EACH = 400
_WEEKS = """
WITH weekly AS (
    SELECT kind, dimension, value, term, ($last - day) // 7 AS back, sum(contacts) AS contacts
    FROM term_counts WHERE day BETWEEN $first AND $last GROUP BY ALL
)
SELECT
    kind, dimension, value, term, list(back) AS backs, list(contacts) AS contacts
FROM weekly GROUP BY kind, dimension, value, term
HAVING term = '' OR sum(contacts) >= $at_least ORDER BY kind, dimension, value, term
"""
_MEASURED = """
WITH chosen AS (
    SELECT
        i.interaction_id, concat_ws(':', m.name, nullif(m.party, '')) AS measure,
        if($by = 'agent', i.agent, i.team) AS who,
        [i.channel, coalesce(i.queue, ''), coalesce(i.attributes->>'$.reason', '')] AS peers,
        CAST(timezone($timezone, i.started_at) AS DATE) AS day, m.value
    FROM measures m JOIN interactions i USING (interaction_id)
    WHERE m.value IS NOT NULL AND list_contains($names::VARCHAR[], m.name)
        AND CAST(timezone($timezone, i.started_at) AS DATE) BETWEEN $first AND $last
)
SELECT interaction_id, measure, who, peers, day, value FROM chosen WHERE who IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY measure, who, day >= $since ORDER BY md5(interaction_id), interaction_id
) <= $most
ORDER BY measure, who, day, interaction_id
"""
_TEXTS = """
WITH chosen AS (
    SELECT interaction_id FROM interactions
    WHERE CAST(timezone($timezone, started_at) AS DATE) BETWEEN $first AND $last
    ORDER BY md5(interaction_id), interaction_id LIMIT $most
)
SELECT string_agg(text, chr(10) ORDER BY seq)
FROM utterances SEMI JOIN chosen USING (interaction_id)
WHERE dropped_because IS NULL AND party IN ('customer', 'unknown')
GROUP BY interaction_id ORDER BY interaction_id
"""
_SEEN = """
SELECT DISTINCT word FROM unnest($words::VARCHAR[]) w (word)
JOIN utterances u ON contains(u.text, word) JOIN interactions i USING (interaction_id)
WHERE CAST(timezone($timezone, i.started_at) AS DATE) BETWEEN $first AND $last
    AND u.party IN ('customer', 'unknown')
"""


def weekly(warehouse: Warehouse, last: date) -> Weekly:
    """Return the contacts of every large enough series in the weeks that end with ``last``."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            _WEEKS, first=last - timedelta(days=7 * WEEKS - 1), last=last, at_least=LEAST_CONTACTS
        )
    contacts = np.zeros((len(rows), WEEKS), dtype=np.int64)
    keys = []
    for row, (kind, dimension, value, term, backs, each) in enumerate(rows):
        keys.append((Kind(kind), Slice(dimension, value), term))
        contacts[row, WEEKS - 1 - np.array(backs)] = each
    totals = {key[1]: row for row, key in enumerate(keys) if not key[2]}
    told = [row for row, key in enumerate(keys) if key[2] and key[1] in totals]
    return Weekly(
        keys=[keys[row] for row in told],
        contacts=contacts[told],
        exposure=contacts[[totals[keys[row][1]] for row in told]],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A stretch of the centre's local days, both ends included."""

    first: date
    last: date
    timezone: str


def measured(
    warehouse: Warehouse, names: Collection[str], days: Days, *, by: str, since: date
) -> list[Measured]:
    """Return the values of some measures, at most ``MOST_EACH`` a group before and since.

    Which ones follows from the interaction ids: the same on every machine.

    Args:
        warehouse: Where from.
        names: Of the measures.
        days: From when to when.
        by: Whose they are: ``agent`` or ``team``.
        since: The first recent day.
    """
    with warehouse.snapshot() as look:
        rows = look.rows(
            _MEASURED,
            names=sorted(names),
            first=days.first,
            last=days.last,
            timezone=days.timezone,
            by=by,
            since=since,
            most=MOST_EACH,
        )
    return [
        Measured(
            interaction_id=restored(one),
            measure=measure,
            group=restored(who),
            peers=tuple(peers),
            day=day,
            value=value,
        )
        for one, measure, who, peers, day, value in rows
    ]


def customer_texts(warehouse: Warehouse, days: Days, *, most: int) -> list[str]:
    """Return what customers said, a text an interaction, at most ``most`` of them."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            _TEXTS, first=days.first, last=days.last, timezone=days.timezone, most=most
        )
    return [restored(text) for (text,) in rows]


def words_said(warehouse: Warehouse, words: Collection[str], days: Days) -> set[str]:
    """Return which of ``words`` customers said in ``days``, as they are written."""
    if not words:
        return set()
    with warehouse.snapshot() as look:
        rows = look.rows(
            _SEEN,
            words=[safe(word) for word in sorted(words)],
            first=days.first,
            last=days.last,
            timezone=days.timezone,
        )
    return {restored(word) for (word,) in rows}
