"""``tingjian doctor``: is this machine ready for the centre, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from console.session import FAILED, Session, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from console.machine import Check

STYLES = {"ok": "green", "advice": "yellow", "missing": "bold red"}


def doctor(
    context: typer.Context,
    *,
    measure: Annotated[str, typer.Option("--measure", metavar="NAMES")] = "",
    others: Annotated[bool, typer.Option("--others")] = False,
) -> None:
    """Look at everything that a night needs, and say what to do about what is not in order."""
    from console.weights_page import others_page, settings_or_none, weights_page

    session = session_of(context)
    if others:
        _show(session, others_page(session.texts))
        return
    missing = _checked(session)
    _show(session, weights_page(session, settings_or_none(session), measure=measure))
    session.out.print()
    if missing:
        session.say("doctor.wanting", count=missing, style="red")
        raise typer.Exit(FAILED)
    session.say("doctor.all_well", style="green")


def _show(session: Session, blocks: Iterable[RenderableType]) -> None:
    for block in blocks:
        session.out.print(block, soft_wrap=isinstance(block, Text))


def _checked(session: Session) -> int:
    """Look at everything and say it; return how much is missing."""
    from console.machine import State, of_machine, of_prefect
    from console.needs import of_centre

    texts = session.texts
    session.say("doctor.title", centre=str(session.centre), style="bold")
    table = Table.grid(padding=(0, 1))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    missing = 0
    for check in chain(of_machine(session.centre), of_centre(session.centre, texts), of_prefect()):
        missing += check.state is State.MISSING
        table.add_row(*_row(check, session))
    session.out.print(table)
    session.out.print()
    return missing


def _row(check: Check, session: Session) -> tuple[Text, Text, Text]:
    texts, state = session.texts, check.state.value
    values = dict(check.values)
    if "group" in values:
        group = str(values["group"])
        values["group"] = texts.known(f"doctor.group.{group}", otherwise=group)
    found = Text(texts(f"doctor.says.{check.says}", **values))
    if check.remedy:
        remedy = texts(f"doctor.remedy.{check.remedy}", **values)
        found.append(f"\n{texts('doctor.arrow')} {remedy}", style="bold")
    return (
        Text(texts(f"doctor.{state}"), style=STYLES[state]),
        Text(texts(f"doctor.name.{check.name}", **values)),
        found,
    )
