"""``tingjian verdict``, ``review`` and ``answer``: what people say of findings and scores."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from console.session import FAILED, Refusal, Session, session_of

if TYPE_CHECKING:
    from detectors.scorecard import Score, Sheet
    from pipelines.settings import Settings

DECISIONS = ("confirmed", "rejected", "unsure")
CAUSES = ("people", "training", "process", "mechanism")
SAID = ("met", "partly", "failed", "na")


def verdict(
    context: typer.Context,
    finding: Annotated[str, typer.Argument(metavar="FINDING", show_default=False)],
    decision: Annotated[str, typer.Argument(metavar="|".join(DECISIONS), show_default=False)],
    *,
    cause: Annotated[str, typer.Option("--cause", metavar="|".join(CAUSES))] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT")] = "",
) -> None:
    """Keep a verdict on a finding, and say what is known of its rule now."""
    from console.pointing import finding_meant, myself
    from detectors.rules import Cause
    from pipelines.judging import keep_verdict
    from warehouse.judged import Decision, Verdict
    from warehouse.read import verdicts_of
    from warehouse.store import open_warehouse

    session = session_of(context)
    session.chosen("DECISION", decision, DECISIONS)
    session.chosen("--cause", cause, CAUSES)
    settings = session.settings()
    who = myself(session, by)
    with open_warehouse(settings.warehouse) as warehouse:
        place = finding_meant(session, warehouse, finding)
        earlier = [
            one
            for one in verdicts_of(warehouse, place.interaction_id)
            if one.finding_id == place.finding_id
        ]
    one = Verdict(
        finding_id=place.finding_id,
        interaction_id=place.interaction_id,
        rule_id=place.rule_id,
        rule_version=place.rule_version,
        decision=Decision(decision),
        cause=Cause(cause) if cause else None,
        reviewer=who,
        decided_at=datetime.now(UTC),
        note=note,
    )
    keep_verdict(settings, one)
    session.say(
        "verdict.kept",
        decision=session.texts(f"verdict.{decision}"),
        rule=place.rule_id,
        version=place.rule_version,
        id=place.interaction_id,
    )
    if earlier:
        before = session.texts(f"verdict.{earlier[-1].decision.value}")
        session.say("verdict.again", before=before)
    _tell_error(session, settings, place.rule_id, place.rule_version)


def _tell_error(session: Session, settings: Settings, rule_id: str, version: str) -> None:
    from console.known_error_page import demoted_lines, share_text
    from pipelines.known_error import known_errors
    from warehouse.store import open_warehouse

    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        error = known_errors(warehouse, settings, {rule_id: version})[rule_id]
    precision = share_text(error.precision, session.texts)
    recall = share_text(error.recall, session.texts)
    session.say("verdict.error", rule=rule_id, precision=precision, recall=recall)
    if error.is_hint:
        for line in demoted_lines({rule_id: error}, {}, session.texts):
            session.out.print(line, soft_wrap=True)


def review(
    context: typer.Context,
    interaction_id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    *,
    missed: Annotated[list[str] | None, typer.Option("--missed", metavar="RULE")] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT")] = "",
) -> None:
    """Keep that an interaction was heard whole, and what the rules missed in it."""
    from console.pointing import interaction_meant, myself
    from pipelines.judging import keep_review
    from warehouse.judged import Review
    from warehouse.read import rule_titles
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    who = myself(session, by)
    rules = tuple(dict.fromkeys(missed or ()))
    with open_warehouse(settings.warehouse) as warehouse:
        one = interaction_meant(session, warehouse, interaction_id)
        known = rule_titles(warehouse)
    for rule in rules:
        if rule not in known:
            said = session.texts("review.no_rule", rule=rule, rules=", ".join(known))
            raise Refusal(said, code=FAILED)
    kept = Review(
        interaction_id=one,
        missed=rules,
        reviewer=who,
        decided_at=datetime.now(UTC),
        note=note,
    )
    keep_review(settings, kept)
    told = session.texts("judged.comma").join(rules) or session.texts("review.nothing_missed")
    session.say("review.kept", id=one, missed=told)


def answer(  # noqa: PLR0913 - one parameter for each option
    context: typer.Context,
    interaction_id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    item: Annotated[str, typer.Argument(metavar="ITEM", show_default=False)],
    said: Annotated[str, typer.Argument(metavar="|".join(SAID), show_default=False)],
    *,
    sheet: Annotated[str, typer.Option("--sheet", metavar="SHEET")] = "",
    points: Annotated[float, typer.Option("--points", metavar="N")] = -1.0,
    by: Annotated[str, typer.Option("--by", metavar="NAME")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT")] = "",
) -> None:
    """Keep what a person says of one line of a score sheet."""
    from console.pointing import interaction_meant, myself
    from detectors.scorecard import Given
    from pipelines.judging import keep_answer
    from warehouse.judged import SheetAnswer
    from warehouse.read import scores_of
    from warehouse.store import open_warehouse

    session = session_of(context)
    session.chosen("ANSWER", said, SAID)
    settings = session.settings()
    who = myself(session, by)
    with open_warehouse(settings.warehouse) as warehouse:
        one = interaction_meant(session, warehouse, interaction_id)
        score = _score_meant(session, one, sheet, scores_of(warehouse, one))
    most = _worth(session, score, item)
    is_part = said == "partly"
    if is_part is (points < 0) or points > most:
        raise Refusal(session.texts("answer.bad_points", item=item, most=f"{most:g}"))
    kept = SheetAnswer(
        interaction_id=one,
        sheet_id=score.sheet_id,
        sheet_version=score.sheet_version,
        item_id=item,
        answer=Given(said),
        earned=points if is_part else None,
        reviewer=who,
        decided_at=datetime.now(UTC),
        note=note,
    )
    keep_answer(settings, kept)
    told = session.texts(f"sheet.{said}")
    session.say("answer.kept", item=item, sheet=score.sheet_id, id=one, answer=told)
    _tell_score(session, settings, score)


def _score_meant(session: Session, one: str, sheet: str, scores: list[Score]) -> Score:
    names = ", ".join(score.sheet_id for score in scores)
    if not scores:
        raise Refusal(session.texts("answer.no_score", id=one), code=FAILED)
    if not sheet and len(scores) > 1:
        raise Refusal(session.texts("answer.several", id=one, sheets=names))
    fitting = [score for score in scores if score.sheet_id == (sheet or scores[0].sheet_id)]
    if not fitting:
        said = session.texts("answer.no_sheet", id=one, sheet=sheet, sheets=names)
        raise Refusal(said, code=FAILED)
    return fitting[0]


def _worth(session: Session, score: Score, item: str) -> float:
    """Return what the item is worth."""
    worth = {line.item_id: line.points for line in score.lines}
    if item not in worth:
        names = ", ".join(worth)
        said = session.texts("answer.no_item", sheet=score.sheet_id, item=item, items=names)
        raise Refusal(said, code=FAILED)
    return worth[item]


def _tell_score(session: Session, settings: Settings, score: Score) -> None:
    from console.score_page import points_text
    from pipelines.scoring import both, by_version, sheets_of
    from warehouse.read import answers_of
    from warehouse.store import open_warehouse

    sheets: dict[str, Sheet] = by_version(sheets_of(settings))
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        answers = answers_of(warehouse, [score.interaction_id])
    with_people = both(sheets, score, answers)
    if with_people is not None:
        machine = points_text(score.score, session.texts)
        whole = points_text(with_people.score, session.texts)
        session.say("answer.score", machine=machine, both=whole)
