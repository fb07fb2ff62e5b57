"""The case library: passages, collections, who is taught with them, and what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from console.web.access import Form, NotAllowed, Posted, desk_of, may, tell
from console.web.export import as_zip
from console.web.finding_out import interaction_for
from console.web.rendering import page, words_of
from console.web.roles import Person
from console.web.sound import playable, sound_in
from interactions.interaction import Interaction
from interactions.problems import Unreadable
from pipelines.coaching import clip, effect, passage
from pipelines.corrections import corrected
from pipelines.desk import Desk
from pipelines.redaction import has_words
from warehouse.read import findings_of, interactions, rule_titles, said
from warehouse.rows import said_tables
from warehouse.said import CoachingCase, CoachingTask, Collection, Correction

router = APIRouter()
Coach = Annotated[Person, Depends(may("coach"))]
Anyone = Annotated[Person, Depends(may("be_here"))]
POLARITIES, DIFFICULTIES = ("do", "dont"), ("easy", "medium", "hard")
FILTERS = ("topic", "rule", "product", "difficulty", "polarity")


@dataclass(frozen=True, slots=True)
class Told:
    """A case with its passage."""

    case: CoachingCase
    said: tuple[tuple[str, str], ...]
    has_sound: bool


def library(desk: Desk) -> list[CoachingCase]:
    """Return all cases, the last changed first."""
    found = said(desk.warehouse, CoachingCase, last_per=("case_id",))
    return [one for one in reversed(found) if not one.is_removed]


def collections(desk: Desk) -> list[Collection]:
    """Return all collections, the last changed first."""
    found = said(desk.warehouse, Collection, last_per=("collection_id",))
    return [one for one in reversed(found) if not one.is_removed]


def _heard(desk: Desk, interaction_id: str) -> Interaction | None:
    found = interactions(desk.warehouse, [interaction_id], with_contours=False)
    told = said(desk.warehouse, Correction, interaction_id=interaction_id)
    return corrected(found[0], told) if found else None


def told(desk: Desk, case: CoachingCase) -> Told | None:
    """Return a case with what is said in it; None where its interaction is gone."""
    one = _heard(desk, case.interaction_id)
    if one is None:
        return None
    has_sound = one.recording is not None and has_words(one)
    return Told(case, passage(one, case).said, has_sound)


def cases_of(desk: Desk, collection: Collection) -> list[Told]:
    """Return a collection's cases in its order."""
    by_id = {one.case_id: one for one in library(desk)}
    found = (told(desk, by_id[one]) for one in collection.case_ids if one in by_id)
    return [one for one in found if one is not None]


@router.get("/coaching")
def coaching(request: Request, person: Coach) -> Response:
    """Show the library, the collections and who was given what."""
    desk = desk_of(request)
    given = {name: request.query_params.get(name, "").strip()[:200] for name in FILTERS}
    fields = {"rule": "rule_id"}
    found = [
        one for one in library(desk)
        if all(not v or getattr(one, fields.get(n, n)) == v for n, v in given.items())
    ]  # fmt: skip
    cases = library(desk)
    return page(
        request, "coaching", person, cases=found, given=given, collections=collections(desk),
        topics=sorted({c.topic for c in cases if c.topic}),
        rules=sorted({c.rule_id for c in cases if c.rule_id}),
        products=sorted({c.product for c in cases if c.product}), tasks=_tasks(desk),
        difficulties=DIFFICULTIES, polarities=POLARITIES,
    )  # fmt: skip


