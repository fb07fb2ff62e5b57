"""A night over the sample centre: what is found is what was planted, where it was planted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from detectors.evidence import Evidence
from hotwords.counts import contact, count
from hotwords.rises import Rise, rises
from hotwords.spikes import rising
from hotwords.terms import TermFinder
from interactions.interaction import Channel
from pipelines import inspection, keeping, night
from pipelines.settings import Settings, load
from samples.centre import LAST_DAY, Size, make
from samples.chats import contacts_of
from samples.contacts import CENTRE_TIME, as_interaction
from samples.waves import WAVES
from warehouse.read import findings_of, known_ids, not_measured_of
from warehouse.store import open_warehouse

Truth = dict[str, Any]
# The seventh call is the first with forbidden words and a raised voice of the agent.
SMALL = Size(seed=1, calls=7, days=3)
OWN_RULE = """
rules:
  - id: talk-over
    version: 1
    title: {zh: 抢话, en: Talks over}
    severity: minor
    when: {channels: [voice]}
    find: {talk_over: {min_s: 1}}
    findings: each
"""
# What a label is called in the packs; a threat to complain to someone else is a complaint too.
RULES = {
    "regulator_threat": ("regulator",),
    "media_threat": ("media",),
    "churn_threat": ("churn",),
    "repeat_contact": ("repeated-contact",),
    "forbidden_words": ("forbidden-words", "impatient", "shifts-blame"),
    "over_promise": ("over-promise",),
    "asks_code": ("asks-code",),
    "missing_greeting": ("greeting-missing",),
    "missing_closing": ("closing-missing",),
    "slow_reply": ("slow-reply",),
}
RAISED = ("customer-raises-voice", "agent-raises-voice")
# The rules ask for 2 s of raised voice and 10 s of silence; the ends of speech are heard late by
# up to 0.3 s, which makes silences shorter by that.
RAISED_MS, SILENCE_MS = 2_000, 10_300


@dataclass(frozen=True)
class Inspected:
    """What a night said of one interaction, beside the truth about it."""

    truth: Truth
    found: dict[str, list[Evidence]]
    not_measured: dict[str, str]

    @property
    def has_words(self) -> bool:
        return bool(self.truth["channel"] != "voice" or self.truth["transcript"] != "none")

    def evidence(self, *rules: str) -> list[Evidence]:
        ids = [f"{language}{rule}" for rule in rules for language in ("zh-", "en-", "")]
        return [one for rule in ids for one in self.found.get(rule, ())]

    def labels(self, name: str) -> list[Truth]:
        return [label for label in self.truth["labels"] if label["label"] == name]

    def events(self, kind: str) -> list[Truth]:
        return [event for event in self.truth.get("events", ()) if event["kind"] == kind]


def a_night(settings: Settings) -> None:
    """Do a night up to the findings."""
    arrivals = night.scan(settings)
    night.read_texts(settings, arrivals)
    for shard in night.shards(settings, arrivals):
        night.hear_shard(settings, shard)
    keeping.keep_sources(settings, arrivals.batch)
    keeping.keep(settings)
    for part in inspection.parts_never_inspected(settings):
        inspection.inspect_part(settings, part)
    keeping.keep(settings)


def truths(folder: Path) -> dict[str, Truth]:
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("call-*.json"))]
    texts += (folder / "chats.jsonl").read_text("utf-8").splitlines()
    return {truth["interaction_id"]: truth for truth in map(json.loads, texts)}


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> list[Inspected]:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "tingjian.toml").write_text('[speech]\nweights = "none"\n', "utf-8")
    make(folder, SMALL)
    settings = load(folder)
    settings.rule_folder.mkdir(exist_ok=True)
    (settings.rule_folder / "own.yaml").write_text(OWN_RULE, "utf-8")
    a_night(settings)
    said = []
    with open_warehouse(settings.warehouse) as warehouse:
        planted = truths(folder / "truth")
        assert set(known_ids(warehouse)) == set(planted)
        for one, truth in planted.items():
            found: dict[str, list[Evidence]] = {}
            for finding in findings_of(warehouse, one):
                found.setdefault(finding.rule_id, []).extend(finding.evidence)
            not_measured = {n.rule_id: n.because for n in not_measured_of(warehouse, one)}
            said.append(Inspected(truth, found, not_measured))
    return said


def calls(inspected: list[Inspected]) -> list[Inspected]:
    """The calls that can be heard as they were said."""
    voice = [one for one in inspected if one.truth["channel"] == "voice"]
    return [one for one in voice if one.truth["oddity"] == "none"]


def overlaps(evidence: Evidence, planted: Truth) -> bool:
    starts_in_time = evidence.start_ms <= int(planted["end_ms"])
    return starts_in_time and int(planted["start_ms"]) <= evidence.end_ms


@pytest.mark.parametrize("label", RULES)
def test_what_is_planted_in_the_words_is_found_and_nothing_else(
    inspected: list[Inspected], label: str
) -> None:
    hits = [one for one in inspected if one.has_words and one.evidence(*RULES[label])]
    planted = [one for one in inspected if one.has_words and one.labels(label)]
    assert planted
    both = [one for one in hits if one.labels(label)]
    assert len(both) / len(planted) >= 0.95
    assert len(both) / len(hits) >= 0.95


def test_complaints_are_found(inspected: list[Inspected]) -> None:
    threats = ("complaint", "regulator_threat", "forbidden_words")
    planted = [one for one in inspected if one.has_words and one.labels("complaint")]
    hits = [one for one in inspected if one.evidence("complaint")]
    assert planted
    assert all(one in hits for one in planted)
    assert all(any(one.labels(label) for label in threats) for one in hits)


@pytest.mark.parametrize("label", [name for name in RULES if not name.startswith("missing")])
def test_the_evidence_lies_where_it_was_planted(inspected: list[Inspected], label: str) -> None:
    for one in inspected:
        evidence = one.evidence(*RULES[label])
        planted = one.labels(label)
        if not evidence or not planted:
            continue
        for place in planted:
            assert any(overlaps(e, place) for e in evidence), one.truth["interaction_id"]
            assert place["seq"] in {e.utterance_seq for e in evidence}


def test_without_words_nothing_is_said_about_words(inspected: list[Inspected]) -> None:
    silent = [one for one in calls(inspected) if not one.has_words]
    assert len(silent) == 3
    for one in silent:
        assert not any(rule.startswith(("zh-", "en-")) for rule in one.found)
        # Which language's rules apply is known from the manifest.
        rule = f"{one.truth['language']}-forbidden-words"
        assert one.not_measured[rule] == "no_words"


def test_raised_voices_are_found_where_they_are(inspected: list[Inspected]) -> None:
    errors, long, heard = [], 0, 0
    for one in calls(inspected):
        planted = one.events("raised_voice")
        evidence = one.evidence(*RAISED)
        for found in evidence:
            whose = [event for event in planted if event["party"] == found.party]
            assert any(overlaps(found, event) for event in whose), one.truth["interaction_id"]
        for event in planted:
            if event["end_ms"] - event["start_ms"] < RAISED_MS:
                continue
            here = [e for e in evidence if e.party == event["party"] and overlaps(e, event)]
            long, heard = long + 1, heard + bool(here)
            errors += [abs(e.start_ms - event["start_ms"]) for e in here]
    assert long >= 4
    assert heard / long >= 0.8
    assert median(errors) <= 300


def test_silences_are_found_where_they_are_and_announced_ones_excused(
    inspected: list[Inspected],
) -> None:
    kinds = set()
    for one in calls(inspected):
        evidence = one.evidence("long-silence")
        silences = [e for e in one.events("silence") if e["end_ms"] - e["start_ms"] >= SILENCE_MS]
        # Who hears no words cannot know that a wait was announced.
        expected = [s for s in silences if not (s["announced"] and one.has_words)]
        for event in expected:
            (found,) = (e for e in evidence if overlaps(e, event))
            assert abs(found.start_ms - event["start_ms"]) <= 400
            assert abs(found.end_ms - event["end_ms"]) <= 400
        assert len(evidence) == len(expected), one.truth["interaction_id"]
        kinds |= {(bool(silence["announced"]), one.has_words) for silence in silences}
    assert {(False, True), (True, False)} <= kinds


def test_the_customer_who_cuts_in_is_found(inspected: list[Inspected]) -> None:
    planted, hits, false = 0, 0, 0
    for one in calls(inspected):
        evidence = one.evidence("talk-over")
        events = one.events("talk_over")
        for event in events:
            (found,) = (e for e in evidence if overlaps(e, event))
            assert found.party == event["party"]
            assert abs(found.start_ms - event["start_ms"]) <= 300
            assert abs(found.end_ms - event["end_ms"]) <= 500
            planted, hits = planted + 1, hits + 1
        false += sum(not any(overlaps(e, event) for event in events) for e in evidence)
    assert planted == hits >= 1
    # A "mm" that runs into the own next turn is heard as one long turn: once in these calls.
    assert false <= 1


@pytest.mark.slow
def test_sixty_days_rise_where_it_was_planted() -> None:
    days = [LAST_DAY - timedelta(days=back) for back in reversed(range(60))]
    contacts = [one for day in days for one in contacts_of(1, day, LAST_DAY)]
    assert sum(one.channel is Channel.CHAT for one in contacts) > 5_000
    finder = TermFinder()
    counts = count(
        contact(one, terms=finder.terms(one), timezone=CENTRE_TIME)
        for one in map(as_interaction, contacts)
    )
    told: dict[date, list[Rise]] = {day: rises(rising(counts, day)) for day in days}
    planted: set[date] = set()
    for wave in WAVES:
        since = wave.since(LAST_DAY)
        lasts = [since + timedelta(days=place) for place in range(len(wave.extra))]
        planted.update(lasts)
        words = {term.lower() for term in wave.about().terms}
        stories = {
            day: [rise for rise in told[day] if words & {rise.spike.term, *rise.terms}]
            for day in lasts
        }
        found = [day for day in lasts if stories[day]]
        # From the first day on which it is at least as many again as an ordinary queue's day.
        swells = next(day for day, n in zip(lasts, wave.extra, strict=True) if n >= 14)
        assert found, wave.name
        assert found[0] <= swells + timedelta(days=1), (wave.name, found)
        if wave.kind == "trap":
            own = [rise for day in found for rise in stories[day]]
            assert all(rise.spike.is_few_customers for rise in own if rise.spike.term in words)
    assert sum(len(told[day]) for day in days if day not in planted) <= 2
