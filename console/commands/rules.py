"""``tingjian rules``: are the rules written well, and which are there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from console.messages.texts import clean
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
    else:
        _none(session, settings)
    used = ", ".join(settings.rules.packs) or session.texts("doctor.says.nothing")
    session.say("rules.packs", packs=", ".join(pack_paths()), used=used)


def _none(session: Session, settings: Settings | None) -> None:
    folder = str(settings.rule_folder) if settings else "rules"
    session.say("rules.no_rules", folder=folder, style="yellow")


def _loaded(session: Session, paths: Sequence[Path]) -> RuleBook:
    from console.rulebook import located
    from detectors.rule_errors import RuleErrors
    from detectors.rules import load_rules

    try:
        return load_rules(paths)
    except RuleErrors as errors:
        for line in located(errors.errors, paths, session.texts.language):
            session.err.print(Text(clean(line), style="red"), soft_wrap=True)
        session.err.print(Text(session.texts("error.rules", count=len(errors.errors))))
        raise typer.Exit(FAILED) from None


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
