"""An agent's own page: findings, scores, coaching; nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from console.views import rule_titles
from console.web.access import Form, NotAllowed, desk_of, may
from console.web.coaching import cases_of, collections
from console.web.rendering import page, words_of
from console.web.roles import Person
from warehouse.read import LineFilter, lines, said, scores
from warehouse.rows import said_tables
from warehouse.said import CoachingTask

router = APIRouter()
Agent = Annotated[Person, Depends(may("learn"))]
MOST = 100


def tasks(request: Request, agent: str) -> list[CoachingTask]:
    """Return what an agent was given to learn from, as it is now."""
    desk = desk_of(request)
    return said(desk.warehouse, CoachingTask, last_per=("task_id",), agent=agent)


@router.get("/mine")
def mine(request: Request, person: Agent) -> Response:
    """Show an agent their own interactions, scores and coaching."""
    desk = desk_of(request)
    if person.agent is None:
        raise NotAllowed
    rows = [
        r for r in lines(desk.warehouse, LineFilter(agent=person.agent), limit=MOST) if r.findings
    ]
    found = {
        one.interaction_id: one for one in scores(desk.warehouse, [r.interaction_id for r in rows])
    }
    t = words_of(request, person)
    return page(
        request, "mine", person, rows=rows, scores=found,
        titles=rule_titles(desk.warehouse, t.language), tasks=tasks(request, person.agent),
        collections={c.collection_id: c for c in collections(desk)},
    )  # fmt: skip


@router.get("/mine/lesson")
def lesson(request: Request, person: Agent, task: str = "") -> Response:
    """Show the cases of a collection that the agent was given."""
    desk = desk_of(request)
    one = _task(request, person, task)
    found = {c.collection_id: c for c in collections(desk)}.get(one.collection_id)
    if found is None:
        raise NotAllowed("not_there")
    return page(request, "lesson", person, task=one, collection=found, cases=cases_of(desk, found))


@router.post("/mine/acknowledge")
def acknowledge(request: Request, form: Form, person: Agent) -> Response:
    """Keep that the agent has seen what they were given, and what they say to it."""
    one = _task(request, person, form.text("task"))
    said_ = replace(
        one, state="acknowledged", note=form.text("note", most=2_000), said_by=person.person_id,
        said_at=datetime.now(UTC),
    )  # fmt: skip
    desk_of(request).say(said_tables([said_]), about=one.task_id)
    return RedirectResponse("/mine", status_code=303)


def _task(request: Request, person: Person, task_id: str) -> CoachingTask:
    found = [t for t in tasks(request, person.agent or "") if t.task_id == task_id]
    if not found or person.agent is None:
        raise NotAllowed("not_there")
    return found[0]