def _tasks(desk: Desk) -> list[dict[str, object]]:
    """Return what was given to whom, with the effect where it was acknowledged."""
    all_tasks = said(desk.warehouse, CoachingTask, last_per=("task_id",))[::-1]
    cases = {one.case_id: one for one in library(desk)}
    shelf = {one.collection_id: one for one in collections(desk)}
    found: list[dict[str, object]] = []
    for task in all_tasks:
        collection = shelf.get(task.collection_id)
        ids = collection.case_ids if collection else ()
        rules = sorted({cases[i].rule_id for i in ids if i in cases and cases[i].rule_id})
        coached = [t.agent for t in all_tasks if t.collection_id == task.collection_id]
        done = task.state == "acknowledged" and rules
        changed = effect(desk.warehouse, task, rules, coached) if done else None
        found.append({"task": task, "collection": collection, "effect": changed})
    return found


@router.get("/coaching/new")
def new_case(
    request: Request,
    person: Coach,
    id: str = "",  # noqa: A002 - the field's name
    finding: str = "",
    case: str = "",
) -> Response:
    """Show the form of a case: a new one from a finding, or one of the library."""
    desk = desk_of(request)
    kept = {one.case_id: one for one in library(desk)}.get(case)
    one = interaction_for(desk, person, kept.interaction_id if kept else id)
    titles = rule_titles(desk.warehouse)
    t = words_of(request, person)
    if kept is None:
        found = {f.finding_id: f for f in findings_of(desk.warehouse, id)}.get(finding)
        title = titles.get(found.rule_id) if found else None
        kept = CoachingCase(
            case_id="", interaction_id=one.interaction_id, finding_id=finding if found else "",
            rule_id=found.rule_id if found else "",
            start_ms=min(e.start_ms for e in found.evidence) if found else 0,
            end_ms=max(e.end_ms for e in found.evidence) if found else one.duration_ms,
            polarity="dont", topic="", product=one.product or "", difficulty="medium",
            title=t.own({"zh": title.zh, "en": title.en}) if title else "", advice="",
            is_removed=False, said_by=person.person_id, said_at=datetime.now(UTC),
        )  # fmt: skip
    return page(
        request, "case", person, case=kept, passage=passage(one, kept), polarities=POLARITIES,
        difficulties=DIFFICULTIES, length_s=one.duration_ms / 1000,
    )  # fmt: skip


@router.post("/coaching/case")
def keep_case(request: Request, form: Form, person: Coach) -> Response:
    """Keep a case, or take it out of the library."""
    desk = desk_of(request)
    one = interaction_for(desk, person, form.text("id"))
    finding = {f.finding_id: f for f in findings_of(desk.warehouse, one.interaction_id)}.get(
        form.text("finding")
    )
    start = form.number("start", least=0, most=one.duration_ms / 1000)
    end = form.number("end", least=0, most=one.duration_ms / 1000)
    if not form.text("title") or (start or 0) > (end or 0):
        raise NotAllowed("bad_form")
    case = CoachingCase(
        case_id=form.text("case", most=40) or token_hex(8),
        interaction_id=one.interaction_id,
        finding_id=finding.finding_id if finding else "",
        rule_id=finding.rule_id if finding else form.text("rule", most=100),
        start_ms=round((start or 0) * 1000),
        end_ms=round((end or 0) * 1000),
        **_said_of(form),
        is_removed=form.text("remove") == "1",
        said_by=person.person_id,
        said_at=datetime.now(UTC),
    )
    desk.say(said_tables([case]), about=case.case_id)
    return RedirectResponse("/coaching", status_code=303)


def _said_of(form: Posted) -> dict[str, str]:
    return {
        "polarity": form.one_of("polarity", POLARITIES),
        "difficulty": form.one_of("difficulty", DIFFICULTIES),
        "topic": form.text("topic", most=60),
        "product": form.text("product", most=100),
        "title": form.text("title", most=120),
        "advice": form.text("advice", most=4_000),
    }


