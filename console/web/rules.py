"""Rules in the browser: what each finds, how right it is, and a draft checked before publishing."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from console.web.access import Form, NotAllowed, desk_of, may, tell
from console.web.rendering import Words, page, words_of
from console.web.roles import Person
from detectors.because import explain_not_measured
from detectors.rule_errors import RuleErrors
from detectors.rules import RuleBook
from detectors.trials import Trial, trials
from pipelines.backtest import Backtest, backtest, keep_backtest
from pipelines.history import versions_of
from pipelines.known_error import known_errors
from pipelines.publishing import Publication, draft, examined, publish
from pipelines.settings import Settings
from warehouse.problems import WarehouseProblem
from warehouse.read import rule_reaches, rule_titles

router = APIRouter()
Reader = Annotated[Person, Depends(may("see_rules"))]
Editor = Annotated[Person, Depends(may("edit_rules"))]
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
LONGEST = 200_000
STEPS = ("check", "backtest", "publish")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a draft.

    Attributes:
        wrong: What is wrong, in words.
        tried: Rule id and its examples.
    """

    wrong: tuple[str, ...] = ()
    tried: tuple[tuple[str, list[Trial]], ...] = ()
    backtests: tuple[Backtest, ...] = ()
    published: tuple[str, ...] = ()


@router.get("/rules")
def rules(request: Request, person: Reader) -> Response:
    """List the rules in force and the centre's own files."""
    desk = desk_of(request)
    return page(
        request, "rules", person, titles=rule_titles(desk.warehouse),
        errors=known_errors(desk.warehouse, desk.settings), reaches=rule_reaches(desk.warehouse),
        files=sorted(one.stem for one in desk.settings.rule_folder.glob("*.yaml")),
        drafts=sorted(one.stem for one in _drafts(desk.settings).glob("*.yaml")),
    )  # fmt: skip


@router.get("/rules/one")
def one_rule(request: Request, person: Reader, rule: str = "") -> Response:
    """Show a rule's versions and how right each was."""
    desk = desk_of(request)
    title = rule_titles(desk.warehouse).get(rule)
    versions = versions_of(desk.warehouse, desk.settings, rule)
    if title is None and not versions:
        raise NotAllowed("not_there")
    return page(request, "rule", person, rule=rule, title=title, versions=versions)


def _drafts(settings: Settings) -> Path:
    return settings.folder / "drafts"


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotAllowed("bad_form")
    return name


@router.get("/rules/draft")
def draft_page(request: Request, person: Editor, name: str = "") -> Response:
    """Show a file to edit: the draft where there is one, else what is in force."""
    settings = desk_of(request).settings
    text = ""
    if name:
        places = (
            folder / f"{_named(name)}.yaml" for folder in (_drafts(settings), settings.rule_folder)
        )
        text = next((one.read_text("utf-8-sig") for one in places if one.is_file()), "")
    return _page(request, person, name, text, Checked())


def _page(request: Request, person: Person, name: str, text: str, found: Checked) -> Response:
    language = words_of(request, person).language
    return page(
        request, "draft", person, name=name, text=text, found=found,
        status=400 if found.wrong else 200,
        why_silent=lambda code: explain_not_measured(code, language),
    )  # fmt: skip


@router.post("/rules/draft")
def keep_draft(request: Request, form: Form, person: Editor) -> Response:
    """Keep a draft, then check, back-test or publish it."""
    settings = desk_of(request).settings
    name, step = _named(form.text("name", most=60)), form.one_of("step", STEPS)
    text = form.text("text", most=LONGEST).replace("\r\n", "\n") + "\n"
    path = _write(_drafts(settings), name, text)
    t = words_of(request, person)
    try:
        book = draft(settings, path)
        found = _tried(book)
        if step == "backtest":
            found = _backtested(settings, book, found)
        elif step == "publish":
            found = _published(request, person, path, form.text("why", most=1_000))
    except RuleErrors as errors:
        found = Checked(wrong=tuple(one.text(t.language) for one in errors.errors))
    except WarehouseProblem:
        found = Checked(wrong=(t("rules.busy"),))
    if found.published and not found.wrong:
        path.unlink(missing_ok=True)
        return RedirectResponse("/rules", status_code=303)
    return _page(request, person, name, text, found)


def _tried(book: RuleBook) -> Checked:
    return Checked(tried=tuple((rule.rule_id, trials(rule)) for rule in book.rules))


def _backtested(settings: Settings, book: RuleBook, found: Checked) -> Checked:
    results = []
    for rule in book.rules:
        result = backtest(settings, rule)
        keep_backtest(settings, result)
        results.append(result)
    return Checked(tried=found.tried, backtests=tuple(results))


def _published(request: Request, person: Person, path: Path, why: str) -> Checked:
    desk = desk_of(request)
    publication = examined(desk.settings, path)
    if publication.objections:
        return Checked(wrong=_objections(publication, words_of(request, person)))
    publish(desk.settings, publication, by=person.person_id, why=why, at=datetime.now(UTC))
    names = tuple(one.rule_id for one in publication.new)
    tell(desk, person.person_id, "publish", about=path.stem, detail=" ".join(names))
    desk.take_in()
    return Checked(published=names or (path.stem,))


def _objections(publication: Publication, t: Words) -> tuple[str, ...]:
    told = []
    for one in publication.objections:
        values = {"rule": one.rule_id, "file": publication.path.name, **one.values}
        told.append(t(f"publish.{one.code}", **values))
    return tuple(told)


def _write(folder: Path, name: str, text: str) -> Path:
    """Write a draft so that it is there whole or not at all."""
    folder.mkdir(exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    Path(part).replace(folder / f"{name}.yaml")
    return folder / f"{name}.yaml"
