"""Ten million term-day rows: what a day's update and the search over all terms and slices cost.

A warehouse of 57 days is filled with counts of Zipf-like terms in the whole centre and in slices of
a day's 175 000 rows, which is what some ten million interactions leave; then the last day is
replaced as a late recording replaces it, and searched as ``pipelines.trends`` does.

Cases: ``rows_N`` with N millions of rows, so that growth can be read.

Engines: ``ours`` (warehouse, hotwords), ``rows_in_memory`` (all rows read as Python values and
compared at once: the same search without the warehouse's choice of rows; the smallest case only).

Metrics: ``update_s`` a day's rows into the warehouse, ``search_s`` the search, both by the clock of
the processor; ``update_wall_s``, ``search_wall_s`` by the clock on the wall; ``peak_gb`` resident
memory of the whole process; ``rows_m`` millions of rows; ``series_k`` thousands of series.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks._report import Figures, options, show
from hotwords.counts import Kind
from hotwords.spikes import Spike, SpikeOptions, rising, rising_of
from warehouse.read import counted_series, quiet_series, term_counts
from warehouse.rows_trends import COUNTED_DAYS, TERM_COUNTS
from warehouse.spool import Spool
from warehouse.store import Warehouse, open_warehouse

DAYS = 57
FIRST = date(2026, 1, 5)
LAST = FIRST + timedelta(days=DAYS - 1)
PLACES = (("all", ""), *((kind, f"{kind}{n}") for kind in ("queue", "product") for n in range(4)))
PLANTED = 20
KIB_PER_GIB = 1024**2
SIZES = (1.25, 2.5, 5.0, 10.0)


class Counted:
    """Counts of a made-up centre, a day at a time.

    Args:
        rows: Rows altogether, in millions.
    """

    def __init__(self, rows: float) -> None:
        random = np.random.default_rng(3)
        each = rows * 1e6 / DAYS / len(PLACES)
        # A fifth of the terms of such a distribution occur on a day.
        terms = int(each * 4.75)
        self.rate = np.exp(random.normal(np.log(0.12), 1.9, (len(PLACES), terms)))
        self.rate *= np.array([4.0, *[1.0] * (len(PLACES) - 1)])[:, None] / 1.6
        self.names = np.array([f"w{term:07d}" for term in range(terms)], dtype=object)

    def table(self, day: int, *, planted: bool = False) -> dict[str, pa.Table]:
        """Return the tables of one day, as ``warehouse.rows.count_tables`` makes them."""
        random = np.random.default_rng(1000 + day)
        contacts = random.poisson(self.rate)
        if planted:
            contacts[0, :PLANTED] += 40
        place, term = np.nonzero(contacts)
        counts = contacts[place, term].astype(np.int32)
        total = np.full(len(PLACES), 40_000, dtype=np.int32)
        names = [*self.names[term], *[""] * len(PLACES)]
        places = [PLACES[i] for i in (*place, *range(len(PLACES)))]
        both = np.concatenate([counts, total])
        days = pa.array([FIRST + timedelta(days=day)] * len(both), pa.date32())
        columns = [
            days,
            pa.array(["term"] * len(both)),
            pa.array(names, pa.string()),
            pa.array([one for one, _ in places]),
            pa.array([value for _, value in places]),
            pa.array(both),
            pa.array(both),
            pa.array(np.zeros_like(both)),
            pa.array(np.ones_like(both)),
            pa.array([[]] * len(both), TERM_COUNTS.field("examples").type),
            pa.array([[1]] * len(both), TERM_COUNTS.field("hours").type),
        ]
        counted = pa.table(
            [days[:1], pa.array(["term"]), pa.array(["scale"]), pa.array([f"{day}{planted}"])],
            schema=COUNTED_DAYS,
        )
        rows = pa.table(columns, schema=TERM_COUNTS)
        return {"counted_days": counted, "term_counts": rows}


def chosen(warehouse: Warehouse) -> list[Spike]:
    """Search as a night does: what is large today, a sample of the rest, and its sums."""
    least = SpikeOptions().min_contacts
    counts = counted_series(warehouse, Kind.TERM, FIRST, LAST, at_least=least)
    today = term_counts(warehouse, Kind.TERM, LAST, at_least=least)
    quiet = quiet_series(warehouse, FIRST, LAST, below=least)
    return rising_of(counts, today, SpikeOptions(), quiet)


def everything(warehouse: Warehouse) -> list[Spike]:
    """Search over all rows, without a choice."""
    days = [FIRST + timedelta(days=day) for day in range(DAYS)]
    counts = [row for day in days for row in term_counts(warehouse, Kind.TERM, day)]
    return rising(counts, LAST, SpikeOptions())


def measure(rows: float, *, whole: bool) -> dict[str, dict[str, float]]:
    """Fill a warehouse and measure."""
    counted = Counted(rows)
    with tempfile.TemporaryDirectory() as folder, open_warehouse(Path(folder) / "w.duckdb") as kept:
        spool = Spool(Path(folder) / "spool")
        for day in range(DAYS):
            kept.commit(spool.write("counts", f"d{day}", counted.table(day)))
        fresh = counted.table(DAYS - 1, planted=True)
        size = sum(len(counted.table(day)["term_counts"]) for day in (0, DAYS - 1)) / 2 * DAYS / 1e6
        update = _timed(lambda: kept.commit(spool.write("counts", "late", fresh)))
        engines = {"ours": chosen} | ({"rows_in_memory": everything} if whole else {})
        figures = {}
        for name, search in engines.items():
            found: list[Spike] = []
            spent = _timed(partial(_into, found, search, kept))
            planted = {s.term for s in found} & set(counted.names[:PLANTED])
            figures[name] = {
                "update_s": update[0],
                "update_wall_s": update[1],
                "search_s": spent[0],
                "search_wall_s": spent[1],
                "peak_gb": round(_peak_gb(), 2),
                "rows_m": round(size, 2),
                "series_k": round(counted.rate.size / 1e3),
                "detected": len(planted) / PLANTED,
                "called": len(found),
            }
    return figures


def _into(found: list[Spike], search: Callable[[Warehouse], list[Spike]], kept: Warehouse) -> None:
    found += search(kept)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    start, wall = time.process_time(), time.perf_counter()
    work()
    return round(time.process_time() - start, 2), round(time.perf_counter() - wall, 2)


def _peak_gb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / KIB_PER_GIB / (1024 if sys.platform == "darwin" else 1)


def run(*, quick: bool) -> Figures:
    """Return ``{case: {engine: {metric: value}}}``, the smallest case first."""
    sizes = (0.25, 0.5) if quick else SIZES
    return {f"rows_{size:g}m": measure(size, whole=size == sizes[0]) for size in sizes}


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    asked = options(__doc__, quick="a half of a million rows, under a minute").parse_args()
    columns = {
        "rows_m": ".2f",
        "series_k": ".0f",
        "update_s": ".1f",
        "search_s": ".1f",
        "update_wall_s": ".1f",
        "search_wall_s": ".1f",
        "peak_gb": ".2f",
        "detected": ".2f",
        "called": ".0f",
    }
    show(run(quick=asked.quick), columns, title="Hotwords at scale", as_json=asked.json)


if __name__ == "__main__":
    main()
