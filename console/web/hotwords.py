"""Hotwords: what rose, where it comes from, what is done about it, and whether that helped."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from console.rise_lines import heading, lines
from console.rises_html import plot_of
from console.unlike_lines import sections
from console.web.access import Form, NotAllowed, desk_of, may
from console.web.rendering import page, words_of
from console.web.roles import Person
from detectors.rules import Cause
from hotwords.counts import Kind, Slice
from pipelines.desk import Desk
from pipelines.rising import Digest, beside, risen
from warehouse.spike_actions import SpikeAction, spike_action_tables

router = APIRouter()
Reader = Annotated[Person, Depends(may("see_hotwords"))]
COUNTED = ("spikes", "term_counts", "spike_actions", "inspections")
Lead = Annotated[Person, Depends(may("act_on_hotwords"))]


@router.get("/hotwords")
def hotwords(request: Request, person: Reader, day: str = "") -> Response:
    """Show what rose in the week up to ``day``, by default the latest, and what is unlike."""
    desk = desk_of(request)
    texts = words_of(request, person).texts
    if day:
        whole = beside(desk.warehouse, desk.settings, _risen(desk, _day(day)))
    else:  # a second's work that only a night's counts, or an action, change
        whole = desk.unchanged(
            "rises", COUNTED, lambda: beside(desk.warehouse, desk.settings, _risen(desk))
        )
    stories = [
        {
            "spike": story.rise.spike,
            "heading": heading(story, texts),
            "lines": list(lines(story, texts)),
            # made of numbers and escaped texts
            "plot": Markup(plot_of(story.band, texts)) if story.band else "",  # noqa: S704
            "action": story.action,
        }
        for story in whole.stories
    ]
    return page(
        request, "hotwords", person, stories=stories, day=whole.day,
        beside=list(sections(whole.words, whole.unlike, texts)), causes=[c.value for c in Cause],
    )  # fmt: skip


def _risen(desk: Desk, day: date | None = None) -> Digest:
    return risen(desk.warehouse, desk.settings, day)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAllowed("bad_form") from None


@router.post("/hotwords")
def keep_action(request: Request, form: Form, person: Lead) -> Response:
    """Keep what is done about a rise: where it comes from, whose it is, and what is done."""
    begins = form.text("acts_from")
    one = SpikeAction(
        day=_day(form.text("day")),
        kind=Kind(form.one_of("kind", tuple(Kind))),
        term=form.text("term", most=200),
        slice=Slice(form.text("dimension", most=40), form.text("value", most=200)),
        cause=Cause(form.one_of("cause", tuple(Cause))),
        owner=form.text("owner", most=100),
        action=form.text("action", most=2_000),
        acts_from=_day(begins) if begins else None,
        decided_by=person.person_id,
        decided_at=datetime.now(UTC),
    )
    desk_of(request).say(spike_action_tables([one]))
    return RedirectResponse(f"/hotwords#{quote(f'{one.kind}-{one.term}')}", status_code=303)
