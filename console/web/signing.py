"""Signing in and out, the language, one's own password, and whether the console is alive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from console.messages.texts import LANGUAGES
from console.web.access import (
    COOKIE,
    Form,
    NotAllowed,
    Posted,
    account,
    desk_of,
    filled_in,
    may,
    sign_out,
    signed_in,
    tell,
    try_password,
)
from console.web.passwords import hashed, is_right
from console.web.rendering import LANGUAGE_COOKIE, page
from console.web.roles import Person
from warehouse.rows import said_tables
from warehouse.sessions import close_sessions_of

router = APIRouter()
Anyone = Annotated[Person, Depends(may("be_here"))]
_YEAR_S = 365 * 86_400


def inside(path: str) -> str:
    """Return a path of this console; the first page for anything that leads elsewhere."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_ours and path.isprintable() else "/"


def home(person: Person) -> str:
    """Return the first page of a person."""
    if person.may("see_today"):
        return "/today"
    return "/mine"


@router.get("/alive")
def alive() -> Response:
    """Say that the console answers; for a reverse proxy or a monitor."""
    return PlainTextResponse("alive")


@router.get("/")
def first(person: Anyone) -> Response:
    """Lead to the person's first page."""
    return RedirectResponse(home(person), status_code=303)


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the field's name
    """Ask for name and password."""
    person = signed_in(request)
    if person is not None:
        return RedirectResponse(inside(next), status_code=303)
    return page(request, "sign_in", None, next=inside(next), refused=False, name="")


@router.post("/sign-in")
async def sign_in(request: Request, form: Annotated[Posted, Depends(filled_in)]) -> Response:
    """Open a session; always a new one, so that none can be planted."""
    name, leads = form.text("name", most=100), inside(form.text("next") or "/")
    password = form.text("password", most=256)
    token = await run_in_threadpool(try_password, desk_of(request), name, password)
    if not token:
        return page(request, "sign_in", None, status=403, next=leads, refused=True, name=name)
    answer = RedirectResponse(leads, status_code=303)
    limits = desk_of(request).settings.console
    answer.set_cookie(
        COOKIE, token, max_age=limits.session_hours * 3600, httponly=True, samesite="lax",
        secure=limits.https,
    )  # fmt: skip
    return answer


@router.post("/sign-out")
def leave(request: Request, form: Form, person: Anyone) -> Response:
    """Close the session."""
    del form
    sign_out(desk_of(request), person)
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/language/{language}")
def language(language: str, next: str = "/") -> Response:  # noqa: A002 - the field's name
    """Choose the language on this machine."""
    answer = RedirectResponse(inside(next), status_code=303)
    if language in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_S, samesite="lax", httponly=True)
    return answer


@router.get("/me")
def me(request: Request, person: Anyone, said: str = "") -> Response:
    """Show one's own account."""
    return page(request, "me", person, said=said if said == "changed" else "", wrong="")


@router.post("/me")
def new_password(request: Request, form: Form, person: Anyone) -> Response:
    """Take a new password; whoever is signed in elsewhere under the old one is signed out."""
    desk = desk_of(request)
    who = account(desk, person.person_id)
    if who is None:
        raise NotAllowed
    new, least = form.text("new", most=256), desk.settings.console.least_password
    wrong = ""
    if not is_right(form.text("old", most=256), who.password_hash):
        wrong = "me.wrong_old"
        tell(desk, person.person_id, "sign_in_refused", about=person.person_id)
    elif len(new) < least:
        wrong = "me.too_short"
    elif new != form.text("again", most=256):
        wrong = "me.not_same"
    if wrong:
        return page(request, "me", person, status=400, said="", wrong=wrong)
    now = datetime.now(UTC)
    desk.say(
        said_tables(
            [replace(who, password_hash=hashed(new), said_by=person.person_id, said_at=now)]
        )
    )
    close_sessions_of(desk.warehouse, person.person_id, besides=person.session)
    tell(desk, person.person_id, "new_password", about=person.person_id)
    return RedirectResponse("/me?said=changed", status_code=303)
