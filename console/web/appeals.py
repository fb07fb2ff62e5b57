"""Appeals: an agent says that a finding is wrong, and somebody who did not judge it decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from console.web.access import Form, NotAllowed, desk_of, may
from console.web.finding_out import interaction_for
from console.web.interaction import show
from console.web.rendering import page, words_of
from console.web.roles import Person
from detectors.because import explain
from detectors.evidence import Finding
from pipelines.desk import Desk, Overtaken
from pipelines.redaction import masked_findings, redactions
from warehouse.judged import Decision, Verdict
from warehouse.read import findings_of, rule_titles, said, verdicts_of
from warehouse.rows import said_tables, verdict_tables
from warehouse.said import Appeal, id_of

router = APIRouter()
Reader = Annotated[Person, Depends(may("see_appeals"))]
Appellant = Annotated[Person, Depends(may("appeal"))]
Decider = Annotated[Person, Depends(may("decide_appeals"))]
OUTCOMES = {"upheld": Decision.CONFIRMED, "overturned": Decision.REJECTED}


@dataclass(frozen=True, slots=True)
class Case:
    """An appeal with everything that happened to it.

    Attributes:
        steps: The first is the plea.
        finding: None where the rule no longer finds it.
        may_decide: Whether whoever asks may: somebody else judged the finding.
    """

    steps: tuple[Appeal, ...]
    finding: Finding | None
    may_decide: bool

    @property
    def last(self) -> Appeal:
        """The step that counts."""
        return self.steps[-1]


def cases(desk: Desk, person: Person) -> list[Case]:
    """Return the appeals that a person may see: open ones first, the last said first."""
    by_id: dict[str, list[Appeal]] = {}
    for one in said(desk.warehouse, Appeal):
        by_id.setdefault(one.appeal_id, []).append(one)
    found = [_case(desk, person, steps) for steps in by_id.values() if _is_seen(person, steps)]
    found.sort(key=lambda case: case.last.said_at, reverse=True)
    return sorted(found, key=lambda case: case.last.state != "raised")


def _is_seen(person: Person, steps: Sequence[Appeal]) -> bool:
    return person.may("decide_appeals") or steps[0].said_by == person.person_id


def _case(desk: Desk, person: Person, steps: Sequence[Appeal]) -> Case:
    about = steps[0]
    found = {f.finding_id: f for f in findings_of(desk.warehouse, about.interaction_id)}
    is_open = steps[-1].state == "raised" and person.may("decide_appeals")
    may_decide = is_open and not _took_part(desk, person, about)
    disputed = found.get(about.finding_id)
    if disputed is not None:
        hidden = redactions(desk.warehouse, [about.interaction_id])
        (disputed,) = masked_findings([disputed], hidden[about.interaction_id])
    return Case(tuple(steps), disputed, may_decide)


def _took_part(desk: Desk, person: Person, about: Appeal) -> bool:
    """Whether the person judged the finding before, or is the agent who appeals."""
    given = verdicts_of(desk.warehouse, about.interaction_id)
    judged = {v.reviewer for v in given if v.finding_id == about.finding_id}
    return person.person_id in judged | {about.said_by}


@router.get("/appeals")
def appeals(request: Request, person: Reader) -> Response:
    """List appeals."""
    desk = desk_of(request)
    language = words_of(request, person).language
    return page(
        request, "appeals", person, cases=cases(desk, person), titles=rule_titles(desk.warehouse),
        in_words=lambda evidence: explain(evidence, language),
        days=desk.settings.console.appeal_days,
    )  # fmt: skip


@router.post("/appeals")
def raise_one(request: Request, form: Form, person: Appellant) -> Response:
    """Appeal a finding of one's own, once, within the deadline."""
    desk = desk_of(request)
    one = interaction_for(desk, person, form.text("id"))
    if person.agent is None or one.agent != person.agent:
        raise NotAllowed
    found = {f.finding_id: f for f in findings_of(desk.warehouse, one.interaction_id)}
    finding, note = found.get(form.text("finding")), form.text("note", most=2_000)
    if finding is None or not note:
        raise NotAllowed("bad_form")
    if too_late(desk, finding):
        return show(request, person, one, status=409, notice="too_late")
    step = Appeal(
        appeal_id=id_of("appeal", finding.finding_id),
        finding_id=finding.finding_id,
        interaction_id=one.interaction_id,
        rule_id=finding.rule_id,
        rule_version=finding.rule_version,
        state="raised",
        note=note,
        said_by=person.person_id,
        said_at=datetime.now(UTC),
    )

    def raised() -> str:
        return "overtaken" if said(desk.warehouse, Appeal, appeal_id=step.appeal_id) else ""

    try:
        desk.say(said_tables([step]), about=step.appeal_id, objection=raised)
    except Overtaken:
        return show(request, person, one, status=409, notice="appealed")
    asked = urlencode({"id": one.interaction_id})
    return RedirectResponse(f"/interaction?{asked}#f-{finding.finding_id}", status_code=303)


def too_late(desk: Desk, finding: Finding) -> bool:
    """Whether the deadline is over: so many days from the last verdict; without one it is not."""
    given = [
        v for v in verdicts_of(desk.warehouse, finding.interaction_id)
        if v.finding_id == finding.finding_id
    ]  # fmt: skip
    days = timedelta(days=desk.settings.console.appeal_days)
    return bool(given) and datetime.now(UTC) > given[-1].decided_at + days


@router.post("/appeals/decide")
def decide(request: Request, form: Form, person: Decider) -> Response:
    """Decide an appeal; the decision is a verdict, so it counts in the rule's precision."""
    desk = desk_of(request)
    steps = said(desk.warehouse, Appeal, appeal_id=form.text("appeal"))
    outcome = form.one_of("outcome", tuple(OUTCOMES))
    if not steps:
        raise NotAllowed("not_there")
    about, now = steps[0], datetime.now(UTC)
    if _took_part(desk, person, about):
        raise NotAllowed("not_allowed")
    note = form.text("note", most=2_000)
    step = replace(about, state=outcome, note=note, said_by=person.person_id, said_at=now)
    verdict = Verdict(
        finding_id=about.finding_id,
        interaction_id=about.interaction_id,
        rule_id=about.rule_id,
        rule_version=about.rule_version,
        decision=OUTCOMES[outcome],
        cause=None,
        reviewer=person.person_id,
        decided_at=now,
        note=note,
    )
    _say(desk, step, verdict)
    return RedirectResponse("/appeals", status_code=303)


@router.post("/appeals/withdraw")
def withdraw(request: Request, form: Form, person: Appellant) -> Response:
    """Take one's own appeal back."""
    desk = desk_of(request)
    steps = said(desk.warehouse, Appeal, appeal_id=form.text("appeal"))
    if not steps or steps[0].said_by != person.person_id:
        raise NotAllowed("not_there")
    now = datetime.now(UTC)
    _say(desk, replace(steps[0], state="withdrawn", note="", said_by=person.person_id, said_at=now))
    return RedirectResponse("/appeals", status_code=303)


def _say(desk: Desk, step: Appeal, verdict: Verdict | None = None) -> None:
    """Keep a step, unless the appeal is no longer open."""

    def closed() -> str:
        last = said(desk.warehouse, Appeal, appeal_id=step.appeal_id)[-1]
        return "" if last.state == "raised" else "overtaken"

    tables = [said_tables([step]), *([verdict_tables([verdict])] if verdict else [])]
    try:
        desk.say(*tables, about=step.appeal_id, objection=closed)
    except Overtaken:
        raise NotAllowed("stale_form") from None
