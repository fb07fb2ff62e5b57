from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from detectors.evidence import Severity
from hotwords.counts import Kind, Quiet, Slice, TermCount
from hotwords.spikes import Spike
from interactions.interaction import Channel
from interactions.problems import Unreadable
from warehouse import read
from warehouse.rows import (
    CountedDay,
    SetAside,
    count_tables,
    files_tables,
    inspection_tables,
    interaction_tables,
    set_aside_tables,
    spike_tables,
    worklist_tables,
)

ZONE = "Asia/Shanghai"


# ---- what is known ---------------------------------------------------------------------------


def test_what_was_seen_is_known(store, keep, build):
    seen = [read.FileSeen("a.wav", 10, 5, "h1", "intake-1"), read.FileSeen("é\udcff", 0, 1, "", "")]
    keep(files_tables(seen))
    keep(files_tables([replace(seen[0], bytes=11)]))
    assert read.known_files(store) == {
        "a.wav": replace(seen[0], bytes=11),
        "é\udcff": seen[1],
    }
    calls = [build.call(n) for n in (2, 1)]
    twin = build.call(3, content_hash=calls[0].content_hash)
    keep(interaction_tables([*calls, twin]))
    assert read.known_contents(store) == {
        calls[0].content_hash: (calls[0].interaction_id, "calls/2.wav"),
        calls[1].content_hash: (calls[1].interaction_id, "calls/1.wav"),
    }
    assert read.known_ids(store) == {c.interaction_id: c.content_hash for c in [*calls, twin]}


@pytest.mark.parametrize(
    ("prefix", "limit", "expected"),
    [
        ("voice-", 3, ["voice-" + "0" * 15 + n for n in "012"]),
        ("chat-" + "0" * 15 + "2", 20, ["chat-" + "0" * 15 + "2"]),
        ("", 1, ["chat-" + "0" * 16]),
        ("%", 20, []),
        ("' OR 1=1 --", 20, []),
    ],
)
def test_ids_are_found_by_how_they_begin(filled, prefix, limit, expected):
    assert read.matching_ids(filled, prefix, limit=limit) == expected


def test_interactions_come_as_asked(filled, build):
    ids = [build.call(3).interaction_id, "nobody", build.chat(1).interaction_id]
    found = read.interactions(filled, [*ids, ids[0]])
    assert [one.interaction_id for one in found] == [ids[0], ids[2]]
    assert found[0].contours
    plain = read.interactions(filled, ids, with_contours=False)
    assert [one.contours for one in plain] == [{}, {}]
    assert plain[0].speech == found[0].speech
    assert read.interactions(filled, []) == []


def test_batches_hold_everything_once_in_order(filled):
    everything = sorted(read.known_ids(filled))
    batches = list(read.interaction_batches(filled, size=4))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    assert [one.interaction_id for batch in batches for one in batch] == everything
    some = read.interaction_batches(filled, size=4, where_ids={everything[7], everything[2], "no"})
    assert [one.interaction_id for batch in some for one in batch] == [everything[2], everything[7]]


# ---- days ------------------------------------------------------------------------------------


def test_a_day_begins_at_midnight_of_the_centre(store, keep, build):
    late = build.call(1, started_at=datetime(2026, 3, 2, 15, 59, 59, 999_999, UTC))
    early = build.call(2, started_at=datetime(2026, 3, 2, 16, 0, tzinfo=UTC))
    keep(interaction_tables([late, early]))
    ids = [late.interaction_id, early.interaction_id]
    assert read.days_of(store, ids, timezone=ZONE) == {
        ids[0]: date(2026, 3, 2),
        ids[1]: date(2026, 3, 3),
    }
    assert set(read.days_of(store, ids, timezone="UTC").values()) == {date(2026, 3, 2)}
    batches = list(read.counting_batches(store, [date(2026, 3, 3)], timezone=ZONE))
    assert [[one.interaction_id for one in batch] for batch in batches] == [[early.interaction_id]]
    counted = batches[0][0]
    assert counted.utterances[0].text == "您好"
    assert (counted.utterances[0].words, counted.contours, counted.speech) == ((), {}, {})


