"""People and the audit: accounts, roles, passwords; who listened to what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from console.web.access import Form, NotAllowed, Posted, accounts, desk_of, may, tell
from console.web.passwords import hashed
from console.web.rendering import page
from console.web.roles import Person, Role
from pipelines.desk import Desk
from warehouse.read import said
from warehouse.rows import said_tables
from warehouse.said import Account, Audit
from warehouse.sessions import close_sessions_of

router = APIRouter()
Keeper = Annotated[Person, Depends(may("keep_people"))]
Auditor = Annotated[Person, Depends(may("see_audit"))]
MOST_ROWS = 500


@router.get("/people")
def people(request: Request, person: Keeper, who: str = "") -> Response:
    """List accounts; show one to change it."""
    return _page(request, person, who=who)


def _page(request: Request, person: Person, *, who: str, wrong: str = "") -> Response:
    found = list(accounts(desk_of(request)).values())
    chosen = next((one for one in found if one.person_id == who), None)
    return page(
        request, "people", person, status=400 if wrong else 200, accounts=found, chosen=chosen,
        wrong=wrong, roles=[role.value for role in Role],
    )  # fmt: skip


@router.post("/people")
def keep(request: Request, form: Form, person: Keeper) -> Response:
    """Make an account or change it; a new password or new roles close its sessions."""
    desk = desk_of(request)
    who = form.text("person", most=60)
    before = accounts(desk).get(who)
    password = form.text("password", most=256)
    account = _account(form, person, before)
    wrong = _objection(desk, account, before, password)
    if wrong:
        return _page(request, person, who=who, wrong=wrong)
    if password:
        account = replace(account, password_hash=hashed(password))
    desk.say(said_tables([account]), about=f"account/{who}")
    if before is not None and (password or before.roles != account.roles or not account.is_active):
        close_sessions_of(desk.warehouse, who)
    tell(desk, person.person_id, "account", about=who, detail=" ".join(account.roles))
    return RedirectResponse("/people", status_code=303)


def _account(form: Posted, person: Person, before: Account | None) -> Account:
    roles = form.texts("role")
    if not set(roles) <= set(Role):
        raise NotAllowed("bad_form")
    return Account(
        person_id=form.text("person", most=60),
        name=form.text("name", most=60) or form.text("person", most=60),
        roles=tuple(role.value for role in Role if role.value in roles),
        agent=form.text("agent", most=100) or None,
        password_hash=before.password_hash if before else "",
        is_active=form.text("active") == "1",
        quota=int(form.number("quota", least=0, most=10_000) or 0),
        language=form.one_of("language", ("", "zh", "en")),
        said_by=person.person_id,
        said_at=datetime.now(UTC),
    )


def _objection(desk: Desk, account: Account, before: Account | None, password: str) -> str:
    """Return why an account is not kept; empty where it is."""
    limits = desk.settings.console
    if not account.person_id or not account.roles:
        return "people.incomplete"
    if Role.AGENT in account.roles and account.agent is None:
        return "people.no_agent"
    if password and len(password) < limits.least_password:
        return "me.too_short"
    if before is None and not password and not limits.sign_on_header:
        return "people.no_password"
    was_admin = before is not None and Role.ADMIN in before.roles and before.is_active
    is_admin = Role.ADMIN in account.roles and account.is_active
    others = [
        one for one in accounts(desk).values()
        if one.is_active and Role.ADMIN in one.roles and one.person_id != account.person_id
    ]  # fmt: skip
    return "people.last_admin" if was_admin and not is_admin and not others else ""


@router.get("/audit")
def audit(request: Request, person: Auditor, who: str = "", about: str = "") -> Response:
    """Show who listened, revealed, signed in: the last first."""
    fields = {"said_by": who.strip(), "about": about.strip()}
    where = {name: value for name, value in fields.items() if value}
    rows = said(desk_of(request).warehouse, Audit, limit=MOST_ROWS, **where)
    return page(request, "audit", person, rows=rows[::-1], who=who, about=about)
