"""Effort and repeat contacts on the sample centre's written contacts, against what was planted.

Cases: ``said_before``, contacts whose customer says that they came before (planted lines
``repeat_contact``) against the sign ``contacted_before``; ``repeats_N``, contacts that repeat one
of the same customer about the same scenario within N days, against those told from what is kept.

Engines: ``ours``; ``phrases``, a plain list of words (投诉过, 打过, 又, 次了, again) for
``said_before``; ``customer``, every contact of a customer who came before, for ``repeats_N``.

Metrics: ``precision``, ``recall``, ``planted``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from benchmarks._report import Figures, options, show
from detectors.effort.contacts import Contact, repeats
from detectors.effort.signs import contacted_before
from interactions.sound import Party
from interactions.text import normal
from samples.centre import LAST_DAY
from samples.chats import contacts_of
from samples.contacts import Contact as Planted

SEED = 1
DAYS, QUICK_DAYS = 60, 10
WINDOWS = (7, 30)
_WORDS = ("投诉过", "打过", "又", "次了", "again")


def planted(days: int) -> list[Planted]:
    """Return the written contacts of the last ``days`` days of the sample centre."""
    every = (LAST_DAY - timedelta(days=n) for n in reversed(range(days)))
    return [one for day in every for one in contacts_of(SEED, day, LAST_DAY)]


def run(*, quick: bool) -> Figures:
    """Return ``{case: {engine: {metric: value}}}``."""
    contacts = planted(QUICK_DAYS if quick else DAYS)
    said = {one.interaction_id: _customers_words(one) for one in contacts}
    truth = {one.interaction_id for one in contacts if _says_so(one)}
    ours = {name for name, texts in said.items() if contacted_before(texts)}
    plain = {n for n, texts in said.items() if any(w in text for text in texts for w in _WORDS)}
    figures = {"said_before": {"ours": _metrics(ours, truth), "phrases": _metrics(plain, truth)}}
    for window in WINDOWS:
        true = set(repeats([_contact(o, o.scenario.name) for o in contacts], window=window))
        told = repeats(
            [_contact(o, f"{o.scenario.queue} {o.product}") for o in contacts], window=window
        )
        anyone = repeats([_contact(o, "") for o in contacts], window=window)
        figures[f"repeats_{window}"] = {
            "ours": _metrics(told, true),
            "customer": _metrics(anyone, true),
        }
    return figures


def _says_so(one: Planted) -> bool:
    return any("repeat_contact" in line.labels for line in one.lines)


def _customers_words(one: Planted) -> list[str]:
    return [normal(line.text).text for line in one.lines if line.party is Party.CUSTOMER]


def _contact(one: Planted, issue: str) -> Contact:
    return Contact(one.interaction_id, one.customer.customer_id, one.started_at, issue)


def _metrics(found: Collection[str], truth: Collection[str]) -> dict[str, float]:
    right = len(set(found) & set(truth))
    return {
        "precision": round(right / len(found), 4) if found else 0.0,
        "recall": round(right / len(truth), 4) if truth else 0.0,
        "planted": len(truth),
    }


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="ten days, a few seconds").parse_args()
    columns = {"precision": ".3f", "recall": ".3f", "planted": ".0f"}
    show(run(quick=chosen.quick), columns, title="Effort", as_json=chosen.json)


if __name__ == "__main__":
    main()