def test_counting_batches_are_bounded(filled):
    days = {date(2026, 3, day) for day in (2, 3, 4)}
    batches = list(read.counting_batches(filled, days, timezone=ZONE, size=3))
    assert [len(batch) for batch in batches] == [3, 3, 3, 1]


def days_to_count(warehouse, stage="count-1", zone=ZONE):
    return [
        f"{one.day.day} {one.kind}" for one in read.uncounted_days(warehouse, stage, timezone=zone)
    ]


def both(*days):
    return [f"{day} {kind}" for day in days for kind in ("rule", "term")]


def test_a_day_is_counted_until_nothing_changes(store, keep, build):
    one, two = build.call(0), build.call(9)
    keep(interaction_tables([one, two]))
    assert days_to_count(store) == both(2, 5)
    keep(count_tables([], counted=read.uncounted_days(store, "count-1", timezone=ZONE)))
    assert days_to_count(store) == []
    assert days_to_count(store, stage="count-2") == both(2, 5)
    assert days_to_count(store, zone="Europe/Berlin") == both(2, 4, 5)

    keep(interaction_tables([build.call(1)]))  # a late recording of the first day
    assert days_to_count(store) == both(2)
    keep(count_tables([], counted=read.uncounted_days(store, "count-1", timezone=ZONE)))
    keep(inspection_tables([build.inspection(two.interaction_id)], rules=RULES(build)))
    assert days_to_count(store) == ["5 rule"]  # what was found changes no word
    keep(count_tables([], counted=read.uncounted_days(store, "count-1", timezone=ZONE)))
    keep(interaction_tables([replace(two, queue="returns", started_at=one.started_at)]))
    assert days_to_count(store) == both(2, 5)
    keep(count_tables([], counted=read.uncounted_days(store, "count-1", timezone=ZONE)))
    assert days_to_count(store) == []


def RULES(build):  # noqa: N802
    return (build.apology, build.shout)


# ---- findings --------------------------------------------------------------------------------


def test_findings_come_back_as_they_were_found(filled, build):
    chat = build.inspection(build.chat(1).interaction_id)
    assert read.findings_of(filled, chat.interaction_id) == list(chat.findings)
    assert read.not_measured_of(filled, chat.interaction_id) == list(chat.not_measured)
    assert read.measures_of(filled, chat.interaction_id) == list(chat.measures)
    assert read.findings_of(filled, "nobody") == []
    assert (
        read.findings_of(filled, chat.interaction_id)[0].finding_id == chat.findings[0].finding_id
    )


def test_a_newer_version_supersedes_but_the_older_finding_stays(filled, build):
    one = build.call(1).interaction_id
    assert [f.rule_version for f in read.findings_of(filled, one)] == ["2-bbbbbbbb"]
    with filled.snapshot() as look:
        kept = look.rows("SELECT rule_version FROM findings WHERE interaction_id = $id", id=one)
    assert sorted(kept) == [("1-aaaaaaaa",), ("2-bbbbbbbb",)]
    assert len(read.measures_of(filled, one)) == 2


def test_an_inspection_replaces_what_the_same_rules_said(filled, keep, build):
    one = build.chat(1).interaction_id
    nothing = replace(build.inspection(one, engine="engine-2"), findings=(), not_measured=())
    keep(inspection_tables([nothing], rules=RULES(build)))
    assert read.findings_of(filled, one) == []
    assert read.not_measured_of(filled, one) == []
    assert len(read.findings_of(filled, build.chat(2).interaction_id)) == 1


