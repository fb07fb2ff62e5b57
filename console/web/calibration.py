"""Calibration rounds: several people answer the same sheet on the same interactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from console.web.access import Form, NotAllowed, accounts, desk_of, may
from console.web.rendering import page
from console.web.roles import Person, Role
from detectors.scorecard import Given, Item, Sheet
from pipelines.agreement import Agreement, agreement, interval, severity
from pipelines.desk import Desk
from pipelines.scoring import sheets_of
from warehouse.read import known_ids, said
from warehouse.rows import said_tables
from warehouse.said import Calibration, CalibrationAnswer

router = APIRouter()
Reviewer = Annotated[Person, Depends(may("calibrate"))]
Lead = Annotated[Person, Depends(may("open_rounds"))]
TOLERANCE = 0.1
"""Shares of points this close count as near: one tenth of what an item is worth. Ours."""
MOST = 50


@dataclass(frozen=True, slots=True)
class Question:
    """How far people agree on one item, on the answers and on the points."""

    item: Item
    answers: Agreement
    points: Agreement


def rounds(desk: Desk) -> list[Calibration]:
    """Return all rounds as they are now, the last said first."""
    return said(desk.warehouse, Calibration, last_per=("round_id",))[::-1]


def _round(desk: Desk, round_id: str) -> Calibration:
    found = [one for one in rounds(desk) if one.round_id == round_id]
    if not found:
        raise NotAllowed("not_there")
    return found[0]


def _sheet(desk: Desk, sheet_id: str) -> Sheet:
    found = [one for one in sheets_of(desk.settings).sheets if one.sheet_id == sheet_id]
    if not found:
        raise NotAllowed("not_there")
    return found[0]


def _answers(desk: Desk, round_id: str) -> list[CalibrationAnswer]:
    per = ("interaction_id", "item_id", "said_by")
    return said(desk.warehouse, CalibrationAnswer, last_per=per, round_id=round_id)


@router.get("/calibration")
def calibration(request: Request, person: Reviewer) -> Response:
    """List the rounds; leads may open one."""
    desk = desk_of(request)
    everybody = accounts(desk).values()
    judges = [o for o in everybody if o.is_active and {Role.REVIEWER, Role.LEAD} & set(o.roles)]
    return page(
        request, "calibration", person, rounds=rounds(desk), judges=judges,
        sheets=sheets_of(desk.settings).sheets,
    )  # fmt: skip


@router.post("/calibration")
def open_round(request: Request, form: Form, person: Lead) -> Response:
    """Open a round."""
    desk = desk_of(request)
    ids = tuple(dict.fromkeys(form.text("ids", most=20_000).split()))[:MOST]
    known = known_ids(desk.warehouse)
    people = form.texts("reviewer")
    if not ids or not set(ids) <= known.keys() or len(people) < 2 or not form.text("title"):  # noqa: PLR2004 - to agree takes two
        raise NotAllowed("bad_form")
    one = Calibration(
        round_id=token_hex(8),
        title=form.text("title", most=100),
        sheet_id=_sheet(desk, form.text("sheet")).sheet_id,
        interaction_ids=ids,
        reviewers=tuple(sorted(set(people))),
        is_open=True,
        said_by=person.person_id,
        said_at=datetime.now(UTC),
    )
    desk.say(said_tables([one]))
    return RedirectResponse("/calibration", status_code=303)


@router.post("/calibration/close")
def close_round(request: Request, form: Form, person: Lead) -> Response:
    """Close a round: nobody answers any more, everybody sees the result."""
    desk = desk_of(request)
    one = _round(desk, form.text("round"))
    now = datetime.now(UTC)
    desk.say(said_tables([replace(one, is_open=False, said_by=person.person_id, said_at=now)]))
    return RedirectResponse(f"/calibration/round?round={one.round_id}", status_code=303)


@router.get("/calibration/round")
def show_round(request: Request, person: Reviewer, round: str = "", id: str = "") -> Response:  # noqa: A002 - the fields' names
    """Show a round: to answer while it is open, and how far people agree once it is closed."""
    desk = desk_of(request)
    one = _round(desk, round)
    sheet, given = _sheet(desk, one.sheet_id), _answers(desk, round)
    mine = {(a.interaction_id, a.item_id): a for a in given if a.said_by == person.person_id}
    chosen = id if id in one.interaction_ids else next(
        (i for i in one.interaction_ids if not any((i, x.item_id) in mine for x in sheet.items)), ""
    )  # fmt: skip
    sees = not one.is_open or person.may("open_rounds")
    return page(
        request, "round", person, round=one, sheet=sheet, mine=mine, chosen=chosen,
        answers=list(Given),
        done={r: len({a.interaction_id for a in given if a.said_by == r}) for r in one.reviewers},
        takes_part=one.is_open and person.person_id in one.reviewers,
        questions=_questions(sheet, given) if sees else [],
        severities=_severities(given) if sees else {},
    )  # fmt: skip


def _questions(sheet: Sheet, given: Sequence[CalibrationAnswer]) -> list[Question]:
    found = []
    for item in sheet.items:
        own = [a for a in given if a.item_id == item.item_id]
        ids = sorted({a.interaction_id for a in own})
        said_ = [[a.answer for a in own if a.interaction_id == i] for i in ids]
        shares = [
            [f"{a.share:g}" for a in own if a.interaction_id == i and a.share is not None]
            for i in ids
        ]
        points = agreement(shares, distance=interval, tolerance=TOLERANCE)
        found.append(Question(item, agreement(said_), points))
    return found


def _severities(given: Sequence[CalibrationAnswer]) -> dict[str, float]:
    shares: dict[str, dict[str, float]] = {}
    for one in given:
        if one.share is not None:
            shares.setdefault(one.said_by, {})[f"{one.interaction_id}\x1f{one.item_id}"] = one.share
    return severity(shares)


@router.post("/calibration/answers")
def answer(request: Request, form: Form, person: Reviewer) -> Response:
    """Keep one person's answers on one interaction of a round."""
    desk = desk_of(request)
    one = _round(desk, form.text("round"))
    about = form.text("id")
    if not one.is_open or person.person_id not in one.reviewers or about not in one.interaction_ids:
        raise NotAllowed
    now = datetime.now(UTC)
    given = []
    for item in _sheet(desk, one.sheet_id).items:
        said_ = form.one_of(f"a-{item.item_id}", ("", *Given))
        points = form.number(f"p-{item.item_id}", least=0, most=item.points)
        if not said_:
            continue
        share = {"met": 1.0, "failed": 0.0, "na": None}.get(said_, (points or 0.0) / item.points)
        given.append(
            CalibrationAnswer(
                round_id=one.round_id, interaction_id=about, item_id=item.item_id, answer=said_,
                share=share, said_by=person.person_id, said_at=now,
            )
        )  # fmt: skip
    if given:
        desk.say(said_tables(given))
    return RedirectResponse(f"/calibration/round?round={one.round_id}", status_code=303)
