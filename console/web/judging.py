"""Verdicts, reviews, answers and corrections: what people say while they listen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from console.web.access import Form, NotAllowed, Posted, desk_of, may
from console.web.finding_out import interaction_for
from console.web.interaction import show
from console.web.roles import Person
from detectors.rules import Cause
from detectors.scorecard import Given
from interactions.interaction import Interaction
from interactions.sound import Party
from pipelines.corrections import corrected
from pipelines.desk import Desk, Overtaken
from pipelines.inspection import inspect_corrected
from pipelines.scoring import by_version, sheets_of
from warehouse.judged import Decision, Review, SheetAnswer, Verdict
from warehouse.read import findings_of, rule_titles, scores_of, verdicts_of
from warehouse.rows import answer_tables, review_tables, said_tables, verdict_tables
from warehouse.said import Correction, Withdrawal

router = APIRouter()
Judge = Annotated[Person, Depends(may("judge"))]
LONGEST_NOTE = 2_000


def back_to(one: Interaction, form: Posted, anchor: str = "") -> Response:
    """Lead back to the interaction that a form was on."""
    asked = urlencode({"id": one.interaction_id, "back": form.text("back")})
    return RedirectResponse(
        f"/interaction?{asked}{anchor and f'#{quote(anchor)}'}", status_code=303
    )


def last_id(desk: Desk, one: Interaction, finding_id: str) -> str:
    """Return the id of the last verdict on a finding; empty where there is none."""
    given = [
        v for v in verdicts_of(desk.warehouse, one.interaction_id) if v.finding_id == finding_id
    ]
    return given[-1].verdict_id if given else ""


@router.post("/verdict")
def verdict(request: Request, form: Form, person: Judge) -> Response:
    """Keep a verdict; where somebody was faster, show theirs and keep nothing."""
    desk = desk_of(request)
    one = interaction_for(desk, person, form.text("id"))
    found = {f.finding_id: f for f in findings_of(desk.warehouse, one.interaction_id)}
    finding = found.get(form.text("finding"))
    if finding is None:
        raise NotAllowed("not_there")
    cause = form.one_of("cause", ("", *Cause))
    given = Verdict(
        finding_id=finding.finding_id,
        interaction_id=one.interaction_id,
        rule_id=finding.rule_id,
        rule_version=finding.rule_version,
        decision=Decision(form.one_of("decision", tuple(Decision))),
        cause=Cause(cause) if cause else None,
        reviewer=person.person_id,
        decided_at=datetime.now(UTC),
        note=form.text("note", most=LONGEST_NOTE),
    )
    seen = form.text("seen")

    def overtaken() -> str:
        return "" if last_id(desk, one, finding.finding_id) == seen else "overtaken"

    try:
        desk.say(verdict_tables([given]), about=finding.finding_id, objection=overtaken)
    except Overtaken:
        return show(request, person, one, status=409, notice="overtaken", back=form.text("back"))
    return back_to(one, form, f"f-{finding.finding_id}")


@router.post("/verdict/undo")
def undo(request: Request, form: Form, person: Judge) -> Response:
    """Take back one's own last verdict on a finding: the one before it counts again."""
    desk = desk_of(request)
    one = interaction_for(desk, person, form.text("id"))
    finding, now = form.text("finding"), datetime.now(UTC)
    given = [v for v in verdicts_of(desk.warehouse, one.interaction_id) if v.finding_id == finding]
    if not given or given[-1].reviewer != person.person_id:
        return show(request, person, one, status=409, notice="not_yours", back=form.text("back"))
    last = given[-1].verdict_id
    taken = Withdrawal(verdict_id=last, finding_id=finding, said_by=person.person_id, said_at=now)

    def overtaken() -> str:
        return "" if last_id(desk, one, finding) == last else "overtaken"

    try:
        desk.say(said_tables([taken]), about=finding, objection=overtaken)
    except Overtaken:
        return show(request, person, one, status=409, notice="overtaken", back=form.text("back"))
    return back_to(one, form, f"f-{finding}")


@router.post("/review")
def review(request: Request, form: Form, person: Judge) -> Response:
    """Keep that an interaction was heard whole, and what the rules missed in it."""
    desk = desk_of(request)
    one = interaction_for(desk, person, form.text("id"))
    known = rule_titles(desk.warehouse)
    missed = tuple(dict.fromkeys(form.texts("missed")))
    if not set(missed) <= known.keys():
        raise NotAllowed("bad_form")
    given = Review(
        interaction_id=one.interaction_id,
        missed=missed,
        reviewer=person.person_id,
        decided_at=datetime.now(UTC),
        note=form.text("note", most=LONGEST_NOTE),
    )
    desk.say(review_tables([given]), about=f"review/{one.interaction_id}")
    return back_to(one, form, "whole")


@router.post("/answers")
def answers(request: Request, form: Form, person: Judge) -> Response:
    """Keep what a person answers on a score sheet: the lines that they changed."""
    desk = desk_of(request)
    one = interaction_for(desk, person, form.text("id"))
    given = _answers(desk, one, form, person)
    if given:
        desk.say(answer_tables(given), about=f"answers/{one.interaction_id}")
    return back_to(one, form, "sheets")


def _answers(desk: Desk, one: Interaction, form: Posted, person: Person) -> list[SheetAnswer]:
    known = by_version(sheets_of(desk.settings))
    given = []
    for score in scores_of(desk.warehouse, one.interaction_id):
        sheet = known.get(f"{score.sheet_id}@{score.sheet_version}")
        if sheet is None or sheet.sheet_id != form.text("sheet"):
            continue
        for item in sheet.items:
            said = form.one_of(f"a-{item.item_id}", ("", *Given))
            points = form.number(f"p-{item.item_id}", least=0, most=item.points)
            if not said:
                continue
            if said == Given.PARTLY and points is None:
                raise NotAllowed("bad_form")
            given.append(
                SheetAnswer(
                    interaction_id=one.interaction_id,
                    sheet_id=sheet.sheet_id,
                    sheet_version=sheet.sheet_version,
                    item_id=item.item_id,
                    answer=Given(said),
                    earned=points if said == Given.PARTLY else None,
                    reviewer=person.person_id,
                    decided_at=datetime.now(UTC),
                    note=form.text("note", most=LONGEST_NOTE),
                )
            )
    return given


@router.post("/correction")
def correction(request: Request, form: Form, person: Judge) -> Response:
    """Keep what was really said and by whom, and inspect the interaction again at once."""
    desk = desk_of(request)
    one = interaction_for(desk, person, form.text("id"))
    seq = form.number("seq", least=0, most=10**6)
    found = [u for u in one.utterances if u.seq == seq]
    if not found:
        raise NotAllowed("not_there")
    told = Correction(
        interaction_id=one.interaction_id,
        start_ms=found[0].start_ms,
        end_ms=found[0].end_ms,
        was_party=found[0].party.value,
        was_text=found[0].text,
        party=form.one_of("party", tuple(Party)),
        text=form.text("text"),
        said_by=person.person_id,
        said_at=datetime.now(UTC),
    )
    heard = corrected(one, [told])
    desk.say(
        said_tables([told]),
        inspect_corrected(desk.settings, heard),
        about=f"words/{one.interaction_id}",
    )
    desk.renew([one.interaction_id])
    return back_to(one, form, f"u-{found[0].seq}")
