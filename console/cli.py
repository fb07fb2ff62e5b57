"""The ``tingjian`` command: how a person makes a centre, runs its nights and reads the results."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.text import Text
from typer.core import TyperGroup

from console.commands import (
    alerts,
    ask,
    desk,
    doctor,
    effort,
    hotwords,
    inbox,
    init,
    judging,
    night,
    privacy,
    reasons,
    rule_versions,
    rules,
    scores,
    sentiment,
    show,
    transcribe,
    unlike,
    watch,
    worklist,
)
from console.failures import complaint, known, misuse, status
from console.help import Command, Group
from console.messages.texts import LANGUAGES, preferred
from console.session import FAILED, MISUSED, Refusal, Session, opened, session_of
from pipelines.discretion import discreet_logs, without_identifiers

HOISTED = ("--centre", "--lang")
EXIT_INTERRUPTED = 130  # 128 + SIGINT, the shells' custom


def application() -> typer.Typer:
    """Return the application with all its commands."""
    app = typer.Typer(cls=Group, name="tingjian", add_completion=False, no_args_is_help=True)
    app.callback()(begin)
    app.command("init", cls=Command)(init.init)
    app.command("intake", cls=Command)(inbox.intake)
    app.command("run", cls=Command)(night.run)
    app.command("reinspect", cls=Command)(night.reinspect)
    app.command("worklist", cls=Command)(worklist.worklist)
    app.command("show", cls=Command)(show.show)
    app.command("ask", cls=Command)(ask.ask)
    for name in ("verdict", "review", "answer"):
        app.command(name, cls=Command)(getattr(judging, name))
    app.command("scores", cls=Command)(scores.scores)
    family = typer.Typer(cls=Group, no_args_is_help=True)
    family.command("check", cls=Command)(rules.check)
    family.command("test", cls=Command)(rules.try_examples)
    for name in ("backtest", "publish", "history"):
        family.command(name, cls=Command)(getattr(rule_versions, name))
    family.command("list", cls=Command)(rules.list_rules)
    family.command("schema", cls=Command)(rules.schema)
    app.add_typer(family, name="rules")
    sheets = typer.Typer(cls=Group, no_args_is_help=True)
    sheets.command("check", cls=Command)(scores.check)
    app.add_typer(sheets, name="sheets")
    rises = typer.Typer(cls=Group, no_args_is_help=True)
    rises.command("show", cls=Command)(hotwords.show)
    rises.command("act", cls=Command)(hotwords.act)
    rises.command("watch", cls=Command)(hotwords.watch)
    rises.command("words", cls=Command)(unlike.words)
    rises.command("drift", cls=Command)(unlike.drift)
    app.add_typer(rises, name="hotwords")
    _add_alerts(app)
    app.command("effort", cls=Command)(effort.effort)
    taxonomy = typer.Typer(cls=Group, no_args_is_help=True)
    taxonomy.command("list", cls=Command)(reasons.list_reasons)
    taxonomy.command("check", cls=Command)(reasons.check)
    taxonomy.command("copy", cls=Command)(reasons.copy)
    taxonomy.command("try", cls=Command)(reasons.try_text)
    taxonomy.command("unsorted", cls=Command)(reasons.unsorted)
    app.add_typer(taxonomy, name="reasons")
    moods = typer.Typer(cls=Group, no_args_is_help=True)
    for name in ("fit", "measure", "use", "history"):
        moods.command(name, cls=Command)(getattr(sentiment, name))
    app.add_typer(moods, name="sentiment")
    app.command("redact", cls=Command)(privacy.redact)
    private = typer.Typer(cls=Group, no_args_is_help=True)
    private.command("report", cls=Command)(privacy.report)
    private.command("new-key", cls=Command)(privacy.new_key)
    private.command("rekey", cls=Command)(privacy.rekey)
    app.add_typer(private, name="privacy")
    app.command("console", cls=Command)(desk.console)
    app.command("people", cls=Command)(desk.people)
    app.command("transcribe", cls=Command)(transcribe.transcribe)
    app.command("doctor", cls=Command)(doctor.doctor)
    return app


def _add_alerts(app: typer.Typer) -> None:
    told = typer.Typer(cls=Group, no_args_is_help=True)
    told.command("list", cls=Command)(alerts.list_alerts)
    for name in ("send", "ack", "snooze", "resolve", "reopen"):
        told.command(name, cls=Command)(getattr(alerts, name))
    told.command("test", cls=Command)(alerts.try_channels)
    app.add_typer(told, name="alerts")
    app.command("watch", cls=Command)(watch.watch)
    app.command("live", cls=Command)(watch.live)


def _version(context: typer.Context, asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        from importlib.metadata import version

        session_of(context).out.print(Text(f"tingjian {version('tingjian')}"))
        raise typer.Exit


def begin(
    context: typer.Context,
    *,
    centre: Annotated[
        Path, typer.Option("--centre", metavar="DIR", envvar="TINGJIAN_CENTRE")
    ] = Path(),
    lang: Annotated[str, typer.Option("--lang", metavar="zh|en", envvar="TINGJIAN_LANG")] = "",
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_version)] = False,
) -> None:
    """Note which centre this call is about."""
    del version  # typer has called _version
    session = session_of(context)  # speaks ``lang`` already: so must the help
    session.chosen("--lang", lang, LANGUAGES)
    context.obj = replace(session, centre=centre)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``tingjian``.

    Args:
        arguments: What stands behind the command's name; those of the process by default.

    Returns:
        Exit status: 0 done, 1 failed, 2 called wrongly or the centre is not set up.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal in GBK shows what it cannot as an escape
            stream.reconfigure(errors="backslashreplace")
    asked = hoisted(sys.argv[1:] if arguments is None else arguments)
    given = dict(pairwise(asked))
    centre = Path(given.get("--centre") or os.environ.get("TINGJIAN_CENTRE") or ".")
    wanted = given.get("--lang") or os.environ.get("TINGJIAN_LANG", "")
    session = opened(centre, preferred(wanted, centre, os.environ))
    discreet_logs()
    try:
        return _called(session, asked)
    except Refusal as refusal:
        _complain(session, [str(refusal)])
        return refusal.code
    except typer.TyperException as error:
        _complain(session, misuse(error, session.texts))
        return MISUSED
    except known() as error:
        _complain(session, complaint(error, session.texts))
        return status(error)
    except KeyboardInterrupt:
        _complain(session, [session.texts("error.interrupted")])
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _called(session: Session, arguments: list[str]) -> int:
    command = cast("TyperGroup", typer.main.get_command(application()))
    result = command.main(
        arguments or ["--help"], prog_name="tingjian", standalone_mode=False, obj=session
    )
    return result if isinstance(result, int) else 0


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Move ``--centre`` and ``--lang`` to the front, so that they may stand anywhere."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            return [*front, *rest, word, *words]
        if name in HOISTED and equals:
            front += [name, value]
        elif word in HOISTED:
            front += [word, *([following] if (following := next(words, None)) is not None else [])]
        else:
            rest.append(word)
    return [*front, *rest]


def _complain(session: Session, lines: Sequence[str]) -> None:
    for line in lines:
        mark, shown = session.texts("error.mark"), without_identifiers(line)
        session.err.print(Text.assemble((f"{mark} ", "bold red"), shown), soft_wrap=True)
