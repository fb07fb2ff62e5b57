"""Rule files: what is read, and what every mistake is told."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.evidence import Severity
from detectors.rule_errors import REMEDIES, RuleErrors
from detectors.rule_nodes import All, Any, Leaf, Not, leaves
from detectors.rule_parts import NAMES
from detectors.rules import Cause, Findings, Rule, load_rules
from detectors.wording.phrase import Phrase
from interactions.interaction import Language
from interactions.sound import Party

HEAD = "rules:\n  - id: a\n    version: 1\n    title: {zh: 甲, en: A}\n    severity: major\n"
FULL = """\
rules:
  - id: full
    version: 3
    title: {zh: 全, en: Full}
    reason: {zh: 因为, en: Because}
    severity: critical
    language: zh
    cause: process
    coaching_topic: escalation
    findings: each
    enabled: false
    when:
      channels: [voice, chat]
      queues: 售后
      attributes: {region: [华东, 1], vip: true}
    find:
      any:
        - phrase: {any: [12315, No, 010, 投诉], party: customer, within: last 20 %}
        - all:
            - silence:
            - not:
                talk_over: {party: any, min_s: 2}
"""


def loaded(tmp_path: Path, text: str) -> tuple[Rule, ...]:
    path = tmp_path / "rules.yaml"
    path.write_text(text, "utf-8")
    return load_rules([path]).rules


def first(tmp_path: Path, find: str, more: str = "") -> Rule:
    return loaded(tmp_path, f"{HEAD}    find: {find}\n{more}")[0]


def test_every_field_is_read(tmp_path: Path) -> None:
    (rule,) = loaded(tmp_path, FULL)
    assert (rule.rule_id, rule.version, rule.severity) == ("full", 3, Severity.CRITICAL)
    assert rule.title == {"zh": "全", "en": "Full"}
    assert rule.reason == {"zh": "因为", "en": "Because"}
    assert (rule.language, rule.cause, rule.findings) == (
        Language.ZH,
        Cause.PROCESS,
        Findings.EACH,
    )
    assert (rule.coaching_topic, rule.enabled, rule.source) == ("escalation", False, "rules.yaml")
    assert rule.when.queues == ("售后",)
    assert rule.when.attributes == {"region": ("华东", "1"), "vip": ("true",)}
    assert isinstance(rule.tree, Any)
    phrase = next(leaves(rule.tree)).detector
    assert isinstance(phrase, Phrase)
    assert phrase.any == ("12315", "No", "010", "投诉")
    assert (phrase.party, str(phrase.within)) == (Party.CUSTOMER, "last 20 %")
    inner = rule.tree.parts[1]
    assert isinstance(inner, All)
    assert isinstance(inner.parts[1], Not)
    assert [leaf.name for leaf in leaves(rule.tree)] == ["phrase", "silence", "talk_over"]


def test_rules_travel_to_other_processes(tmp_path: Path) -> None:
    (rule,) = loaded(tmp_path, FULL)
    copy = deepcopy(rule)  # by the same protocol as pickling
    assert copy.rule_version == rule.rule_version
    assert copy.tree == rule.tree


@pytest.mark.parametrize(
    ("find", "more", "same"),
    [
        ("{phrase: {any: [投诉]}}", "    coaching_topic: x\n    enabled: false\n", True),
        ("{phrase: {any: [投诉], min_hits: 1}}", "", True),
        ("{phrase: {any: [投诉], min_hits: 2}}", "", False),
        ("{phrase: {any: [退款]}}", "", False),
        ("{any: [{phrase: {any: [投诉]}}]}", "", False),
        ("{phrase: {any: [投诉]}}", "    language: zh\n", False),
        ("{phrase: {any: [投诉]}}", "    findings: each\n", False),
        ("{phrase: {any: [投诉]}}", "    when: {queues: [a]}\n", False),
    ],
)
def test_version_follows_what_decides_findings(
    tmp_path: Path, find: str, more: str, *, same: bool
) -> None:
    plain = first(tmp_path, "{phrase: {any: [投诉]}}").rule_version
    other = first(tmp_path, find, more).rule_version
    assert plain.startswith("1-")
    assert len(plain) == 10
    assert (other == plain) is same


BAD = [
    ("rules: [", 2, "file", "not_yaml"),
    ("", 1, "file", "missing_field"),
    ("- 1", 1, "file", "wrong_type"),
    ("rule: []", 1, "rule", "unknown_field"),
    ("rules: 3", 1, "rules", "wrong_type"),
    ("rules: [{}]", 1, "rules[0].id", "missing_field"),
    ("rules: &a [1]\nb: *a", 2, "file", "alias"),
    ("rules: " + "[" * 60 + "]" * 60, 1, "file", "too_deep"),
    (f"{HEAD}    find: {{}}", 6, "rules[0].find", "one_operator"),
    (f"{HEAD}    find: {{silence: , talk_over: }}", 6, "rules[0].find", "one_operator"),
    (f"{HEAD}    find: {{quiet: {{}}}}", 6, "rules[0].find.quiet", "unknown_detector"),
    (f"{HEAD}    find:\n      silence:\n        min_secs: 3", 8, "find.silence", "unknown_field"),
    (f"{HEAD}    find:\n      silence:\n        min_s: long", 8, ".min_s", "wrong_type"),
    (f"{HEAD}    find:\n      silence:\n        min_s: 0", 8, ".min_s", "out_of_range"),
    (f"{HEAD}    find:\n      silence:\n        min_s: .nan", 8, ".min_s", "wrong_type"),
    (f"{HEAD}    find:\n      silence:\n        min_count: 1.5", 8, ".min_count", "wrong_type"),
    (f"{HEAD}    find:\n      silence:\n        after: nobody", 8, ".after", "not_a_choice"),
    (f"{HEAD}    find: {{phrase: {{}}}}", 6, "phrase.any", "empty"),
    (f"{HEAD}    find: {{phrase: {{any: ['']}}}}", 6, "phrase.any[0]", "wrong_type"),
    (f"{HEAD}    find: {{phrase: {{any: [' ']}}}}", 6, "phrase.any", "empty_phrase"),
    (f"{HEAD}    find: {{phrase: {{any: [{{a: b}}]}}}}", 6, "phrase.any[0]", "wrong_type"),
    (f"{HEAD}    find: {{phrase: {{of: [a], n_of: 2}}}}", 6, "phrase.n_of", "out_of_range"),
    (f"{HEAD}    find: {{phrase: {{any: [a], within: soon}}}}", 6, "phrase.within", "bad_place"),
    (f"{HEAD}    find: {{phrase: {{any: [a], or_unknown: 1}}}}", 6, ".or_unknown", "wrong_type"),
    (f"{HEAD}    find: {{all: []}}", 6, "find.all", "empty"),
    (f"{HEAD}    find: {{not: [a]}}", 6, "find.not", "wrong_type"),
    (f"{HEAD}    find: {{silence: }}\n    cause: fate", 7, ".cause", "not_a_choice"),
    (f"{HEAD}    find: {{silence: }}\n    language: fr", 7, ".language", "not_a_choice"),
    (f"{HEAD}    find: {{silence: }}\n    language: mixed", 7, ".language", "not_a_choice"),
    (
        f"{HEAD}    find: {{silence: }}\n    when: {{channels: [fax]}}",
        7,
        "channels",
        "not_a_choice",
    ),
    (f"{HEAD}    find: {{silence: }}\n    when: {{attributes: x}}", 7, "attributes", "wrong_type"),
    (f"{HEAD}    find: {{silence: }}\n    severity: minor", 7, ".severity", "duplicate_field"),
    (f"{HEAD}    find: {{silence: }}\n    examples: {{hit: [喂]}}", 7, "hit[0]", "wrong_type"),
    (f"{HEAD}    find: {{silence: }}\n    examples: {{hit: [{{agent: 喂,好}}]}}", 7, "好", "comma"),
    (
        f"{HEAD}    find: {{silence: }}\n    examples: {{hit: [{{speech: {{agent: [[3]]}}}}]}}",
        7,
        "agent[0]",
        "wrong_type",
    ),
    (f"{HEAD}    find: {{regex: {{pattern: '('}}}}", 6, "regex.pattern", "bad_regex"),
    (f"{HEAD}    find: {{regex: {{pattern: '(a+)+'}}}}", 6, "regex.pattern", "slow_regex"),
    (f"{HEAD}    find: {{regex: {{pattern: '投訴'}}}}", 6, "regex.pattern", "regex_form"),
    (f"{HEAD}    find: {{regex: {{pattern: '\\b1'}}}}", 6, "regex.pattern", "word_boundary"),
    (f"{HEAD}    find: {{regex: }}", 6, "find.regex", "wrong_type"),
    (f"{HEAD}    find: {{regex: {{}}}}", 6, "find.regex.pattern", "missing_field"),
    (
        f"{HEAD}    find: {{near: {{parts: [{{silence: }}, {{silence: }}], within: 5 %}}}}",
        6,
        "near.within",
        "bad_distance",
    ),
    (f"{HEAD}    find: {{sequence: {{steps: [{{silence: }}]}}}}", 6, ".steps", "out_of_range"),
    (
        f"{HEAD}    find: {{sequence: {{steps: [{{silence: }}, {{not: {{silence: }}}}]}}}}",
        6,
        "sequence.steps",
        "not_placed",
    ),
    (f"{HEAD}    find: {{sequence: {{steps: [{{quiet: }}]}}}}", 6, ".quiet", "unknown_detector"),
    (f"{HEAD}    find: {{finding: {{rule: b}}}}", 6, "finding.rule", "unknown_rule"),
    (f"{HEAD}    find: {{finding: {{rule: a}}}}", 6, "finding.rule", "circle"),
    (HEAD.replace("id: a", "id: A B") + "    find: {silence: }", 2, "rules[0].id", "bad_id"),
    (HEAD.replace("version: 1", "version: 0") + "    find: {silence: }", 3, "n", "out_of_range"),
    (HEAD.replace(", en: A", "") + "    find: {silence: }", 4, "title.en", "missing_field"),
]


@pytest.mark.parametrize(("text", "line", "field", "code"), BAD)
def test_each_mistake_names_line_and_field(
    tmp_path: Path, text: str, line: int, field: str, code: str
) -> None:
    with pytest.raises(RuleErrors) as caught:
        loaded(tmp_path, text)
    matching = [e for e in caught.value.errors if e.code == code and field in e.field]
    assert [e.line for e in matching][:1] == [line], caught.value
    error = matching[0]
    assert error.file == "rules.yaml"
    assert error.remedy in error.text("en")
    assert error.remedy_zh in error.text("zh")
    assert error.found
    assert error.allowed


values = st.recursive(
    st.one_of(st.integers(), st.booleans(), st.none(), st.text(max_size=8), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*NAMES, "any", "min_s", "within", "x"]), inner, max_size=3
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(find=values)
def test_whatever_is_written_is_read_or_refused_with_its_line(tmp_path: Path, find: object) -> None:
    text = yaml.safe_dump({"find": find}, allow_unicode=True, default_flow_style=True)
    indented = "".join(f"    {line}\n" for line in text.strip()[1:-1].splitlines())
    path = tmp_path / "r.yaml"
    path.write_text(HEAD + indented, "utf-8")
    try:
        (rule,) = load_rules([path]).rules
    except RuleErrors as errors:
        lines = (HEAD + indented).count("\n") + 1
        for error in errors.errors:
            assert error.file == "r.yaml"
            assert 1 <= error.line <= lines
            assert error.code in REMEDIES
            assert error.text("zh")
    else:
        assert rule.rule_version.startswith("1-")


def test_every_remedy_is_tested() -> None:
    other = {"unreadable", "duplicate_id"}
    assert {code for *_, code in BAD} | other == set(REMEDIES)


def test_nearest_name_is_offered(tmp_path: Path) -> None:
    with pytest.raises(RuleErrors, match="nearest: min_s"):
        first(tmp_path, "{silence: {min_sec: 3}}")


def test_all_errors_of_all_files_at_once(tmp_path: Path) -> None:
    one, two, three = (tmp_path / f"{n}.yaml" for n in "abc")
    one.write_text(f"{HEAD}    find: {{silence: {{min_s: x, after: y}}}}\n    cause: z\n", "utf-8")
    two.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleErrors) as caught:
        load_rules([one, two, three])
    found = [(e.file, e.code) for e in caught.value.errors]
    assert found == [
        ("a.yaml", "not_a_choice"),
        ("a.yaml", "wrong_type"),
        ("a.yaml", "not_a_choice"),
        ("b.yaml", "unreadable"),
        ("c.yaml", "unreadable"),
    ]


def test_ids_are_unique_over_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    for path in (one, two):
        path.write_text(f"{HEAD}    find: {{silence: }}\n", "utf-8")
    with pytest.raises(RuleErrors, match=r"two\.yaml:2: .*one\.yaml:2 has this one"):
        load_rules([one, two])


def test_leaf_defaults(tmp_path: Path) -> None:
    tree = first(tmp_path, "{phrase: {any: 投诉}}").tree
    assert tree == Leaf("phrase", Phrase(any=("投诉",)))
