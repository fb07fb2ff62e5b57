"""A rule's examples on the terminal: what came of each, and which words decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from console.messages.texts import Texts
from console.session import plain
from detectors.because import explain, explain_not_measured
from detectors.examples import Example
from detectors.rules import Rule
from detectors.trials import Trial

KINDS = {"hit": "trial.hit", "miss": "trial.miss"}
STYLES = {True: "green", False: "bold red"}


def page(rule: Rule, tried: Sequence[Trial], texts: Texts) -> Iterator[RenderableType]:
    """Yield one rule's examples."""
    title = rule.title[texts.language]
    head = texts("trial.title", title=title, rule=rule.rule_id, version=rule.rule_version)
    yield Text(head, style="bold")
    if not tried:
        yield Text(f"  {texts('trial.none')}", style="yellow")
        return
    table = Table.grid(padding=(0, 1), pad_edge=True)
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for one in tried:
        table.add_row(
            Text(texts("trial.passed" if one.passed else "trial.failed"), STYLES[one.passed]),
            Text(texts(KINDS[one.kind]), style="dim"),
            _example(one.example, texts),
            _answer(one, texts),
        )
    yield table


def _example(example: Example, texts: Texts) -> Text:
    said = " / ".join(f"{texts(f'party.{line.party.value}')} {line.text}" for line in example.says)
    return plain(said or texts("rules.example_of_sound"))


def _answer(one: Trial, texts: Texts) -> Text:
    if one.evidence:
        reasons = dict.fromkeys(explain(e, texts.language) for e in one.evidence)
        said = texts("trial.found", reason=texts("judged.comma").join(reasons))
    elif one.because:
        why = explain_not_measured(one.because, texts.language)
        said = texts("trial.because", reason=why)
    else:
        said = texts("trial.nothing")
    return plain(said, style="" if one.passed else "red")
