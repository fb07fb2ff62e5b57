"""The page of one interaction: hear it, read it, see what was found."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from console.summary_page import part_of
from console.views import doubted, dropped
from console.web.access import Form, NotAllowed, desk_of, may, tell
from console.web.finding_out import Shown, curves, interaction_for, sheets, shown
from console.web.gist import gist
from console.web.rendering import page, words_of
from console.web.roles import Person
from console.web.transcript import transcript
from detectors.because import explain, explain_not_measured
from detectors.evidence import Measure
from detectors.measures import UNITS
from detectors.rules import Cause
from detectors.sheet_words import explain_na
from interactions.interaction import Interaction, Utterance
from pipelines.desk import Desk
from pipelines.redaction import has_words, redaction_of, shown_evidence
from warehouse.judged import Decision

router = APIRouter()
Listener = Annotated[Person, Depends(may("listen"))]
Revealer = Annotated[Person, Depends(may("reveal"))]
PURPOSE = 200
PURPOSES = ("judge", "complaint", "request", "security")
_ORDER = {name: place for place, name in enumerate(UNITS)}


@router.get("/interaction")
def interaction(
    request: Request,
    person: Listener,
    id: str = "",  # noqa: A002 - the field's name
    edit: int = -1,
    back: str = "",
) -> Response:
    """Show an interaction."""
    one = interaction_for(desk_of(request), person, id)
    return show(request, person, one, edit=edit, back=back)


@router.post("/reveal")
def reveal(request: Request, form: Form, person: Revealer) -> Response:
    """Show an interaction with what is hidden otherwise; that, and why, is written down."""
    desk = desk_of(request)
    one = interaction_for(desk, person, form.text("id"))
    purpose = form.text("purpose", most=PURPOSE)
    if not purpose:
        raise NotAllowed("bad_form")
    tell(desk, person.person_id, "reveal", about=one.interaction_id, detail=purpose)
    return show(request, person, one, back=form.text("back"), reveal=True)


def show(
    request: Request,
    person: Person,
    one: Interaction,
    *,
    status: int = 200,
    notice: str = "",
    **chosen: Any,  # noqa: ANN401 - what the page was asked for: edit, back, reveal
) -> HTMLResponse:
    """Return the page of an interaction; with a notice where something was refused."""
    desk = desk_of(request)
    seen = shown(desk, one)
    t = words_of(request, person)
    language = t.language
    may_reveal = chosen.get("reveal", False)
    hidden = None if may_reveal else redaction_of(one)
    lines = transcript(one, seen.findings, hidden)
    edit = _edited(desk, person, one, chosen.get("edit", -1))
    return page(
        request,
        "interaction",
        person,
        status=status,
        notice=notice,
        one=one,
        seen=seen,
        lines=lines,
        curves=curves(one, seen.findings) if one.contours else "",
        measures=measures(seen.whole.measures),
        silent=_silent(seen, language),
        told=gist(desk.settings, one, hidden),
        part_of=lambda line: part_of(line, t.texts),
        named=lambda told, matter: told.name(matter, t.texts),
        sheets=sheets(desk, one.interaction_id),
        in_words=lambda evidence: explain(shown_evidence(evidence, hidden), language),
        why_silent=lambda code: explain_not_measured(code, language),
        why_na=lambda code: explain_na(code, language),
        why_dropped=lambda code: dropped(code, language),
        why_doubted=lambda code: doubted(code, language),
        decisions=[d.value for d in Decision],
        causes=[c.value for c in Cause],
        edit=edit,
        hide=hidden.text if hidden else str,
        purposes=PURPOSES,
        back=chosen.get("back", ""),
        revealed=may_reveal,
        plays=may_reveal or has_words(one),
        judges=person.may("judge"),
        owns=person.agent is not None and person.agent == one.agent,
    )


def _edited(desk: Desk, person: Person, one: Interaction, seq: int) -> Utterance | None:
    """Return the utterance that is to be corrected; to show what is hidden in it is a reveal."""
    for index, utterance in enumerate(one.utterances):
        if utterance.seq == seq and person.may("judge"):
            if redaction_of(one).spans(index):
                tell(
                    desk, person.person_id, "reveal", about=one.interaction_id, detail="correction"
                )
            return utterance
    return None


def measures(found: tuple[Measure, ...]) -> list[tuple[str, list[Measure]]]:
    """Return measures by name, in the order in which people know them."""
    names = sorted({m.name for m in found}, key=lambda name: (_ORDER.get(name, 999), name))
    return [(name, [m for m in found if m.name == name]) for name in names]


def _silent(seen: Shown, language: str) -> dict[str, list[str]]:
    """Return the rules that have no answer, by reason."""
    why: dict[str, list[str]] = {}
    for one in seen.whole.not_measured:
        title = seen.whole.title(one.rule_id, language) or one.rule_id
        why.setdefault(one.because, []).append(title)
    return why
