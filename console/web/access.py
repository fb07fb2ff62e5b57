"""Who is asking: sessions, single sign-on, and what a route demands."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_bytes
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from console.web.passwords import is_right, new_token, token_hash
from console.web.roles import Person, Role
from pipelines.desk import Desk
from warehouse.read import said
from warehouse.rows import said_tables
from warehouse.said import Account, Audit
from warehouse.sessions import SignedIn, close_session, keep_session, session

COOKIE = "tingjian"
TRIES, TRIES_MINUTES = 5, 15
"""So many wrong passwords lock an account for so long. OWASP's *Authentication Cheat Sheet* asks
for a limit and leaves the figures open; these are ours."""
_KEY = token_bytes(32)  # of this process: what it signs is not kept
_SEEN = timedelta(minutes=1)


class SignInFirst(Exception):  # noqa: N818 - not an error, a way
    """Nobody is signed in."""


class NotAllowed(Exception):  # noqa: N818 - the answer is "no", nothing is wrong
    """Whoever asks may not do this, or a form is not one of theirs."""

    def __init__(self, why: str = "not_allowed") -> None:
        self.why = why
        super().__init__(why)


def desk_of(request: Request) -> Desk:
    """Return the desk of the application that answers ``request``."""
    desk: Desk = request.app.state.desk
    return desk


def account(desk: Desk, person_id: str) -> Account | None:
    """Return a person's account as it is now; None where there is none, or it is closed."""
    found = accounts(desk).get(person_id)
    return found if found and found.is_active else None


def accounts(desk: Desk) -> Mapping[str, Account]:
    """Return every account as it is now, closed ones too, by person, in their order."""

    def made() -> Mapping[str, Account]:
        found = said(desk.warehouse, Account, last_per=("person_id",))
        return {one.person_id: one for one in sorted(found, key=lambda one: one.person_id)}

    return desk.unchanged("accounts", ("accounts",), made)


def signed_in(request: Request) -> Person | None:
    """Return whoever asks; None where nobody is signed in."""
    desk = desk_of(request)
    named = _named_by_proxy(request, desk)
    if named:
        who = account(desk, named)
        return None if who is None else _person(who, "")
    token = request.cookies.get(COOKIE, "")
    one = session(desk.warehouse, token_hash(token)) if token else None
    now = datetime.now(UTC)
    limits = desk.settings.console
    if one is None or now > min(
        one.opened_at + timedelta(hours=limits.session_hours),
        one.seen_at + timedelta(minutes=limits.idle_minutes),
    ):
        return None
    if now - one.seen_at > _SEEN:
        keep_session(desk.warehouse, SignedIn(one.token_hash, one.person_id, one.opened_at, now))
    who = account(desk, one.person_id)
    return None if who is None else _person(who, one.token_hash)


def _named_by_proxy(request: Request, desk: Desk) -> str:
    limits = desk.settings.console
    host = request.client.host if request.client else ""
    if not limits.sign_on_header or host not in limits.proxies:
        return ""
    return request.headers.get(limits.sign_on_header, "")


def _person(who: Account, session_hash: str) -> Person:
    signed = hmac.new(_KEY, f"{who.person_id}\x1f{session_hash}".encode(), sha256)
    return Person(
        person_id=who.person_id,
        name=who.name,
        roles=frozenset(Role(one) for one in who.roles),
        agent=who.agent,
        language=who.language,
        session=session_hash,
        csrf=signed.hexdigest(),
    )


def may(permission: str) -> Callable[[Request], Person]:
    """Return the dependency that lets in who has ``permission``, and nobody else."""

    def allowed(request: Request) -> Person:
        person = signed_in(request)
        if person is None:
            raise SignInFirst
        if not person.may(permission):
            raise NotAllowed
        request.state.person = person
        return person

    allowed.permission = permission  # type: ignore[attr-defined]  # read by the table of routes
    return allowed


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form that was filled in on one of our pages."""

    fields: FormData

    def text(self, name: str, *, most: int = 4_000) -> str:
        """Return a field as text, without blanks around it; cut to ``most`` characters."""
        value = self.fields.get(name, "")
        return "" if isinstance(value, UploadFile) else value.strip()[:most]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return all values of a field that is there several times."""
        return tuple(one for one in self.fields.getlist(name) if isinstance(one, str))

    def one_of(self, name: str, allowed: Sequence[str]) -> str:
        """Return a field that must have one of these values.

        Raises:
            NotAllowed: It has none of them: no form of ours was filled in so.
        """
        value = self.text(name)
        if value not in allowed:
            raise NotAllowed("bad_form")
        return value

    def number(self, name: str, *, least: float, most: float) -> float | None:
        """Return a field as a number from ``least`` to ``most``; None where it is empty.

        Raises:
            NotAllowed: It is no such number.
        """
        text = self.text(name)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise NotAllowed("bad_form") from None
        if not least <= value <= most:
            raise NotAllowed("bad_form")
        return value


async def posted(request: Request) -> Posted:
    """Return the form; only one of the person's own pages knows what it must carry.

    Raises:
        NotAllowed: It does not carry it.
    """
    fields = await _form(request)
    person = await run_in_threadpool(signed_in, request)
    if person is None:
        raise SignInFirst
    token = fields.get("csrf", "")
    if not isinstance(token, str) or not hmac.compare_digest(token.encode(), person.csrf.encode()):
        raise NotAllowed("stale_form")
    return Posted(fields)


async def filled_in(request: Request) -> Posted:
    """Return the form of someone who is not signed in yet."""
    return Posted(await _form(request))


async def _form(request: Request) -> FormData:
    if "content-type" not in request.headers:
        raise NotAllowed("bad_form")
    return await request.form(max_files=0, max_fields=2_000)


Form = Annotated[Posted, Depends(posted)]


def try_password(desk: Desk, person_id: str, password: str) -> str:
    """Return the token of a new session; empty where it is refused.

    Five wrong passwords lock an account for a quarter of an hour: then the right one is refused
    too, and the answer is the same, so that nobody learns of it.
    """
    who = account(desk, person_id)
    right = is_right(password, who.password_hash if who else "")
    now = datetime.now(UTC)
    if not right or who is None or _is_locked(desk, person_id, now):
        tell(desk, person_id or "-", "sign_in_refused", about=person_id)
        return ""
    token = new_token()
    keep_session(desk.warehouse, SignedIn(token_hash(token), person_id, now, now))
    tell(desk, person_id, "signed_in", about=person_id)
    return token


def _is_locked(desk: Desk, person_id: str, now: datetime) -> bool:
    since = now - timedelta(minutes=TRIES_MINUTES)
    wrong = 0
    for one in reversed(said(desk.warehouse, Audit, about=person_id, limit=2 * TRIES)):
        if one.act == "signed_in" or one.said_at < since:
            break
        wrong += one.act == "sign_in_refused"
    return wrong >= TRIES


def sign_out(desk: Desk, person: Person) -> None:
    """Close the person's session."""
    if person.session:
        close_session(desk.warehouse, person.session)
    tell(desk, person.person_id, "signed_out", about=person.person_id)


def tell(desk: Desk, person_id: str, act: str, *, about: str = "", detail: str = "") -> None:
    """Write an act down for the audit; it is on the disk when this returns."""
    one = Audit(
        act=act, about=about[:200], detail=detail[:1_000], said_by=person_id[:100],
        said_at=datetime.now(UTC),
    )  # fmt: skip
    desk.say(said_tables([one]))
