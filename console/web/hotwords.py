"""Hotwords: what rose, where it comes from, what is done about it, and whether that helped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from console.web.access import Form, NotAllowed, desk_of, may
from console.web.rendering import page
from console.web.roles import Person
from detectors.rules import Cause
from hotwords.counts import Kind
from hotwords.spikes import Spike
from pipelines.desk import Desk
from pipelines.reports import recent_rises
from warehouse.read import DayShare, days_of_term, said, spikes
from warehouse.rows import said_tables
from warehouse.said import SpikeNote

router = APIRouter()
Reader = Annotated[Person, Depends(may("see_hotwords"))]
Lead = Annotated[Person, Depends(may("act_on_hotwords"))]
STATES = ("open", "doing", "done")
DAYS = 28
EFFECT_DAYS = 7
"""A week before and after an action, so that every weekday counts alike."""


@router.get("/hotwords")
def hotwords(request: Request, person: Reader, day: str = "") -> Response:
    """Show what rose in the latest week."""
    desk = desk_of(request)
    found = recent_rises(desk.warehouse)
    stories = []
    for rise in found:
        one = rise.spike
        series = days_of_term(
            desk.warehouse, one.kind.value, one.term, (one.slice.dimension, one.slice.value),
            first=one.day - timedelta(days=DAYS), last=one.day + timedelta(days=EFFECT_DAYS),
        )  # fmt: skip
        note = _note(desk, one)
        stories.append(
            {
                "rise": rise, "series": series, "note": note, "slices": _slices(desk, one),
                "effect": _effect(desk, one, note) if note and note.state == "done" else None,
            }
        )  # fmt: skip
    return page(
        request, "hotwords", person, stories=stories, day=day[:10], causes=[c.value for c in Cause],
        states=STATES, most=lambda series: max((one.contacts for one in series), default=1) or 1,
    )  # fmt: skip


def _note(desk: Desk, one: Spike) -> SpikeNote | None:
    notes = said(
        desk.warehouse, SpikeNote, kind=one.kind.value, term=one.term,
        dimension=one.slice.dimension, value=one.slice.value,
    )  # fmt: skip
    own = [n for n in notes if n.since == one.since]
    return own[-1] if own else None


def _slices(desk: Desk, one: Spike) -> list[Spike]:
    """Return the same term's spikes of that day in parts of the centre, surest first."""
    same = [s for s in spikes(desk.warehouse, one.day) if (s.kind, s.term) == (one.kind, one.term)]
    return [s for s in same if s.slice != one.slice][:8]


def _effect(desk: Desk, one: Spike, note: SpikeNote) -> tuple[DayShare, DayShare] | None:
    """Return contacts and exposure in the week before and after something was done."""
    at = note.said_at.date()
    week = timedelta(days=EFFECT_DAYS)
    series = days_of_term(
        desk.warehouse, one.kind.value, one.term, (one.slice.dimension, one.slice.value),
        first=at - week, last=at + week,
    )  # fmt: skip
    sides = [
        [d for d in series if at - week <= d.day < at],
        [d for d in series if at < d.day <= at + week],
    ]
    if not all(sides):
        return None
    before, after = (
        DayShare(side[0].day, sum(d.contacts for d in side), sum(d.exposure for d in side))
        for side in sides
    )
    return before, after


@router.post("/hotwords")
def keep_note(request: Request, form: Form, person: Lead) -> Response:
    """Keep what is done about a rise: whose it is, where it comes from, what was decided."""
    kind = form.one_of("kind", tuple(Kind))
    try:
        since = date.fromisoformat(form.text("since"))
    except ValueError:
        raise NotAllowed("bad_form") from None
    one = SpikeNote(
        kind=kind, term=form.text("term", most=200), dimension=form.text("dimension", most=40),
        value=form.text("value", most=200), since=since,
        cause=form.one_of("cause", ("", *Cause)), owner=form.text("owner", most=100),
        action=form.text("action", most=2_000), state=form.one_of("state", STATES),
        said_by=person.person_id, said_at=datetime.now(UTC),
    )  # fmt: skip
    desk_of(request).say(said_tables([one]))
    return RedirectResponse(f"/hotwords#{quote(f'{one.kind}-{one.term}')}", status_code=303)
