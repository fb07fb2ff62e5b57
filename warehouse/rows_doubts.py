"""Terms that the sound of a call does not bear out, as Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from asr.lexicon import DoubtedTerm
from warehouse.plain import safe
from warehouse.rows_interactions import TEXT, from_rows

DOUBTED_TERMS = pa.schema(
    [
        ("interaction_id", TEXT),
        ("seq", pa.int32()),
        ("start_ms", pa.int64()),
        ("end_ms", pa.int64()),
        ("term", TEXT),
        ("because", TEXT),
        ("confidence", pa.float64()),
    ]
)


def doubted_term_tables(doubts: Mapping[str, Sequence[DoubtedTerm]]) -> dict[str, pa.Table]:
    """Return the table ``doubted_terms``, to be kept in one shard with the interactions.

    Args:
        doubts: By interaction id.
    """
    rows = [
        (safe(one), d.seq, d.start_ms, d.end_ms, safe(d.term), d.because, d.confidence)
        for one, found in doubts.items()
        for d in found
    ]
    return {"doubted_terms": from_rows(rows, DOUBTED_TERMS)}
