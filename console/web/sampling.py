"""Sampling and truth: how right the rules are, and team scores without bias."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from console.web.access import desk_of, may
from console.web.rendering import page
from console.web.roles import Person
from pipelines.sampling import team_scores, truths
from warehouse.read import rule_titles

router = APIRouter()
Reader = Annotated[Person, Depends(may("see_sampling"))]
PER = ("team", "agent", "queue")


@router.get("/sampling")
def sampling(request: Request, person: Reader, per: str = "team") -> Response:
    """Show precision, recall and unbiased scores, each with its interval."""
    desk = desk_of(request)
    chosen = per if per in PER else "team"
    return page(
        request, "sampling", person, truths=truths(desk.warehouse, desk.settings),
        titles=rule_titles(desk.warehouse), per=chosen, pers=PER,
        teams=team_scores(desk.warehouse, desk.settings, per=chosen),
        share=desk.settings.night.control_share,
    )  # fmt: skip