def test_words_that_changed_are_to_be_inspected_again(filled, keep, build):
    one = build.chat(1)
    args = {"engine": "engine-1"}
    assert one.interaction_id not in read.uninspected(filled, "plan-1", **args)
    keep(interaction_tables([replace(one, content_hash="new", utterances=())]))
    assert read.uninspected(filled, "plan-1", **args) == [one.interaction_id]
    assert read.findings_of(filled, one.interaction_id) == []
    assert one.interaction_id not in read.inspected_ids(filled)
    keep(inspection_tables([build.inspection(one.interaction_id)], rules=RULES(build)))
    assert read.uninspected(filled, "plan-1", **args) == []
    assert len(read.findings_of(filled, one.interaction_id)) == 1


def test_uninspected_can_be_limited(filled):
    everything = read.uninspected(filled, "plan-3", engine="engine-1")
    assert everything == sorted(read.known_ids(filled))
    assert read.uninspected(filled, "plan-3", engine="engine-1", limit=4) == everything[:4]


def test_rules_hit_by_day(filled, build):
    hits = read.rule_hits(filled, [date(2026, 3, 2)], timezone=ZONE)
    ids = sorted(f(n).interaction_id for f in (build.call, build.chat) for n in (0, 1, 2))
    days = read.days_of(filled, ids, timezone=ZONE)
    expected = [one for one in ids if days[one] == date(2026, 3, 2)]
    assert [hit.interaction_id for hit in hits] == expected
    assert {(hit.day, hit.rule_id) for hit in hits} == {(date(2026, 3, 2), "no_apology")}


def test_ranking_sees_current_findings_only(filled):
    found = read.findings_for_ranking(filled)
    assert len(found) == 10
    assert len({one.finding_id for one in found}) == 10
    assert {(one.rule_id, one.severity, one.score) for one in found} == {
        ("no_apology", Severity.MAJOR, 1.0)
    }
    assert read.inspected_ids(filled) == sorted(read.known_ids(filled))


def test_rules_in_force_have_names(filled):
    titles = read.rule_titles(filled)
    assert sorted(titles) == ["no_apology", "shout"]
    assert titles["no_apology"] == read.RuleTitle(
        "no_apology", "2-bbbbbbbb", Severity.MAJOR, "没有道歉", "No apology"
    )


def test_findings_by_rules_outside_the_plan_are_refused(build):
    one = build.inspection("a")
    with pytest.raises(ValueError, match="not in the plan"):
        inspection_tables([one], rules=[build.shout])
    with pytest.raises(ValueError, match="one plan"):
        inspection_tables([one, build.inspection("b", plan="other")], rules=RULES(build))
    with pytest.raises(ValueError, match="twice"):
        inspection_tables([one, one], rules=RULES(build))


# ---- trends ----------------------------------------------------------------------------------

DAY = date(2026, 3, 2)
COUNT = TermCount(
    day=DAY,
    kind=Kind.TERM,
    term="退款",
    slice=Slice("queue", "orders"),
    contacts=7,
    customers=5,
    unnamed=1,
    top_customer=2,
    examples=("a", "b"),
)
SPIKE = Spike(
    kind=Kind.TERM,
    term="退款",
    slice=Slice(),
    day=DAY,
    contacts=40,
    customers=30,
    exposure=900,
    expected=12.5,
    low=6,
    high=20,
    p_value=1e-9,
    q_value=1e-7,
    since=date(2026, 3, 1),
    top_customer_share=None,
    is_few_customers=False,
    method="regression",
    examples=("a",),
    run_days=3,
    run_contacts=90,
    run_expected=41.5,
)


def test_counts_come_back_and_replace_their_day(store, keep):
    other = replace(COUNT, day=date(2026, 3, 3), kind=Kind.RULE, term="no_apology")
    counted = [CountedDay(DAY, Kind.TERM, "1", "x"), CountedDay(other.day, Kind.RULE, "1", "x")]
    keep(count_tables([COUNT, other], counted=counted))
    assert read.term_counts(store, None, DAY) == [COUNT]
    assert read.term_counts(store, Kind.RULE, other.day) == [other]
    assert read.term_counts(store, Kind.RULE, other.day, at_least=COUNT.contacts + 1) == []
    assert read.term_counts(store, Kind.TERM, other.day) == []
    assert read.counted_range(store) == (DAY, other.day)
    keep(count_tables([], counted=counted[:1]))
    assert read.term_counts(store, None, DAY) == []
    with pytest.raises(ValueError, match="2026-03-03"):
        count_tables([other], counted=counted[:1])


