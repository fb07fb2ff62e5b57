"""``tingjian rules``: are the rules written well, do they work, and which are there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from console.session import FAILED, Session, session_of

if TYPE_CHECKING:
    from detectors.rules import Rule, RuleBook
    from pipelines.settings import Settings


def check(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILES")] = None,
) -> None:
    """Read rules, tell every error, and try the rules' own examples."""
    from console.rulebook import named
    from console.tables import rule_table
    from pipelines.inspection import rule_files

    session = session_of(context)
    settings = None if files else session.settings()
    paths = named(session, files or ()) if settings is None else rule_files(settings)
    book = _loaded(session, paths)
    if not book.rules:
        return _none(session, settings)
    session.out.print(rule_table(book.rules, session.texts))
    failed = [line for rule in book.rules for line in _failed_examples(rule, session)]
    for line in failed:
        session.err.print(Text(line, style="red"), soft_wrap=True)
    if failed:
        session.err.print(Text(session.texts("rules.examples_wrong", count=len(failed))))
        raise typer.Exit(FAILED)
    tried = sum(len(rule.examples.hit) + len(rule.examples.miss) for rule in book.rules)
    session.say("rules.good", count=len(book), examples=tried, style="green")
    return None


def try_examples(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILES")] = None,
) -> None:
    """Try the rules' own examples, and say which words decided."""
    from console.rulebook import named
    from console.trial_page import page
    from detectors.trials import trials
    from pipelines.inspection import rule_files

    session = session_of(context)
    settings = None if files else session.settings()
    paths = named(session, files or ()) if settings is None else rule_files(settings)
    book = _loaded(session, paths)
    if not book.rules:
        return _none(session, settings)
    tried = 0
    failed = 0
    for rule in book.rules:
        ones = trials(rule)
        tried += len(ones)
        failed += sum(not one.passed for one in ones)
        for block in page(rule, ones, session.texts):
            session.out.print(block)
    if failed:
        session.say("trial.wrong", rules=len(book), examples=tried, failed=failed, style="red")
        raise typer.Exit(FAILED)
    session.say("trial.good", rules=len(book), examples=tried, style="green")
    return None


def schema(context: typer.Context) -> None:
    """Write the JSON Schema of rule files."""
    from console.json_output import write
    from detectors.rule_schema import rule_schema

    del context
    write(rule_schema())


def list_rules(context: typer.Context) -> None:
    """List the rules that the centre's nights use, and the packs that come with Tingjian."""
    from console.tables import rule_table
    from detectors.rules import pack_paths
    from pipelines.inspection import rule_files

    session = session_of(context)
    settings = session.settings()
    book = _loaded(session, rule_files(settings))
    if book.rules:
        session.out.print(rule_table(book.rules, session.texts))
        _tell_demoted(session, settings, book)
    else:
        _none(session, settings)
    used = ", ".join(settings.rules.packs) or session.texts("doctor.says.nothing")
    session.say("rules.packs", packs=", ".join(pack_paths()), used=used)


def _tell_demoted(session: Session, settings: Settings, book: RuleBook) -> None:
    """Say which of the rules are hints only; nothing where no warehouse is there to tell."""
    from console.known_error_page import demoted_lines
    from pipelines.known_error import known_errors
    from warehouse.problems import WarehouseProblem
    from warehouse.store import open_warehouse

    versions = {rule.rule_id: rule.rule_version for rule in book.enabled}
    titles = {rule.rule_id: rule.title[session.texts.language] for rule in book.enabled}
    if not settings.warehouse.exists():
        return
    try:
        with open_warehouse(settings.warehouse, read_only=True) as warehouse:
            errors = known_errors(warehouse, settings, versions)
    except WarehouseProblem:
        return  # the list is about the rules; who has the warehouse open is another matter
    hints = {rule: one for rule, one in errors.items() if one.is_hint}
    for line in demoted_lines(hints, titles, session.texts):
        session.out.print(line, soft_wrap=True)


def _none(session: Session, settings: Settings | None) -> None:
    folder = str(settings.rule_folder) if settings else "rules"
    session.say("rules.no_rules", folder=folder, style="yellow")


def _loaded(session: Session, paths: Sequence[Path]) -> RuleBook:
    from console.rulebook import loaded_with
    from detectors.rules import load_rules

    return loaded_with(session, paths, lambda: load_rules(paths))


def _failed_examples(rule: Rule, session: Session) -> list[str]:
    from detectors.inspection import failed_examples

    lines = []
    for name in failed_examples(rule):
        kind, _, number = name.rstrip("]").partition("[")
        example = getattr(rule.examples, kind)[int(number)]
        said = " / ".join(line.text for line in example.says)
        text = said or session.texts("rules.example_of_sound")
        lines.append(
            session.texts(
                f"rules.example_{kind}", file=rule.source, rule=rule.rule_id, name=name, text=text
            )
        )
    return lines
