"""The worklist: filters, pages, saved views, assignment, and the next one to hear."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from console.web.access import Form, NotAllowed, account, accounts, desk_of, may
from console.web.finding_out import titles_in
from console.web.rendering import page, words_of
from console.web.roles import Person, Role
from pipelines.desk import Desk, Overtaken
from pipelines.known_error import hints
from warehouse.read import (
    LineFilter,
    WorklistRow,
    choices,
    judged_on,
    lines,
    people_on,
    said,
)
from warehouse.rows import said_tables
from warehouse.said import Account, Assignment, SavedView

router = APIRouter()
T = TypeVar("T")
Reader = Annotated[Person, Depends(may("see_worklist"))]
Judge = Annotated[Person, Depends(may("judge"))]
Lead = Annotated[Person, Depends(may("assign"))]
PAGE = 50
_YEARS = (1900, 2999)
STATES = ("open", "mine", "free", "done", "")
_TEXTS = ("rule", "severity", "queue", "team", "agent", "product", "channel", "measure")
FIELDS = ("state", *_TEXTS, "from", "to", "least", "most", "q")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of the worklist was asked for.

    Attributes:
        given: The filters as they are written, without empty ones.
        wrong: Names of fields in which nothing sensible is written.
    """

    only: LineFilter
    given: Mapping[str, str]
    wrong: tuple[str, ...]

    @property
    def query(self) -> str:
        """The filters as a query string."""
        return urlencode(self.given)


def asked(desk: Desk, person: Person, fields: Mapping[str, str]) -> Asked:
    """Read filters; what cannot be read is left out and named."""
    given = {name: fields[name].strip()[:200] for name in FIELDS if fields.get(name, "").strip()}
    given.setdefault("state", "open") if "state" not in fields else None
    wrong: list[str] = []
    days, bounds = dict[str, date | None](), dict[str, float | None]()
    for name, field in (("from", "first_day"), ("to", "last_day")):
        days[field] = _read(given, name, _day, wrong)
    for name, field in (("least", "at_least"), ("most", "at_most")):
        bounds[field] = _read(given, name, _finite, wrong)
    if given.get("state", "") not in STATES:
        wrong.append("state")
        del given["state"]
    numbers = desk.index.find(given["q"]) if "q" in given else None
    if "q" in given and numbers is None:
        wrong.append("q")
    texts = {name: given.get(name, "") for name in _TEXTS if name != "rule"}
    only = LineFilter(
        state=given.get("state", ""),
        person=person.person_id,
        rule_id=given.get("rule", ""),
        **texts,  # type: ignore[arg-type]  # fields of text
        **days,  # type: ignore[arg-type]
        **bounds,  # type: ignore[arg-type]
        numbers=numbers,
        timezone=desk.settings.centre.timezone,
    )
    return Asked(only, given, tuple(wrong))


def _read(
    given: Mapping[str, str], name: str, kind: Callable[[str], T], wrong: list[str]
) -> T | None:
    try:
        return kind(given[name]) if name in given else None
    except ValueError:
        wrong.append(name)
        return None


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise ValueError(text)
    return day


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value


@router.get("/worklist")
def worklist(request: Request, person: Reader, after: int = 0) -> Response:
    """Show the next lines that fit the filters."""
    desk = desk_of(request)
    wanted = asked(desk, person, request.query_params)
    rows = lines(desk.warehouse, wanted.only, after=max(0, after), limit=PAGE + 1)
    return page(
        request,
        "worklist",
        person,
        asked=wanted,
        rows=rows[:PAGE],
        more=rows[PAGE - 1].position if len(rows) > PAGE else 0,
        after=after,
        titles=titles_in(desk, words_of(request, person).language),
        demoted=desk.remembered("hints", lambda: hints(desk.warehouse, desk.settings)),
        choices=desk.remembered("choices", lambda: choices(desk.warehouse)),
        people=people_on(desk.warehouse, [row.interaction_id for row in rows[:PAGE]]),
        reviewers=_reviewers(desk),
        views=_views(desk, person),
        quota=_quota(desk, person),
        states=STATES,
    )