def test_only_series_large_enough_on_the_last_day_and_what_they_are_part_of(store, keep):
    last = date(2026, 3, 3)
    rows = [
        replace(COUNT, day=day, term=term, contacts=contacts)
        for day, term, contacts in (
            (DAY, "", 90), (DAY, "few", 9), (DAY, "many", 1),
            (last, "", 80), (last, "few", 4), (last, "many", 5),
        )
    ]  # fmt: skip
    keep(
        count_tables(
            rows,
            counted=[CountedDay(DAY, Kind.TERM, "1", "x"), CountedDay(last, Kind.TERM, "1", "y")],
        )
    )
    found = read.counted_series(store, None, DAY, last, at_least=5)
    assert [key[2] for key in found.keys] == ["", "many"]
    assert found.contacts.tolist() == [[90, 80], [1, 5]]
    assert found.first == DAY
    assert len(read.counted_series(store, None, DAY, last).keys) == 3
    assert read.counted_series(store, Kind.RULE, DAY, last).contacts.tolist() == [[90, 80]]
    assert read.counted_series(store, None, DAY, last, dimension="nowhere").keys == ()
    assert read.quiet_series(store, DAY, last, below=5) == [
        Quiet(slice=COUNT.slice, contacts=9, series=1)
    ]
    assert sum(one.series for one in read.quiet_series(store, DAY, last, below=6)) == 2
    assert read.counted_days(store) == {(DAY, Kind.TERM): "x", (last, Kind.TERM): "y"}


def test_spikes_come_back_surest_first(store, keep):
    surer = replace(SPIKE, term="", q_value=1e-8, top_customer_share=0.25)
    keep(spike_tables([SPIKE, surer], days={(DAY, Kind.TERM): "spikes-1"}))
    assert read.spikes(store) == [surer, SPIKE]
    assert read.spikes(store, DAY) == [surer, SPIKE]
    keep(spike_tables([], days={(date(2026, 3, 3), Kind.TERM): "spikes-1"}))
    assert read.spikes(store) == []
    assert read.spikes(store, DAY) == [surer, SPIKE]
    keep(spike_tables([SPIKE], days={(DAY, Kind.TERM): "spikes-1"}))
    assert read.spikes(store, DAY) == [SPIKE]
    assert read.compared_days(store) == {
        (DAY, Kind.TERM): "spikes-1",
        (date(2026, 3, 3), Kind.TERM): "spikes-1",
    }
    with pytest.raises(ValueError, match="2026-03-02"):
        spike_tables([SPIKE], days={(date(2026, 3, 3), Kind.TERM): "spikes-1"})


# ---- lists -----------------------------------------------------------------------------------


def entry(position, interaction_id, *rules):
    return SimpleNamespace(
        position=position,
        interaction_id=interaction_id,
        risk=1 / position,
        is_control=not rules,
        rules=rules,
    )


@pytest.fixture
def ranked(filled, keep, build):
    calls = [build.call(n).interaction_id for n in range(6)]
    lines = [entry(n + 1, one, "no_apology") for n, one in enumerate(calls)]
    keep(worklist_tables([*lines, entry(7, build.chat(1).interaction_id)]))
    return filled


def test_a_line_of_the_worklist_tells_what_it_is_about(ranked, build):
    first = read.worklist(ranked, limit=1)[0]
    one = build.call(0)
    assert first == read.WorklistRow(
        position=1, interaction_id=one.interaction_id, risk=1.0, is_control=False,
        rules=("no_apology",), channel=one.channel, started_at=one.started_at,
        duration_ms=one.duration_ms, agent="a0", team=None, queue="orders", customer="c0",
        product=None, language=one.language, trust=0.8, findings=1, severities=(Severity.MAJOR,),
    )  # fmt: skip
    assert first.top_rule_id == "no_apology"
    control = read.worklist(ranked, limit=1, after=6)[0]
    assert (control.is_control, control.top_rule_id, control.findings) == (True, None, 1)


