"""``tingjian console`` and ``tingjian people``: the pages in the browser, and who may sign in."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from console.session import FAILED, Refusal, Session, session_of

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from warehouse.said import Account

ROLES = ("reviewer", "lead", "trainer", "agent", "admin")
SWITCH_S = 0.000_5
"""How long a thread may keep the others waiting. A tenth of Python's own: a page asks the warehouse
twenty times, and would wait as often for whoever reads a night's shards beside it."""
PASSWORD = "TINGJIAN_PASSWORD"  # noqa: S105 - the name of a variable


def console(
    context: typer.Context,
    *,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS")] = "",
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, metavar="N")] = 0,
) -> None:
    """Serve the pages until interrupted; take in new shards meanwhile."""
    import uvicorn

    from console.web.access import accounts
    from console.web.app import application
    from pipelines.desk import open_desk

    session = session_of(context)
    settings = session.settings()
    sys.setswitchinterval(SWITCH_S)
    where, at = host or settings.console.host, port or settings.console.port
    session.say("desk.opening", centre=str(settings.folder))
    with open_desk(settings) as desk:
        if not accounts(desk):
            session.say("desk.nobody", style="yellow")
        session.say("desk.open", address=f"http://{where}:{at}/", style="bold green")
        uvicorn.run(
            application(desk), host=where, port=at, log_level="warning", access_log=False,
            server_header=False, proxy_headers=False,
        )  # fmt: skip


def people(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)] = "",
    *,
    roles: Annotated[list[str] | None, typer.Option("--role", metavar="|".join(ROLES))] = None,
    agent: Annotated[str, typer.Option("--agent", metavar="AGENT")] = "",
    called: Annotated[str, typer.Option("--called", metavar="TEXT")] = "",
) -> None:
    """List who may sign in, or make an account; the first one is the administrator's."""
    session = session_of(context)
    settings = session.settings()
    if not name:
        _list(session, settings)
        return
    for role in roles or ():
        session.chosen("--role", role, ROLES)
    _make(session, settings, (name, called or name, tuple(roles or ()), agent or None))


def _list(session: Session, settings: Settings) -> None:
    found = _accounts(settings)
    if not found:
        session.say("people.none", style="yellow")
    for one in found:
        names = ", ".join(one.roles)
        session.say("people.line", person=one.person_id, name=one.name, roles=names)


def _make(
    session: Session, settings: Settings, given: tuple[str, str, tuple[str, ...], str | None]
) -> None:
    from console.web.passwords import hashed
    from pipelines.judging import keep_said
    from warehouse.said import Account

    name, shown, roles, agent = given
    known = _accounts(settings)
    roles = roles or (("admin",) if not known else ("reviewer",))
    if "agent" in roles and agent is None:
        raise Refusal(session.texts("people.which_agent", person=name))
    password = _password(session, settings)
    one = Account(
        person_id=name, name=shown, roles=roles, agent=agent, password_hash=hashed(password),
        is_active=True, quota=0, language="", said_by="command", said_at=datetime.now(UTC),
    )  # fmt: skip
    keep_said(settings, [one])
    session.say("people.made", person=name, roles=", ".join(roles), style="bold green")


def _accounts(settings: Settings) -> list[Account]:
    """Return the accounts as the spool has them, whoever owns the warehouse."""
    from pipelines.judging import said_in_spool
    from warehouse.said import Account

    last: dict[str, Account] = {}
    for one in said_in_spool(settings, Account):
        if one.person_id not in last or last[one.person_id].said_at <= one.said_at:
            last[one.person_id] = one
    return [last[name] for name in sorted(last)]


def _password(session: Session, settings: Settings) -> str:
    """Ask for a password twice; take it from the environment where nobody sits at a terminal."""
    given = os.environ.get(PASSWORD, "")
    if not given and sys.stdin.isatty():
        given = getpass(session.texts("people.password"))
        if getpass(session.texts("people.again")) != given:
            raise Refusal(session.texts("people.not_same"), code=FAILED)
    least = settings.console.least_password
    if len(given) < least:
        raise Refusal(session.texts("people.too_short", least=least, variable=PASSWORD))
    return given
