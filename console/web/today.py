"""The first page: what came in, what was set aside, what rose, what waits for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from console.web.access import accounts, desk_of, may
from console.web.finding_out import titles_in
from console.web.rendering import page, words_of
from console.web.roles import Person
from interactions.problems import explain
from pipelines.discretion import without_identifiers as hide
from pipelines.reports import recent_rises
from warehouse.read import (
    last_run,
    latest_days,
    open_count,
    said,
    set_aside,
    waiting,
)
from warehouse.said import Appeal

router = APIRouter()
Reader = Annotated[Person, Depends(may("see_today"))]
MOST_ASIDE, MOST_RISES = 20, 10


@router.get("/today")
def today(request: Request, person: Reader) -> Response:
    """Show the day; the page asks for itself again every ten seconds."""
    desk = desk_of(request)
    zone = desk.settings.centre.timezone
    aside = set_aside(desk.warehouse)
    now = datetime.now(ZoneInfo(zone)).date()
    appeals = said(desk.warehouse, Appeal, last_per=("appeal_id",))
    return page(
        request,
        "today",
        person,
        days=latest_days(desk.warehouse, timezone=zone),
        open=open_count(desk.warehouse),
        run=last_run(desk.warehouse),
        aside=[(one.item, one.code, one.values) for one in aside[:MOST_ASIDE]],
        aside_count=len(aside),
        explain=lambda code, values, language: hide(explain(code, values, language)),
        hide=hide,
        titles=titles_in(desk, words_of(request, person).language),
        rises=recent_rises(desk.warehouse)[:MOST_RISES],
        waiting=waiting(desk.warehouse, now, timezone=zone),
        names={who: one.name for who, one in accounts(desk).items()},
        appeals=sum(one.state == "raised" for one in appeals),
    )