def test_pages_of_the_worklist_follow_one_another(ranked):
    pages, after = [], 0
    while rows := read.worklist(ranked, limit=3, after=after):
        pages.append([row.position for row in rows])
        after = rows[-1].position
    assert pages == [[1, 2, 3], [4, 5, 6], [7]]


@pytest.mark.parametrize(
    ("only", "positions"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7]),
        ({"severity": Severity.MAJOR}, [1, 2, 3, 4, 5, 6, 7]),
        ({"severity": Severity.CRITICAL}, []),
        ({"rule_id": "no_apology"}, [1, 2, 3, 4, 5, 6, 7]),
        ({"rule_id": "shout"}, []),
        ({"team": "north"}, [2, 4, 6, 7]),
        ({"agent": "a1"}, [2, 5, 7]),
        ({"agent": "a1", "team": "north"}, [2, 7]),
        ({"queue": "orders"}, [1, 2, 3, 4, 5, 6, 7]),
        ({"queue": "x' OR 'a'='a"}, []),
        ({"channel": Channel.CHAT}, [7]),
        ({"first_day": date(2026, 3, 3)}, [4, 5, 6]),
        ({"last_day": date(2026, 3, 2)}, [1, 2, 3, 7]),
        ({"first_day": date(2026, 3, 3), "last_day": date(2026, 3, 3), "timezone": "UTC"}, [5, 6]),
    ],
)
def test_the_worklist_can_be_narrowed(ranked, only, positions):
    rows = read.worklist(ranked, limit=50, only=read.WorklistFilter(**only))
    assert [row.position for row in rows] == positions


def test_a_new_ranking_replaces_the_old(ranked, keep, build):
    assert read.worklist_entries(ranked)[6] == (build.chat(1).interaction_id, 1 / 7, True, ())
    keep(worklist_tables([entry(1, build.chat(2).interaction_id)]))
    assert [row.position for row in read.worklist(ranked, limit=9)] == [1]
    keep(worklist_tables([]))
    assert read.worklist(ranked, limit=9) == []


def test_what_is_set_aside_says_why_until_it_is_kept(store, keep, build):
    bad = SetAside.of(Unreadable("calls/1.wav", "empty_file"))
    odd = SetAside("\udcff.wav", "too_short", {"ms": 100, "share": 0.5, "name": "é\udcff"}, "h")
    keep(set_aside_tables([odd, bad]))
    assert read.set_aside(store) == [odd, bad]
    again = replace(bad, code="truncated", values={"ms": 3})
    keep(set_aside_tables([again]))
    assert read.set_aside(store) == [odd, again]
    keep(interaction_tables([build.call(1)]))
    assert read.set_aside(store) == [odd]
    keep(set_aside_tables([], cleared=["\udcff.wav"]))
    assert read.set_aside(store) == []
    keep(set_aside_tables([bad]))
    assert read.set_aside(store) == [bad]


def test_totals_add_up(filled, keep):
    keep(set_aside_tables([SetAside("a", "truncated", {}), SetAside("b", "empty_file", {})]))
    totals = read.totals(filled)
    assert (totals.kept, totals.inspected, totals.set_aside) == (10, 10, 2)
    assert totals.by_channel == {"chat": 4, "voice": 6}
    assert totals.by_reason == {"empty_file": 1, "truncated": 1}
    rows = [(r.rule_id, r.rule_version, r.inspected, r.interactions, r.findings, r.not_measured)
            for r in totals.rules]  # fmt: skip
    assert rows == [
        ("no_apology", "2-bbbbbbbb", 6, 6, 6, 0),
        ("no_apology", "1-aaaaaaaa", 4, 4, 4, 0),
        ("shout", "1-cccccccc", 10, 0, 0, 10),
    ]
    assert totals.last_run is None
