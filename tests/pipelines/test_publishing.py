"""Publishing: what is refused and why, what a version is, and who published it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from detectors.rule_errors import RuleErrors
from detectors.rules import load_rules
from pipelines.backtest import backtest, keep_backtest
from pipelines.publishing import Publication, bodies, draft, examined, publish, target_of
from pipelines.settings import Settings, load
from warehouse import read
from warehouse.store import open_warehouse

AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
RULE = """rules:
  # why 12315: the regulator's number
  - id: regulator
    version: {version}
    title: {{zh: 提到监管, en: Regulator}}
    severity: {severity}
    find: {{phrase: {{party: customer, any: [12315, {phrase}]}}}}
    examples:
      hit:
        - {{customer: 我打12315}}
      miss:
        - {{customer: {miss}}}
"""


@pytest.fixture
def centre(tmp_path: Path) -> Settings:
    folder = tmp_path / "centre"
    (folder / "rules").mkdir(parents=True)
    (folder / "tingjian.toml").write_text("[rules]\npacks = []\n")
    open_warehouse(folder / "warehouse.duckdb").close()
    return load(folder)


def written(folder: Path, *, version: int = 1, phrase: str = "工信部", **more: str) -> Path:
    path = folder / "regulator.yaml"
    values = {"severity": "major", "miss": "你好"} | more
    path.write_text(RULE.format(version=version, phrase=phrase, **values), "utf-8")
    return path


def told(publication: Publication) -> list[str]:
    return [one.code for one in publication.objections]


def published(centre: Settings, path: Path, *, by: str = "mei") -> list[str]:
    publication = examined(centre, path, needs_backtest=False)
    assert told(publication) == []
    return [one.rule_version for one in publish(centre, publication, by=by, why="test", at=AT)]


def test_a_version_is_recorded_once_and_the_file_stands_among_the_rules(
    centre: Settings, tmp_path: Path
) -> None:
    path = written(tmp_path)
    (version,) = published(centre, path)
    assert published(centre, path, by="somebody else") == []
    with open_warehouse(centre.warehouse) as warehouse:
        (one,) = read.published(warehouse, "regulator")
    assert (one.rule_version, one.published_by, one.published_at) == (version, "mei", AT)
    assert "any: [12315, 工信部]" in one.body
    assert (centre.rule_folder / "regulator.yaml").read_text("utf-8") == path.read_text("utf-8")
    assert load_rules([centre.rule_folder / "regulator.yaml"]).rules[0].rule_version == version


def test_a_rebuilt_warehouse_knows_every_version(centre: Settings, tmp_path: Path) -> None:
    published(centre, written(tmp_path))
    published(centre, written(tmp_path, version=2, phrase="消协"))
    with open_warehouse(centre.warehouse) as warehouse:
        before = read.published(warehouse)
    centre.warehouse.unlink()
    assert told(examined(centre, written(tmp_path, version=3, phrase="银监"))) == ["no_backtest"]
    with open_warehouse(centre.warehouse) as warehouse:
        assert read.published(warehouse) == before
    assert [one.rule_version[0] for one in before] == ["1", "2"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"phrase": "消协"}, "same_number"),
        ({"severity": "critical"}, "same_number"),
        ({"version": 1, "phrase": "工信部", "miss": "再见"}, ""),  # examples make no version
        ({"version": 3, "phrase": "消协"}, ""),
        ({"version": 3, "miss": "我打12315"}, "examples"),
    ],
)
def test_a_changed_rule_needs_a_new_number(
    centre: Settings, tmp_path: Path, change: dict[str, str], code: str
) -> None:
    published(centre, written(tmp_path))
    assert told(examined(centre, written(tmp_path, **change), needs_backtest=False)) == (
        [code] if code else []
    )


def test_a_lower_number_than_was_published_is_refused(centre: Settings, tmp_path: Path) -> None:
    published(centre, written(tmp_path, version=5))
    publication = examined(centre, written(tmp_path, version=4), needs_backtest=False)
    (one,) = publication.objections
    assert (one.code, one.values) == ("lower_number", {"number": 4, "next": 6})
    with pytest.raises(ValueError, match="objected"):
        publish(centre, publication, by="mei", why="", at=AT)


def test_it_must_be_tried_and_back_tested(centre: Settings, tmp_path: Path) -> None:
    path = written(tmp_path)
    assert told(examined(centre, path)) == ["no_backtest"]
    (rule,) = draft(centre, path).rules
    keep_backtest(centre, backtest(centre, rule))
    assert told(examined(centre, path)) == []
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("    examples:")], "utf-8")
    assert told(examined(centre, path)) == ["no_examples"]


def test_other_rules_are_never_overwritten_or_doubled(centre: Settings, tmp_path: Path) -> None:
    path = written(tmp_path)
    own = centre.rule_folder / "regulator.yaml"
    own.write_text(path.read_text("utf-8").replace("id: regulator", "id: other"), "utf-8")
    (one,) = examined(centre, path, needs_backtest=False).objections
    assert (one.code, one.values["rules"]) == ("other_rules", "other")
    own.rename(centre.rule_folder / "elsewhere.yaml")
    (centre.rule_folder / "elsewhere.yaml").write_text(path.read_text("utf-8"), "utf-8")
    with pytest.raises(RuleErrors) as caught:
        examined(centre, path, needs_backtest=False)
    assert [error.code for error in caught.value.errors] == ["duplicate_id"]


def test_a_file_of_the_centre_is_published_where_it_is(centre: Settings) -> None:
    path = written(centre.rule_folder)
    assert target_of(centre, path) == path
    assert len(published(centre, path)) == 1
    assert sorted(one.name for one in centre.rule_folder.iterdir()) == ["regulator.yaml"]


def test_a_draft_may_refer_to_the_centres_rules(centre: Settings, tmp_path: Path) -> None:
    written(centre.rule_folder)
    path = tmp_path / "draft.yaml"
    path.write_text(
        "rules:\n  - id: again\n    version: 1\n    title: {zh: 又, en: again}\n"
        "    severity: minor\n    find: {finding: {rule: regulator}}\n",
        "utf-8",
    )
    assert [rule.rule_id for rule in draft(centre, path)] == ["again"]
    assert list(bodies(path)) == ["again"]
