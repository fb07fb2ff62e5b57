"""``tingjian rules backtest``, ``publish`` and ``history``: from a draft to a version."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.padding import Padding
from rich.text import Text

from console.messages.texts import Texts
from console.session import FAILED, Refusal, Session, plain, session_of

if TYPE_CHECKING:
    from rich.table import Table

    from detectors.rules import Rule
    from pipelines.publishing import Publication
    from pipelines.settings import Settings


def backtest(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    *,
    rule: Annotated[str, typer.Option("--rule", metavar="RULE")] = "",
    days: Annotated[int, typer.Option("--days", min=0, metavar="N")] = 0,
    workers: Annotated[int, typer.Option("--workers", min=1, metavar="N")] = 2,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Run the rules of a file over everything kept; write no finding."""
    from console.backtest_page import as_json, page
    from console.json_output import write
    from pipelines.backtest import backtest as backtested
    from pipelines.backtest import keep_backtest

    session = session_of(context)
    settings = session.settings()
    told: list[dict[str, Any]] = []
    for one in _drafted(session, settings, file, rule):
        begun = time.perf_counter()
        result = backtested(settings, one, days=days or None, workers=workers)
        took_ms = round((time.perf_counter() - begun) * 1000)
        if not days:  # a part of what is kept proves too little to publish on
            keep_backtest(settings, result)
        told.append(as_json(result, session.texts.language))
        if json:
            continue
        for block in page(one, result, session.texts, took_ms=took_ms, days=days or None):
            session.out.print(block)
        session.out.print()
    if json:
        write(told)
        return
    session.say("backtest.show")
    session.say("backtest.kept", file=str(file))


def _drafted(session: Session, settings: Settings, file: Path, rule_id: str) -> list[Rule]:
    from console.rulebook import loaded_with, named
    from pipelines.publishing import draft

    (path,) = named(session, [file]) if file.is_file() else (_missing(session, file),)
    book = loaded_with(session, [path], lambda: draft(settings, path))
    if not book.rules:
        raise Refusal(session.texts("backtest.empty", file=str(file)), code=FAILED)
    if not rule_id:
        return list(book.rules)
    chosen = [one for one in book.rules if one.rule_id == rule_id]
    if not chosen:
        names = ", ".join(one.rule_id for one in book.rules)
        said = session.texts("backtest.no_rule", file=str(file), rule=rule_id, rules=names)
        raise Refusal(said)
    return chosen


def _missing(session: Session, file: Path) -> Path:
    raise Refusal(session.texts("rules.no_file", path=str(file)))


def publish(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    *,
    why: Annotated[str, typer.Option("--why", metavar="TEXT")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME")] = "",
    yes: Annotated[bool, typer.Option("--yes")] = False,
) -> None:
    """Check a rule file, record its new versions and put it among the centre's rules."""
    from console.pointing import myself
    from console.rulebook import loaded_with
    from pipelines.publishing import examined
    from pipelines.publishing import publish as published

    session = session_of(context)
    settings = session.settings()
    if not file.is_file():
        _missing(session, file)
    who = myself(session, by)
    publication = loaded_with(
        session, [file], lambda: examined(settings, file, needs_backtest=not yes)
    )
    _refuse_objections(session, publication)
    try:
        rows = published(settings, publication, by=who, why=why, at=datetime.now(UTC))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        folder = str(settings.rule_folder)
        said = session.texts("publish.not_copied", file=str(file), folder=folder, reason=reason)
        raise Refusal(said, code=FAILED) from None
    for known in publication.known:
        session.say("publish.known", rule=known.rule_id, version=known.rule_version)
    for row in rows:
        session.say("publish.done", rule=row.rule_id, version=row.rule_version, style="green")
    if rows:
        session.say("publish.next")
    elif not publication.known:
        session.say("publish.nothing", file=str(file), style="yellow")


def _refuse_objections(session: Session, publication: Publication) -> None:
    if not publication.objections:
        return
    for one in publication.objections:
        values = {"rule": one.rule_id, "file": str(publication.path), **one.values}
        line = session.texts(f"publish.{one.code}", **values)
        session.err.print(Text(line, style="red"), soft_wrap=True)
    raise Refusal(session.texts("publish.refused"), code=FAILED)


def history(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(metavar="RULE", show_default=False)],
    *,
    written: Annotated[bool, typer.Option("--written")] = False,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List the versions of a rule, and how right they were."""
    from console.json_output import write
    from pipelines.history import versions_of
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        versions = versions_of(warehouse, settings, rule)
    if not versions:
        raise Refusal(session.texts("history.none", rule=rule), code=FAILED)
    if json:
        write(versions)
        return
    session.out.print(_table(rule, versions, session.texts, settings.centre.timezone))
    if written:
        for one in versions:
            if one.published:
                session.out.print(plain(one.rule_version, style="bold"))
                for line in one.published.body.splitlines():
                    session.out.print(Padding.indent(plain(line), 2))


def _table(rule: str, versions: Any, texts: Texts, timezone: str) -> Table:  # noqa: ANN401 - a list of pipelines.history.Version
    from console.known_error_page import share_text
    from console.tables import moment, titled

    names = ("version", "published", "inspected", "error", "recall", "backtest")
    table = titled(texts("history.title", rule=rule), (texts(f"history.{n}") for n in names))
    zone = ZoneInfo(timezone)
    for one in versions:
        version = plain(one.rule_version, style="bold")
        if one.is_in_force:
            version.append(f"\n{texts('history.in_force')}", style="green")
        if one.error.is_hint:
            version.append(f"\n{texts('judged.hint')}", style="yellow")
        told = Text(texts("history.never"), style="dim")
        if one.published:
            at = moment(one.published.published_at, zone)
            told = plain(texts("history.by", at=at, by=one.published.published_by))
            if one.published.why:
                told.append("\n").append_text(plain(one.published.why, style="dim"))
        table.add_row(
            version,
            told,
            f"{one.inspected:,}",
            share_text(one.error.precision, texts),
            share_text(one.error.recall, texts),
            _backtest(one.backtest, texts),
        )
    return table


def _backtest(row: Any, texts: Texts) -> str:  # noqa: ANN401 - a warehouse.judged.BacktestRow or None
    if row is None:
        return texts("judged.nothing")
    figures = {n: f"{getattr(row, n):,}" for n in ("found", "gained", "lost")}
    return texts("history.backtest_is", of=f"{row.interactions:,}", **figures)
