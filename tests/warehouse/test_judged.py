"""What people decide is added, never changed, in whatever order it comes; scores follow words."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from detectors.evidence import Severity
from detectors.rules import Cause
from detectors.scorecard import Band, Given, Item, Score, ScoreLine, Section, Sheet, Source
from warehouse import read
from warehouse.digests import digests
from warehouse.judged import BacktestRow, Decision, Published, Review, SheetAnswer, Verdict
from warehouse.rows import (
    answer_tables,
    backtest_tables,
    inspection_tables,
    interaction_tables,
    published_tables,
    review_tables,
    score_tables,
    verdict_tables,
    worklist_tables,
)
from warehouse.store import open_warehouse

AT = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
TITLE = {"zh": "表", "en": "sheet"}
ITEM = Item(item_id="polite", title=TITLE, points=5.0, source=Source.RULE, source_id="shout")
SHEET = Sheet(
    sheet_id="service",
    version=1,
    title=TITLE,
    sections=(Section(section_id="manner", title=TITLE, items=(ITEM,)),),
    bands=(Band(at_least=0, title=TITLE),),
)
VERSION = SHEET.sheet_version


def verdict(finding, decision, minutes=0, **more):
    return Verdict(
        finding_id=finding.finding_id,
        interaction_id=finding.interaction_id,
        rule_id=finding.rule_id,
        rule_version=finding.rule_version,
        decision=decision,
        cause=more.pop("cause", None),
        reviewer="mei",
        decided_at=AT + timedelta(minutes=minutes),
        **more,
    )


def score(interaction_id, *, earned=5.0):
    line = ScoreLine(
        section_id="manner",
        item_id="polite",
        answer=Given.MET if earned else Given.FAILED,
        earned=earned,
        points=5.0,
        hits=0 if earned else 2,
        source=Source.RULE,
        source_id="shout",
        source_version="1-cccccccc",
        finding_ids=() if earned else ("f1", "f2"),
    )
    return Score(
        interaction_id=interaction_id,
        sheet_id="service",
        sheet_version=VERSION,
        score=20 * earned,
        critical_score=None,
        is_fatal=False,
        lines=(line,),
    )


def scored(*scores, basis="plan-1/engine-1"):
    bases = {one.interaction_id: basis for one in scores}
    return score_tables(scores, sheets=[SHEET], bases=bases)


PUBLISHED = Published(
    rule_id="shout",
    rule_version="1-cccccccc",
    severity=Severity.CRITICAL,
    title={"zh": "大声", "en": "Shouting"},
    body="id: shout\nversion: 1\n",
    published_by="mei",
    published_at=AT,
    why="试 \udcff",
)
BACKTEST = BacktestRow(
    rule_id="shout",
    rule_version="1-cccccccc",
    live_version=None,
    interactions=10,
    found=3,
    gained=3,
    lost=0,
    not_measured=1,
    days=2,
    worst_day=date(2026, 3, 2),
    worst_count=2,
)


def test_the_order_in_which_it_comes_does_not_matter(tmp_path, spool, build, templates):
    call = build.call(1)
    (finding,) = build.inspection(call.interaction_id).findings
    again = replace(call, utterances=call.utterances[:1])
    answer = SheetAnswer(
        interaction_id=call.interaction_id,
        sheet_id="service",
        sheet_version=VERSION,
        item_id="polite",
        answer=Given.PARTLY,
        earned=2.0,
        reviewer="mei",
        decided_at=AT,
    )
    tables = [
        interaction_tables([call]),
        scored(score(call.interaction_id)),
        verdict_tables([verdict(finding, Decision.REJECTED)]),
        interaction_tables([again]),
        scored(score(call.interaction_id, earned=0.0)),
        published_tables([replace(PUBLISHED, published_at=AT + timedelta(days=1), why="late")]),
        published_tables([PUBLISHED]),
        backtest_tables([BACKTEST]),
        backtest_tables([replace(BACKTEST, found=4)]),
        answer_tables([answer]),
        review_tables([Review(interaction_id="x", missed=("a",), reviewer="b", decided_at=AT)]),
    ]
    shards = [spool.write("work", f"{n:02d}", one) for n, one in enumerate(tables)]
    orders = [shards, shards[::-1], shards[5:] + shards[:5], shards[1::2] + shards[::2]]
    kept = []
    for number, order in enumerate(orders):
        path = shutil.copy(templates["empty"], tmp_path / f"{number}.duckdb")
        with open_warehouse(path) as warehouse:
            for shard in order:
                warehouse.commit(shard)
            kept.append(digests(warehouse))
            (one,) = read.scores_of(warehouse, call.interaction_id)
            assert (one.score, one.lines[0].finding_ids) == (0.0, ("f1", "f2"))
            assert read.published(warehouse, "shout") == [PUBLISHED]
            assert read.backtests(warehouse)["shout", "1-cccccccc"].found == 4
            assert read.answers_of(warehouse, [call.interaction_id]) == [answer]
    assert all(one == kept[0] for one in kept[1:])


def test_a_verdict_comes_back_as_given_and_the_last_counts(filled, keep, build):
    finding = read.findings_of(filled, build.call(0).interaction_id)[0]
    first = verdict(finding, Decision.REJECTED, note="看不清 \ud800")
    second = verdict(finding, Decision.CONFIRMED, 5, cause=Cause.TRAINING)
    for one in (second, first, first):
        shard_tables = verdict_tables([one])
        keep(shard_tables)
    assert read.verdicts_of(filled, finding.interaction_id) == [first, second]
    with filled.snapshot() as look:
        assert look.rows("SELECT decision, cause FROM current_verdicts") == [
            ("confirmed", "training")
        ]
    place = read.matching_findings(filled, finding.finding_id[:10])
    assert [one.finding_id for one in place] == [finding.finding_id]


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        # the control slice has calls 0 to 2; 0 has a confirmed finding, 1 a missed one
        ((), {"heard": 0, "present": 0, "found": 0}),
        ((0, 1, 2), {"heard": 3, "present": 2, "found": 2}),
        ((0, 3), {"heard": 1, "present": 1, "found": 1}),
    ],
)
def test_recall_is_over_the_control_slice_that_was_heard(filled, keep, build, heard, expected):
    ids = [build.call(n).interaction_id for n in range(6)]
    ranked = [
        type("E", (), {"position": n + 1, "interaction_id": one, "risk": 0.1,
                       "is_control": n < 3, "rules": ()})()
        for n, one in enumerate(ids)
    ]  # fmt: skip
    keep(worklist_tables(ranked))
    keep(verdict_tables([verdict(read.findings_of(filled, ids[0])[0], Decision.CONFIRMED)]))
    for n in heard:
        missed = ("no_apology",) if n == 1 else ()
        review = Review(interaction_id=ids[n], missed=missed, reviewer="li", decided_at=AT)
        keep(review_tables([review]))
    one = read.judgements(filled)["no_apology", "2-bbbbbbbb"]
    assert {name: getattr(one, name) for name in expected} == expected
    assert (one.confirmed, one.rejected, one.unsure) == (1, 0, 0)


def test_what_a_version_missed_and_what_it_could_not_answer(filled, keep, build):
    """``shout`` is not measured anywhere, and a rejected finding is no find."""
    ids = [build.call(n).interaction_id for n in range(6)]
    ranked = [
        type("E", (), {"position": n + 1, "interaction_id": one, "risk": 0.1,
                       "is_control": True, "rules": ()})()
        for n, one in enumerate(ids)
    ]  # fmt: skip
    keep(worklist_tables(ranked))
    keep(verdict_tables([verdict(read.findings_of(filled, ids[0])[0], Decision.REJECTED)]))
    missed = ("shout", "no_apology")
    keep(review_tables([Review(interaction_id=ids[0], missed=missed, reviewer="a", decided_at=AT)]))
    told = read.judgements(filled)
    shout = told["shout", "1-cccccccc"]
    assert (shout.heard, shout.present, shout.found, shout.unanswered) == (1, 0, 0, 1)
    apology = told["no_apology", "2-bbbbbbbb"]
    assert (apology.present, apology.found, apology.rejected) == (1, 0, 1)


def test_what_is_to_be_scored_follows_from_plan_engine_hints_and_version(filled, keep, build):
    calls = [build.call(n).interaction_id for n in range(6)]
    asked = {"engine": "engine-1", "hints": "", "versions": [f"service@{VERSION}"]}
    assert read.unscored(filled, "plan-2", **asked) == sorted(calls)
    keep(scored(*map(score, calls[:4]), basis="plan-2/engine-1"))
    assert read.unscored(filled, "plan-2", **asked) == sorted(calls[4:])
    for changed in ({"hints": "/x"}, {"versions": ["service@2-0"]}):
        assert read.unscored(filled, "plan-2", **{**asked, **changed}) == sorted(calls)
    assert read.unscored(filled, "plan-2", **{**asked, "engine": "engine-2"}) == []
    keep(interaction_tables([replace(build.call(0), content_hash="new")]))
    rules = (build.apology_2, build.shout)
    keep(inspection_tables([build.inspection(calls[0], plan="plan-2", rules=rules)], rules=rules))
    assert calls[0] in read.unscored(filled, "plan-2", **asked)
    assert read.scores_of(filled, calls[0]) == []


def test_the_live_rule_and_the_versions_that_inspected(filled, build):
    live = read.live_rule(filled, "no_apology")
    calls = {build.call(n).interaction_id for n in range(6)}
    assert (live.rule_version, live.asked, live.found) == ("2-bbbbbbbb", calls, calls)
    assert read.live_rule(filled, "nix").rule_version is None
    assert read.inspecting_versions(filled, "no_apology") == {"1-aaaaaaaa": 10, "2-bbbbbbbb": 6}


@pytest.mark.parametrize("size", [1, 4, 100])
def test_history_gives_back_whole_interactions_in_order(filled, size):
    ids = [p.interaction_id for p in read.places(filled, read.HistoryScope())]
    assert ids == sorted(ids)
    assert len(ids) == 10
    whole = list(itertools.chain(*read.history(filled, ids, read.Columns(), size=size)))
    expected = {one.interaction_id: one for one in read.interactions(filled, ids)}
    assert [one.interaction_id for one in whole] == ids
    for one in whole:
        kept = expected[one.interaction_id]
        assert replace(one, contours={}) == replace(kept, contours={})
        assert one.contours.keys() == kept.contours.keys()
    lean = read.history(filled, ids, read.Columns(words=False, contours=False), size=size)
    for one in itertools.chain(*lean):
        assert not one.contours
        assert not any(u.words for u in one.utterances)
        kept = expected[one.interaction_id]
        assert [u.text for u in one.utterances] == [u.text for u in kept.utterances]
        assert (one.speech, one.recording) == (kept.speech, kept.recording)


@pytest.mark.parametrize(
    ("scope", "count"),
    [
        ({"channels": ("chat",)}, 4),
        ({"agents": ("a1",), "channels": ("voice",)}, 2),
        ({"queues": ("orders",)}, 10),
        ({"queues": ("nix",)}, 0),
        ({"teams": ("north",), "channels": ("voice",)}, 3),
        ({"products": ("x",)}, 0),
        ({"languages": ("en",)}, 0),
        ({"first_day": date(2026, 3, 3)}, None),
    ],
)
def test_a_scope_is_what_a_rule_is_for(filled, scope, count):
    found = read.places(filled, read.HistoryScope(**scope))
    if count is None:
        assert found
        assert min(one.day for one in found) == date(2026, 3, 3)
    else:
        assert len(found) == count


def test_only_what_words_alone_decide_is_left_out(store, keep, build):
    base = build.call(1)
    kinds = {
        "holds": base,
        "lacks": replace(base, utterances=base.utterances[:1]),
        "low-trust": replace(base, utterances=base.utterances[:1], trust=0.3),
        "unsure-roles": replace(base, utterances=base.utterances[:1], role_confidence=0.5),
        "no-words": replace(base, utterances=()),
        "dropped": replace(base, utterances=base.utterances[2:]),
    }
    rows = [
        replace(one, interaction_id=name, source=name, content_hash=name)
        for name, one in kinds.items()
    ]
    keep(interaction_tables(rows))
    left = read.without(store, list(kinds), "订单", trust=0.5, roles=0.6)
    assert left == {"lacks"}
