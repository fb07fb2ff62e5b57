"""Effort and repeat contacts on the sample centre's written contacts, against what was planted.

Cases: ``said_before``, contacts whose customer says that they came before (planted lines
``repeat_contact``) against the sign ``contacted_before``; ``repeats_N``, contacts that repeat one
of the same customer about the same thing within N days. What was planted is the scenario; an
English one that tells the same as a Mandarin one is the same thing (``_SAME``). Told by the reason
that the words give, of faults together with the product.

``found/<set>/<sign>``: on real dialogues (``../shared/eval/text``) the share of them in which each
sign of effort is found; nobody labelled them, docs/effort.md tells what reading fifty showed.

Engines: ``ours``; ``phrases``, a plain list of words (投诉过, 打过, 又, 次了, again) for
``said_before``; for ``repeats_N`` ``queue``, the same queue and product, and ``customer``, every
contact of a customer who came before.

Metrics: ``precision``, ``recall``, ``planted``; ``share``, ``n``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from benchmarks._labelled import dialogue, rows
from benchmarks._planted import planted
from benchmarks._report import Figures, options, show
from detectors.effort.contacts import Contact, repeats
from detectors.effort.signs import WEIGHTS, contacted_before, signs_of_effort
from detectors.features import Features
from detectors.lexicon import Lexicon
from detectors.reason.sorting import sorted_by
from detectors.reason.taxonomy import Dimension
from detectors.reason.taxonomy_reading import shipped
from interactions.sound import Party
from interactions.text import normal
from samples.contacts import Contact as Planted
from samples.contacts import as_interaction

SETS = ("jddc", "stc3")
DAYS, QUICK_DAYS = 60, 10
WINDOWS = (1, 7, 14, 30)
_SAME = {
    "en_fridge_warm": "fridge_not_cooling",
    "en_washer_leak": "washer_leak",
    "en_delivery_late": "delivery_delay",
    "en_refund_missing": "refund_late",
    "en_install": "install_booking",
    "en_ac_error": "ac_e6",
}
_WORDS = ("投诉过", "打过", "又", "次了", "again")


def run(*, quick: bool) -> Figures:
    """Return ``{case: {engine: {metric: value}}}``."""
    contacts = planted(QUICK_DAYS if quick else DAYS)
    said = {one.interaction_id: _customers_words(one) for one in contacts}
    truth = {one.interaction_id for one in contacts if _says_so(one)}
    ours = {name for name, texts in said.items() if contacted_before(texts)}
    plain = {n for n, texts in said.items() if any(w in text for text in texts for w in _WORDS)}
    figures = {"said_before": {"ours": _metrics(ours, truth), "phrases": _metrics(plain, truth)}}
    issues = _issues(contacts)
    for window in WINDOWS:
        true = set(
            repeats(
                [_contact(o, _SAME.get(o.scenario.name, o.scenario.name)) for o in contacts],
                window=window,
            )
        )
        told = repeats([_contact(o, issues[o.interaction_id]) for o in contacts], window=window)
        queue = repeats(
            [_contact(o, f"{o.scenario.queue} {o.product}") for o in contacts], window=window
        )
        anyone = repeats([_contact(o, "") for o in contacts], window=window)
        figures[f"repeats_{window}"] = {
            "ours": _metrics(told, true),
            "queue": _metrics(queue, true),
            "customer": _metrics(anyone, true),
        }
    for name in () if quick else SETS:
        figures |= _found(name)
    return figures


def _found(name: str) -> Figures:
    """Return in how many real dialogues each sign of effort is found."""
    counts: Counter[str] = Counter()
    every = rows(name)
    for row in every:
        features = Features(dialogue(row, str(row["id"])))
        again = features.customer_says_again
        signs = signs_of_effort(features.utterances, features.normal.texts, again)
        counts.update(sign for sign, times in signs.items() if times)
    return {
        f"found/{name}/{sign}": {
            "ours": {"share": round(counts[sign] / len(every), 4), "n": len(every)}
        }
        for sign in (WEIGHTS if every else ())
    }


def _issues(contacts: list[Planted]) -> dict[str, str]:
    """Return what each contact is about, by its words; by nothing else where it is unsorted."""
    lexicon = Lexicon((shipped().phrases,))
    found = {}
    for one in contacts:
        told = sorted_by(Features(as_interaction(one), lexicon)).of(Dimension.REASON)
        found[one.interaction_id] = (told[0].issue if told else "") or one.interaction_id
    return found


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
    columns = {"precision": ".3f", "recall": ".3f", "planted": ".0f", "share": ".3f", "n": ".0f"}
    show(run(quick=chosen.quick), columns, title="Effort", as_json=chosen.json)


if __name__ == "__main__":
    main()