@router.post("/coaching/collection")
def keep_collection(request: Request, form: Form, person: Coach) -> Response:
    """Keep the ticked cases as a collection, in the order of the library."""
    desk = desk_of(request)
    ids = tuple(one for one in form.texts("ticked") if one in {c.case_id for c in library(desk)})
    if not ids or not form.text("title"):
        raise NotAllowed("bad_form")
    one = Collection(
        collection_id=token_hex(8), title=form.text("title", most=100), case_ids=ids,
        is_removed=False, said_by=person.person_id, said_at=datetime.now(UTC),
    )  # fmt: skip
    desk.say(said_tables([one]))
    return RedirectResponse("/coaching", status_code=303)


@router.post("/coaching/give")
def give(request: Request, form: Form, person: Coach) -> Response:
    """Give a collection to agents; one who has it already is not given it again."""
    desk = desk_of(request)
    one = _collection(desk, form.text("collection"))
    tasks = said(desk.warehouse, CoachingTask, last_per=("task_id",))
    has = {t.agent for t in tasks if t.collection_id == one.collection_id}
    agents = [
        a for a in dict.fromkeys(form.text("agents").replace(",", " ").split()) if a not in has
    ]
    given = [
        CoachingTask(
            task_id=token_hex(8), collection_id=one.collection_id, agent=agent[:100], state="given",
            note="", said_by=person.person_id, said_at=datetime.now(UTC),
        )
        for agent in agents[:200]
    ]  # fmt: skip
    if given:
        desk.say(said_tables(given))
    return RedirectResponse("/coaching", status_code=303)


def _collection(desk: Desk, collection_id: str) -> Collection:
    found = [one for one in collections(desk) if one.collection_id == collection_id]
    if not found:
        raise NotAllowed("not_there")
    return found[0]


@router.get("/coaching/clip")
def clip_of(request: Request, person: Anyone, case: str = "") -> Response:
    """Answer with a case's sound: trainers to all, agents to those that they were given."""
    desk = desk_of(request)
    found = {one.case_id: one for one in library(desk)}.get(case)
    if found is None or not (person.may("coach") or _was_given(desk, person, case)):
        raise NotAllowed("not_there")
    sound = _sound(desk, found)
    if sound is None:
        raise NotAllowed("not_there")
    tell(desk, person.person_id, "listen", about=found.interaction_id, detail=f"case {case}")
    return Response(sound, media_type="audio/wav")


def _was_given(desk: Desk, person: Person, case_id: str) -> bool:
    if person.agent is None:
        return False
    tasks = said(desk.warehouse, CoachingTask, last_per=("task_id",), agent=person.agent)
    mine = {one.collection_id for one in tasks}
    return any(case_id in one.case_ids for one in collections(desk) if one.collection_id in mine)


def _sound(desk: Desk, case: CoachingCase) -> bytes | None:
    one = _heard(desk, case.interaction_id)
    if one is None or one.recording is None or not has_words(one):
        return None
    try:
        return clip(sound_in(desk, playable(desk, one.recording)), passage(one, case))
    except Unreadable:
        return None


@router.get("/coaching/export")
def export(request: Request, person: Coach, collection: str = "") -> Response:
    """Answer with a ZIP that opens without a network: page, clips, table."""
    desk = desk_of(request)
    one = _collection(desk, collection)
    cases: Sequence[Told] = cases_of(desk, one)
    clips = {c.case.case_id: _sound(desk, c.case) for c in cases}
    content = as_zip(one, cases, {k: v for k, v in clips.items() if v}, words_of(request, person))
    tell(desk, person.person_id, "export", about=one.collection_id, detail=one.title)
    return Response(
        content, media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="coaching-{one.collection_id}.zip"'},
    )  # fmt: skip


@router.post("/coaching/collection/remove")
def remove_collection(request: Request, form: Form, person: Coach) -> Response:
    """Take a collection off the shelf; what was given from it stays known."""
    desk = desk_of(request)
    one = _collection(desk, form.text("collection"))
    now = datetime.now(UTC)
    desk.say(said_tables([replace(one, is_removed=True, said_by=person.person_id, said_at=now)]))
    return RedirectResponse("/coaching", status_code=303)
