"""A centre's own phrases and labels: read, fitted, put in force, and in the plan."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from detectors.features import Features
from detectors.mood.fitting import LEAST, Case, TooFew, area, fit, gained
from detectors.mood.learned import NOTHING, read, write
from pipelines import keeping, night, sentiment
from pipelines.inspection import plan_of
from pipelines.settings import SettingsError, load
from warehouse.judged import Decision, Review, Verdict
from warehouse.rows import review_tables, verdict_tables
from warehouse.spool import Spool

BAD, GOOD = "路由器灯发红", "路由器灯发绿"


def cases(n: int) -> list[Case]:
    return [
        Case(((BAD if i % 2 else GOOD) + str(i),), ({"length": 0.5},), 0.0, bool(i % 2), f"g{i}")
        for i in range(n)
    ]


def chats(folder: Path, count: int) -> None:
    lines = []
    for i in range(count):
        text = BAD if i % 2 else GOOD
        at = f"2026-03-02T{i // 60 % 24:02}:{i % 60:02}"
        said = [("agent", "您好"), ("customer", f"{text}{'哦' * (i % 3)}")]
        messages = [
            {"role": role, "text": words, "time": f"{at}:{n:02}+08:00"}
            for n, (role, words) in enumerate(said)
        ]
        lines.append(json.dumps({"conversation_id": f"c{i:03}", "messages": messages}))
    (folder / "inbox" / "chats.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture
def kept(tmp_path: Path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "tingjian.toml").write_text('[rules]\npacks = ["conversation"]\n', "utf-8")
    chats(tmp_path, 60)
    settings = load(tmp_path)
    night.read_texts(settings, night.scan(settings))
    keeping.keep(settings)
    return settings


@pytest.mark.parametrize(
    ("scores", "labels", "expected"),
    [([1, 2, 3, 4], [0, 0, 1, 1], 1.0), ([1, 1, 1, 1], [0, 1, 0, 1], 0.5), ([3, 1], [0, 1], 0.0)],
)
def test_area_is_the_share_of_pairs_in_order(scores, labels, expected) -> None:
    found = area(scores, [bool(one) for one in labels])
    assert found.value == expected
    assert found.low <= found.value <= found.high


def test_fitting_learns_what_no_lexicon_holds_and_is_the_same_again(tmp_path: Path) -> None:
    learned = fit(cases(80))
    assert (
        learned.adds(0.0, BAD, {"length": 0.5})
        > 0.5
        > -0.5
        > learned.adds(0.0, GOOD, {"length": 0.5})
    )
    assert fit(cases(80)).version == learned.version != ""
    write(learned, tmp_path / "m.npz")
    again = read(tmp_path / "m.npz")
    assert again.adds(0.0, BAD, {"length": 0.5}) == pytest.approx(
        learned.adds(0.0, BAD, {"length": 0.5}), abs=1e-4
    )


def test_the_gain_is_measured_on_held_out_cases() -> None:
    gain = gained(cases(80))
    assert (gain.cases, gain.dissatisfied) == (80, 40)
    assert gain.before.value == 0.5
    assert gain.after.value > 0.95


def test_a_group_is_never_split() -> None:
    """One group alone is never held out against itself: nothing is learned, nothing gained."""
    together = [Case(c.texts, c.signs, c.base, c.is_dissatisfied, "one") for c in cases(80)]
    assert gained(together).after == gained(together).before


def test_too_few_labels_are_said() -> None:
    with pytest.raises(TooFew) as few:
        fit(cases(2 * LEAST - 2))
    assert few.value.dissatisfied == LEAST - 1


def test_nothing_learned_adds_nothing() -> None:
    assert NOTHING.adds(1.0, BAD, {}) == 0.0
    assert NOTHING.version == ""


def test_own_phrases_stand_above_the_shipped_words(kept) -> None:
    before = plan_of(kept).key
    folder = kept.folder / sentiment.FOLDER
    folder.mkdir()
    (folder / sentiment.PHRASES).write_text("灯不亮: -3\n", "utf-8")
    plan = plan_of(kept)
    assert plan.key != before
    assert plan.mood.words.weights[plan.mood.words.phrases.phrases.index("灯不亮")] == -3


@pytest.mark.parametrize("text", ["灯不亮: 7\n", "灯不亮: 很差\n", "- 灯\n", "a: [\n"])
def test_phrases_that_cannot_be_used_say_so(kept, text: str) -> None:
    folder = kept.folder / sentiment.FOLDER
    folder.mkdir()
    (folder / sentiment.PHRASES).write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        plan_of(kept)
    assert error.value.wrong[0].code == "sentiment"


def labels_of(kept) -> Path:
    path = kept.folder / "labels.csv"
    rows = [f"c{i:03},{i % 2}" for i in range(60)]
    path.write_text("interaction,dissatisfied\n" + "\n".join([*rows, "nobody,1"]) + "\n", "utf-8")
    return path


def test_fit_to_labels_and_use(kept) -> None:
    plain = plan_of(kept).key
    fitted = sentiment.fit_to(kept, sentiment.labels_from(labels_of(kept)))
    assert fitted.unknown == 1
    assert fitted.is_better
    assert fitted.gain.after.value > 0.95
    assert plan_of(kept).key == plain  # nothing changes until it is used
    assert sentiment.versions(kept) == [fitted.version]
    sentiment.put_in_force(kept, fitted.version)
    plan = plan_of(kept)
    assert plan.key != plain
    assert plan.mood.learned.version
    sentiment.put_in_force(kept, "")
    assert plan_of(kept).key == plain
    with pytest.raises(KeyError):
        sentiment.put_in_force(kept, "nothing")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("interaction,label\nc001,1\n", 1),
        ("interaction,dissatisfied\nc001,maybe\n", 2),
        ("interaction,dissatisfied,utterance\nc001,1,first\n", 2),
    ],
)
def test_labels_that_cannot_be_read_say_where(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(sentiment.LabelError) as error:
        sentiment.labels_from(path)
    assert error.value.line == line


def test_fitted_features_say_so(kept) -> None:
    assert not Features(_any(kept)).is_fitted


def _any(kept):
    from warehouse.read import interactions
    from warehouse.store import open_warehouse

    with open_warehouse(kept.warehouse, read_only=True) as warehouse:
        return interactions(warehouse, ["c000"])[0]


def judged(kept, *, complaints: int, reviewed: int) -> None:
    """Verdicts on complaints that nobody but the warehouse needs to have found, and reviews."""
    spool = Spool(kept.spool)
    at = datetime(2026, 3, 3, tzinfo=UTC)
    verdicts = [
        Verdict(
            finding_id=f"f{i}",
            interaction_id=f"c{2 * i + 1:03}",
            rule_id="zh-complaint",
            rule_version="1",
            decision=Decision.CONFIRMED,
            cause=None,
            reviewer="mei",
            decided_at=at,
        )
        for i in range(complaints)
    ]
    reviews = [
        Review(interaction_id=f"c{2 * i:03}", missed=(), reviewer="mei", decided_at=at)
        for i in range(reviewed)
    ]
    spool.write("verdicts", "v", verdict_tables(verdicts))
    spool.write("reviews", "r", review_tables(reviews))
    keeping.keep(kept)


def test_verdicts_and_reviews_are_labels(kept) -> None:
    judged(kept, complaints=LEAST, reviewed=LEAST)
    labels = sentiment.labels_from_verdicts(kept)
    assert len(labels) == 2 * LEAST
    assert {one.interaction_id for one in labels if one.is_dissatisfied} == {
        f"c{2 * i + 1:03}" for i in range(LEAST)
    }
    assert sentiment.fit_to(kept, labels).gain.after.value > 0.95


def test_own_phrases_are_measured_before_and_after(kept) -> None:
    labels = sentiment.labels_from(labels_of(kept))
    before, after, count = sentiment.measured(kept, labels)
    assert (before, count) == (after, 60)
    folder = kept.folder / sentiment.FOLDER
    folder.mkdir()
    (folder / sentiment.PHRASES).write_text("灯发红: -3\n灯发绿: 2\n", "utf-8")
    before, after, _ = sentiment.measured(kept, labels)
    assert after.value == 1.0
    assert before.value < 0.7
    with pytest.raises(TooFew):
        sentiment.measured(kept, labels[:10])


def test_a_fitted_risk_is_calibrated_and_its_coefficients_stand_on_the_card(kept) -> None:
    fitted = sentiment.fit_to(kept, sentiment.labels_from(labels_of(kept)))
    card = json.loads((kept.folder / "sentiment" / f"{fitted.version}.json").read_text("utf-8"))
    assert set(card["coefficients"]) == {"slope", "intercept", "bias"}
    assert card["coefficients"]["slope"] > 0
    assert 0 <= card["error"] < 0.2
    assert "risks" not in card
