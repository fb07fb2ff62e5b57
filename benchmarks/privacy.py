"""Personal data: how much of what was planted is found, and how much of what is found was planted.

Cases: ``<kind>_<manner>``, with ``_second`` and ``_third`` for wordings that were written after the
recognisers (``benchmarks._personal_wordings`` says how far they are held out);
``all_checkable`` (kinds with a check digit or a form of their own, written), ``all_spoken``,
``all_misheard`` and ``all_parts``: the same together. Identifiers are made up with right check
digits and planted in JDDC's service dialogues (``../shared/eval/text``), whose publishers masked
what was personal in them, so that whatever is found elsewhere counts as wrong. Manners:
``written``; ``spoken``, digit by digit with 幺 and 一, pauses and fillers; ``misheard``, with every
tenth digit replaced by a character that sounds like it (``benchmarks._misheard``); ``parts``, over
several utterances, said back or not by the other party.

``cost``: CPU time of finding against that of the whole inspection with the shipped packs, on the
interactions of ``benchmarks.rules_speed``: with the normal forms that the inspection has made
anyway (``share_of_inspection``), and by itself (``share_alone``).

Engines: ``ours``; ``presidio``, Presidio's stock recognisers of phone numbers (China's too), cards
and e-mail addresses without a language model; ``regexes``, the patterns that people write. Left out
for an engine: kinds that it does not know, ``recall`` 0 is shown for them as what it means.

Metrics: ``recall``, the share of planted identifiers of which every character is found as that kind
(of a phone number: as any phone); ``hidden``, found as any kind; ``precision``, in the case's
dialogues: the share of what is found as that kind that was planted; ``share_of_inspection``.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from benchmarks._dialogues import ABSENT, EVAL, dialogues
from benchmarks._personal import CHECKABLE, MANNERS, SPOKEN_KINDS, Line, Planted, Planting
from benchmarks._personal_later import SECOND, THIRD
from benchmarks._personal_values import FAR_VALUES, VALUES
from benchmarks._personal_wordings import KNOWN
from benchmarks._report import Figures, options, show
from benchmarks.rules_speed import inspected, interactions
from detectors.inspection import compile_plan
from detectors.rules import load_rules, pack_paths
from interactions.interaction import Interaction
from interactions.normal_texts import normal_texts
from interactions.personal.finding import found_among, found_over
from interactions.personal.kinds import PersonalKind

K = PersonalKind
Hits = list[tuple[PersonalKind, int, int, int]]
"""Kind, line, first and last place."""
Engine = Callable[[Sequence[Line]], Hits]
_PLACEHOLDER = re.compile(r"\[[^\[\]]{1,20}\]")
_PHONES = {K.MOBILE, K.LANDLINE}
ROUNDS = 7
PLAIN: Mapping[PersonalKind, str] = {
    K.IDENTITY_CARD: r"\d{17}[\dXx]",
    K.MOBILE: r"1[3-9]\d{9}",
    K.BANK_CARD: r"\d{16,19}",
    K.LANDLINE: r"0\d{2,3}-?\d{7,8}",
    K.EMAIL: r"[\w.+-]+@[\w-]+\.[\w.-]+",
    K.PLATE: r"[\u4e00-\u9fa5][A-Z][A-Z0-9]{5,6}",
    K.PASSPORT: r"[EG][A-Z]?\d{7,8}",
    K.ORDER_NUMBER: r"(?<=订单号)\d+|(?<=订单编号)\d+",
    K.TRACKING_NUMBER: r"(?:SF|YT|JD|ZT)\d{10,15}",
    K.VERIFICATION_CODE: r"(?<=验证码)\d{4,6}",
}


def ours(lines: Sequence[Line]) -> Hits:
    """Find with what is shipped."""
    return [
        (hit.kind, place.line, place.start, place.end)
        for hit in found_over(lines)
        for place in hit.places
    ]


def regexes(lines: Sequence[Line]) -> Hits:
    """Find with plain regular expressions."""
    return [
        (kind, number, *match.span())
        for number, (_, text) in enumerate(lines)
        for kind, pattern in PLAIN.items()
        for match in re.finditer(rf"(?<![0-9A-Za-z]){pattern}(?![0-9A-Za-z])", text)
    ]


def presidio() -> Engine | None:
    """Return Presidio's stock recognisers; None where they are not installed."""
    try:
        import tldextract.tldextract as domains  # noqa: PLC0415 - may be absent
        from presidio_analyzer.predefined_recognizers import (  # noqa: PLC0415 - may be absent
            CreditCardRecognizer,
            EmailRecognizer,
            PhoneRecognizer,
        )
    except ModuleNotFoundError:
        return None
    # it would look for its list of domains on the network before it takes the one that it brings
    domains.TLD_EXTRACTOR = domains.TLDExtract(suffix_list_urls=())
    regions = (*PhoneRecognizer.DEFAULT_SUPPORTED_REGIONS, "CN")
    stock = (CreditCardRecognizer(), EmailRecognizer(), PhoneRecognizer(supported_regions=regions))
    kinds = {"CREDIT_CARD": K.BANK_CARD, "EMAIL_ADDRESS": K.EMAIL, "PHONE_NUMBER": K.MOBILE}

    no_artifacts: Any = None  # these recognisers look at the text alone

    def find(lines: Sequence[Line]) -> Hits:
        return [
            (kinds[one.entity_type], number, one.start, one.end)
            for number, (_, text) in enumerate(lines)
            for recogniser in stock
            for one in recogniser.analyze(text, recogniser.supported_entities, no_artifacts)
        ]

    return find