def _reviewers(desk: Desk) -> list[Account]:
    judges = {Role.REVIEWER, Role.LEAD}
    return sorted(
        (one for one in accounts(desk).values() if one.is_active and judges & set(one.roles)),
        key=lambda one: one.person_id,
    )


def _views(desk: Desk, person: Person) -> list[SavedView]:
    def mine() -> list[SavedView]:
        said_of = said(desk.warehouse, SavedView, last_per=("name",), said_by=person.person_id)
        return sorted((one for one in said_of if not one.is_removed), key=lambda one: one.name)

    return desk.unchanged(f"views-{person.person_id}", ("saved_views",), mine)


def _quota(desk: Desk, person: Person) -> tuple[int, int]:
    """Return how many the person judged today, and how many they are to judge."""
    zone = desk.settings.centre.timezone
    today = datetime.now(ZoneInfo(zone)).date()
    who = account(desk, person.person_id)
    done = judged_on(desk.warehouse, person.person_id, today, timezone=zone)
    return done, who.quota if who else 0


@router.post("/worklist/next")
def next_one(request: Request, form: Form, person: Judge) -> Response:
    """Take the first open line that nobody else has, and lead to it."""
    desk = desk_of(request)
    wanted = asked(desk, person, {name: form.text(name) for name in FIELDS})
    state = "mine" if wanted.only.state == "mine" else "free"
    only = LineFilter(
        **{
            **{name: getattr(wanted.only, name) for name in LineFilter.__slots__},
            "state": state,
        }
    )
    after = 0
    while rows := lines(desk.warehouse, only, after=after, limit=PAGE):
        for row in rows:
            if row.interaction_id != form.text("done") and _take(desk, person, row):
                asked_for = urlencode({"id": row.interaction_id, "back": wanted.query})
                return RedirectResponse(f"/interaction?{asked_for}", status_code=303)
        after = rows[-1].position
    return RedirectResponse(f"/worklist?{wanted.query}", status_code=303)


def _take(desk: Desk, person: Person, row: WorklistRow) -> bool:
    """Give a line to the person, unless somebody else was faster."""
    about = row.interaction_id

    def taken() -> str:
        now = people_on(desk.warehouse, [about]).get(about)
        return "overtaken" if now and now.given_to not in {"", person.person_id} else ""

    given = people_on(desk.warehouse, [about]).get(about)
    if given and given.given_to == person.person_id:
        return True
    one = Assignment(
        interaction_id=about, person_id=person.person_id, said_by=person.person_id,
        said_at=datetime.now(UTC),
    )  # fmt: skip
    try:
        desk.say(said_tables([one]), about=f"given/{about}", objection=taken)
    except Overtaken:
        return False
    return True


@router.post("/worklist/assign")
def assign(request: Request, form: Form, person: Lead) -> Response:
    """Give the ticked lines to a person, or back to everybody."""
    desk = desk_of(request)
    who = form.text("person", most=100)
    if who and who not in {one.person_id for one in _reviewers(desk)}:
        raise NotAllowed("bad_form")
    now = datetime.now(UTC)
    given = [
        Assignment(interaction_id=one, person_id=who, said_by=person.person_id, said_at=now)
        for one in form.texts("ticked")[:500]
    ]
    if given:
        desk.say(said_tables(given))
    return RedirectResponse(f"/worklist?{form.text('query')}", status_code=303)


@router.post("/worklist/views")
def keep_view(request: Request, form: Form, person: Reader) -> Response:
    """Keep filters under a name, or remove the name."""
    desk = desk_of(request)
    name = form.text("name", most=60)
    wanted = asked(desk, person, dict(parse_qsl(form.text("query"))))
    if not name:
        raise NotAllowed("bad_form")
    one = SavedView(
        name=name,
        query=wanted.query,
        is_removed=form.text("remove") == "1",
        said_by=person.person_id,
        said_at=datetime.now(UTC),
    )
    desk.say(said_tables([one]))
    return RedirectResponse(f"/worklist?{wanted.query}", status_code=303)
