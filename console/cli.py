"""The ``tingjian`` command: how a person makes a centre, runs its nights and reads the results."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
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
    """Return the application with all its commands, in the order of the help."""
    app = typer.Typer(cls=Group, name="tingjian", add_completion=False, no_args_is_help=True)
    app.callback()(begin)
    _commands(app, {"init": init.init, "intake": inbox.intake, "run": night.run})
    _commands(app, {"reinspect": night.reinspect, "worklist": worklist.worklist})
    _commands(app, {"show": show.show, "ask": ask.ask, "verdict": judging.verdict})
    _commands(app, {"review": judging.review, "answer": judging.answer, "scores": scores.scores})
    _family(app, "rules", {
        "check": rules.check, "test": rules.try_examples, "backtest": rule_versions.backtest,
        "publish": rule_versions.publish, "history": rule_versions.history,
        "list": rules.list_rules, "schema": rules.schema,
    })  # fmt: skip
    _family(app, "sheets", {"check": scores.check})
    _family(app, "hotwords", {
        "show": hotwords.show, "act": hotwords.act, "watch": hotwords.watch,
        "words": unlike.words, "drift": unlike.drift,
    })  # fmt: skip
    _family(app, "alerts", {
        "list": alerts.list_alerts, "send": alerts.send, "ack": alerts.ack,
        "snooze": alerts.snooze, "resolve": alerts.resolve, "reopen": alerts.reopen,
        "test": alerts.try_channels,
    })  # fmt: skip
    _commands(app, {"watch": watch.watch, "live": watch.live, "effort": effort.effort})
    _family(app, "reasons", {
        "list": reasons.list_reasons, "check": reasons.check, "copy": reasons.copy,
        "try": reasons.try_text, "unsorted": reasons.unsorted,
    })  # fmt: skip
    _family(app, "sentiment", {
        "fit": sentiment.fit, "measure": sentiment.measure, "use": sentiment.use,
        "history": sentiment.history,
    })  # fmt: skip
    _commands(app, {"redact": privacy.redact})
    _family(app, "privacy", {
        "report": privacy.report, "new-key": privacy.new_key, "rekey": privacy.rekey,
    })  # fmt: skip
    _commands(app, {"console": desk.console, "people": desk.people})
    _commands(app, {"transcribe": transcribe.transcribe, "doctor": doctor.doctor})
    return app


def _commands(app: typer.Typer, named: Mapping[str, Callable[..., None]]) -> None:
    for name, command in named.items():
        app.command(name, cls=Command)(command)


def _family(app: typer.Typer, name: str, named: Mapping[str, Callable[..., None]]) -> None:
    family = typer.Typer(cls=Group, no_args_is_help=True)
    _commands(family, named)
    app.add_typer(family, name=name)


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