def bases() -> list[list[Line]]:
    """Return JDDC's dialogues without their placeholders; none where they are absent."""
    path = EVAL / "text" / "dialogues_zh" / "jddc.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return [
        [(turn["role"], _PLACEHOLDER.sub(" ", turn["text"])) for turn in json.loads(line)["turns"]]
        for line in lines
    ]


def _kinds(kind: PersonalKind) -> set[PersonalKind]:
    return _PHONES if kind in _PHONES else {kind}


def _is_covered(planted: Planted, hits: Hits) -> bool:
    for line, start, end in planted.places:
        inside = sorted((a, b) for _, n, a, b in hits if n == line)
        edges = [(start, start), *((a, b) for a, b in inside if a < end and b > start), (end, end)]
        reached = start
        for (_, last), (first, _) in pairwise(edges):
            reached = max(reached, last)
            if first > reached:
                return False
    return True


def _is_planted(hit: tuple[PersonalKind, int, int, int], planted: Planted) -> bool:
    kind, line, start, end = hit
    return kind in _kinds(planted.kind) and any(
        line == n and start < b and a < end for n, a, b in planted.places
    )


def _cases(planted: Planted) -> Iterator[str]:
    yield f"{planted.kind.value}_{planted.manner}"
    if planted.manner != "written":
        yield f"all_{planted.manner}"
    elif planted.kind in CHECKABLE:
        yield "all_checkable"


def measured(
    engine: Engine, made: Sequence[tuple[Sequence[Line], Planted]], suffix: str
) -> Figures:
    """Return ``{case: {"": metrics}}`` of one engine."""
    counts: Counter[tuple[str, str]] = Counter()
    for lines, planted in made:
        hits = engine(lines)
        own = [hit for hit in hits if hit[0] in _kinds(planted.kind)]
        for name in _cases(planted):
            case = f"{name}{suffix}"
            counts[case, "of"] += 1
            counts[case, "recall"] += _is_covered(planted, own)
            counts[case, "hidden"] += _is_covered(planted, hits)
            counts[case, "found"] += len(own)
            counts[case, "right"] += sum(_is_planted(hit, planted) for hit in own)
    figures: Figures = {}
    for case in sorted({case for case, _ in counts}):
        metrics = {
            name: round(counts[case, name] / counts[case, "of"], 4) for name in ("recall", "hidden")
        }
        if found := counts[case, "found"]:
            metrics["precision"] = round(counts[case, "right"] / found, 4)
        figures[case] = {"": metrics}
    return figures


def planted_dialogues(each: int, planting: Planting) -> list[tuple[list[Line], Planted]]:
    """Return dialogues with one planted identifier each, ``each`` a case."""
    every = bases()
    cases = [
        (kind, manner)
        for kind in VALUES
        for manner in MANNERS
        if manner == "written" or kind in SPOKEN_KINDS
    ]
    return [
        planting.planted(every[(number * len(cases) + at) % len(every)], kind, manner)
        for number in range(each)
        for at, (kind, manner) in enumerate(cases)
    ]


def plantings() -> dict[str, Planting]:
    """Return the wordings by what their cases end in."""
    return {
        "": Planting(2026, KNOWN, VALUES),
        "_second": Planting(2027, SECOND, FAR_VALUES),
        "_third": Planting(2028, THIRD, FAR_VALUES),
    }


def cost(*, quick: bool) -> dict[str, float]:
    """Return what finding costs beside inspecting, the best of some rounds each."""
    turns = [turn for dialogue in dialogues()[1::2] for turn in dialogue]
    some = interactions(turns, 16 if quick else 4)
    inspecting = inspected(compile_plan(list(load_rules(list(pack_paths().values())))))
    works: dict[str, Callable[[Interaction], object]] = {
        "inspecting": inspecting,
        "alone": lambda one: found_among(one.utterances),
        "shared": lambda one: found_among(one.utterances, forms[one.interaction_id]),
    }
    forms = {one.interaction_id: normal_texts([u.text for u in one.utterances]) for one in some}
    spent = dict.fromkeys(works, math.inf)
    for _ in range(ROUNDS):
        for name, work in works.items():
            fresh = [replace(one) for one in some]
            before = time.process_time()
            for one in fresh:
                work(one)
            spent[name] = min(spent[name], time.process_time() - before)
    utterances = sum(len(one.utterances) for one in some)
    return {
        "share_of_inspection": round(spent["shared"] / spent["inspecting"], 4),
        "share_alone": round(spent["alone"] / spent["inspecting"], 4),
        "utterances_per_s_core": round(utterances / spent["alone"], 1),
    }


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and why something was left out."""
    if not bases():
        return {}, [ABSENT]
    # first, while there is little in memory for the collector to look through
    figures: Figures = {"cost": {"ours": cost(quick=quick)}}
    each = 12 if quick else 300
    made = {suffix: planted_dialogues(each, one) for suffix, one in plantings().items()}
    engines: dict[str, Engine] = {"ours": ours, "regexes": regexes}
    absent = []
    stock = presidio()
    if stock is None:
        absent.append("presidio: presidio-analyzer is not installed (extra presidio)")
    else:
        engines["presidio"] = stock
    for name, engine in engines.items():
        for suffix, dialogues_made in made.items():
            for case, metrics in measured(engine, dialogues_made, suffix).items():
                figures.setdefault(case, {})[name] = metrics[""]
    return figures, absent


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="fewer dialogues, under a minute").parse_args()
    figures, absent = run(quick=chosen.quick)
    columns = {
        "recall": ".3f", "hidden": ".3f", "precision": ".3f", "share_of_inspection": ".3f",
        "share_alone": ".3f",
        "utterances_per_s_core": ",.0f",
    }  # fmt: skip
    show(figures, columns, title="Personal data", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
