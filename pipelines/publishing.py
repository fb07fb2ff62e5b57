"""Publishing: a rule becomes a version that everybody can look up, once it is tried.

A version is what the rule's author calls it and a hash of what decides its findings
(``Rule.rule_version``). Publishing checks, records who, when and why, and puts the file among the
centre's rules. Findings of earlier versions keep theirs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import yaml

from detectors.rules import Rule, RuleBook, load_rules
from detectors.trials import trials
from pipelines.inspection import rule_files
from pipelines.keeping import key_of
from pipelines.settings import Settings
from warehouse.judged import Published
from warehouse.read import backtests, published
from warehouse.rows import published_tables
from warehouse.spool import Spool
from warehouse.store import open_warehouse

_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_DUMPER = yaml.CSafeDumper if yaml.__with_libyaml__ else yaml.SafeDumper
# Why something is not published; the console has a text for each.
OBJECTIONS = (
    "examples",
    "no_examples",
    "same_number",
    "lower_number",
    "no_backtest",
    "other_rules",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why a rule, or a file, is not published.

    Attributes:
        rule_id: Empty for the file as a whole.
        code: One of ``OBJECTIONS``.
        values: What the text names.
    """

    rule_id: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What there is to publish in a file.

    Attributes:
        new: Rules with a version that was not published yet.
        known: Rules whose version is published already.
        objections: Why nothing of it may be published; empty where all may.
    """

    path: Path
    new: tuple[Rule, ...]
    known: tuple[Rule, ...]
    objections: tuple[Objection, ...]


def bodies(path: Path) -> dict[str, str]:
    """Return each rule's own YAML by its id; comments are left out.

    The file has been read without an error before.
    """
    root = yaml.compose(path.read_text("utf-8-sig"), Loader=_LOADER)
    found: dict[str, str] = {}
    for _, rules in root.value if isinstance(root, yaml.MappingNode) else ():
        for node in rules.value:
            ids = [value.value for key, value in node.value if key.value == "id"]
            text = yaml.serialize(node, Dumper=_DUMPER, allow_unicode=True, width=100)
            found.update({str(one): text for one in ids})
    return found


def draft(settings: Settings, path: Path) -> RuleBook:
    """Return the rules of ``path``, read beside those of the centre that they may refer to.

    Rules of the centre that stand in one file with an older version of these are left aside.

    Raises:
        detectors.rule_errors.RuleErrors: A rule file that cannot be used.
    """
    own = _ids(path)
    beside = [
        file for file in rule_files(settings) if not file.samefile(path) and not own & _ids(file)
    ]
    whole = load_rules([path, *beside])
    return RuleBook(tuple(rule for rule in whole.rules if rule.rule_id in own))


def _ids(path: Path) -> set[str]:
    """Return the ids in a file as far as it can be read; what cannot is told when it is loaded."""
    try:
        return set(bodies(path))
    except (OSError, ValueError, yaml.YAMLError, AttributeError, TypeError):
        return set()


def examined(settings: Settings, path: Path, *, needs_backtest: bool = True) -> Publication:
    """Look whether the rules of a file can be published; nothing is written.

    Args:
        settings: The centre's.
        path: A rule file, among the centre's rules or elsewhere.
        needs_backtest: Whether a version that was never back-tested is objected to.

    Raises:
        detectors.rule_errors.RuleErrors: A rule file that cannot be used, or rules that the centre
            would have twice.
    """
    own = _ids(path)
    target = target_of(settings, path)
    whole = load_rules([*(f for f in rule_files(settings) if f != target), path])
    rules = [rule for rule in whole.rules if rule.rule_id in own]
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.commit_pending(Spool(settings.spool))
        before = published(warehouse)
        tested = backtests(warehouse)
    versions = {(one.rule_id, one.rule_version) for one in before}
    new = [rule for rule in rules if (rule.rule_id, rule.rule_version) not in versions]
    objections = [*_beside(path, target, own)]
    for rule in new:
        objections += _objections(rule, bodies(path)[rule.rule_id], before)
        if needs_backtest and (rule.rule_id, rule.rule_version) not in tested:
            objections.append(Objection(rule_id=rule.rule_id, code="no_backtest"))
    known = [rule for rule in rules if rule not in new]
    return Publication(path=path, new=tuple(new), known=tuple(known), objections=tuple(objections))


def target_of(settings: Settings, path: Path) -> Path:
    """Return where the file stands among the centre's rules once it is published."""
    if path.resolve().parent == settings.rule_folder.resolve():
        return settings.rule_folder / path.name
    return settings.rule_folder / f"{path.stem}.yaml"


def _beside(path: Path, target: Path, own: set[str]) -> list[Objection]:
    """Object to a file that would overwrite another one's rules."""
    if not target.exists() or target.samefile(path):
        return []
    others = sorted(_ids(target) - own)
    if not others:
        return []
    values = {"target": str(target), "rules": ", ".join(others)}
    return [Objection(rule_id="", code="other_rules", values=values)]


def _objections(rule: Rule, body: str, before: Sequence[Published]) -> list[Objection]:
    found = []
    failed = [one.name for one in trials(rule) if not one.passed]
    if failed:
        values: dict[str, object] = {"examples": ", ".join(failed)}
        found.append(Objection(rule_id=rule.rule_id, code="examples", values=values))
    if not rule.examples.hit:
        found.append(Objection(rule_id=rule.rule_id, code="no_examples"))
    earlier = [one for one in before if one.rule_id == rule.rule_id]
    numbers = [_number(one.rule_version) for one in earlier]
    highest = max(numbers, default=0)
    values = {"number": rule.version, "next": highest + 1}
    # The same text under a new hash: our release reads it differently, its author did nothing.
    same = any(_number(o.rule_version) == rule.version and o.body == body for o in earlier)
    if rule.version in numbers and not same:
        found.append(Objection(rule_id=rule.rule_id, code="same_number", values=values))
    elif rule.version < highest:
        found.append(Objection(rule_id=rule.rule_id, code="lower_number", values=values))
    return found


def _number(rule_version: str) -> int:
    return int(rule_version.partition("-")[0])


def publish(
    settings: Settings, publication: Publication, *, by: str, why: str, at: datetime
) -> tuple[Published, ...]:
    """Record the new versions and put the file among the centre's rules.

    Args:
        settings: The centre's.
        publication: Without objections.
        by: Who publishes.
        why: In their words.
        at: When, timezone-aware.

    Raises:
        ValueError: There are objections.
        OSError: The file cannot be put among the centre's rules; then nothing is recorded.
    """
    if publication.objections:
        msg = "what is objected to is not published"
        raise ValueError(msg)
    texts = bodies(publication.path)
    rows = [
        Published(
            rule_id=rule.rule_id,
            rule_version=rule.rule_version,
            severity=rule.severity,
            title=rule.title,
            body=texts[rule.rule_id],
            published_by=by,
            published_at=at,
            why=why,
        )
        for rule in publication.new
    ]
    _put(publication.path, target_of(settings, publication.path))
    spool = Spool(settings.spool)
    for row in rows:
        key = key_of("rule-version", row.rule_id, row.rule_version)
        spool.write("rule-versions", key, published_tables([row]))
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.commit_pending(spool)
    return tuple(rows)


def _put(path: Path, target: Path) -> None:
    """Copy a file so that it is there whole or not at all."""
    if target.exists() and target.samefile(path):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    os.close(handle)
    try:
        shutil.copyfile(path, name)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
