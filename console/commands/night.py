"""``tingjian run`` and ``tingjian reinspect``: the work itself, watched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from console.session import FAILED, Refusal, Session, session_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.reports import NightSummary


def run(
    context: typer.Context,
    *,
    plan: Annotated[bool, typer.Option("--plan")] = False,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Inspect what is new in the inbox and rank the worklist."""
    session = session_of(context)
    prepared(session)
    if plan:
        _tell_plan(session, in_json=json)
        return
    import flows

    _watched(session, flows.nightly, in_json=json)


def reinspect(
    context: typer.Context, *, json: Annotated[bool, typer.Option("--json")] = False
) -> None:
    """Put the rules as they are now to everything that is kept; no recording is opened."""
    session = session_of(context)
    prepared(session)
    import flows

    _watched(session, flows.reinspect, in_json=json)


def _tell_plan(session: Session, *, in_json: bool) -> None:
    """Say what a run would hear and how long that takes; nothing is written."""
    from console.forecast_lines import forecast_lines
    from console.json_output import write
    from pipelines.forecast import calls_waiting, forecast

    settings = session.settings()
    expected = forecast(settings, calls_waiting(settings))
    if in_json:
        write({"work_ms": expected.work_ms, **asdict(expected)})
        return
    if not expected.calls:
        session.say("forecast.nothing")
    for line in forecast_lines(expected, session.texts):
        session.out.print(line, soft_wrap=True)


def prepared(session: Session) -> None:
    """Refuse what would fail later: settings, rules and a warehouse that cannot be used.

    Prefect's log would run through the bars, and it writes a traceback for every failure that is
    told here in one line; whoever wants it sets the level.
    """
    from pipelines.inspection import plan_of
    from warehouse.store import open_warehouse

    settings = session.settings()
    plan_of(settings)
    if settings.warehouse.exists():
        with open_warehouse(settings.warehouse):
            pass
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")


def _watched(session: Session, flow: Callable[[str], NightSummary], *, in_json: bool) -> None:
    from console.json_output import write
    from console.known_error_page import demoted_now
    from console.night_page import page, summary_json, with_evidence
    from console.progress import bars
    from pipelines.progress import watching

    settings = session.settings()
    with bars(session.err, session.texts) as shown, watching(shown):
        summary = None
        try:
            with prefect_refusals(session):
                summary = flow(str(session.centre))
        finally:
            if summary is None and shown.last:
                session.err.print(Text(session.texts("run.failed", stage=shown.last)))
    if in_json:
        write(summary_json(summary, session.texts.language))
        return
    lines = with_evidence(summary, settings)
    for block in page(summary, lines, session, settings):
        session.out.print(block, soft_wrap=isinstance(block, Text))  # commands stay whole
    for line in demoted_now(settings, session.texts):
        session.out.print(line, soft_wrap=True)


@contextmanager
def prefect_refusals(session: Session) -> Iterator[None]:
    """Tell in one line that Prefect could not do its part.

    Raises:
        Refusal: It could not.
    """
    from httpx import TransportError
    from prefect.exceptions import PrefectException

    try:
        yield
    except (PrefectException, TransportError) as error:
        raise _stopped(session, error) from error
    except RuntimeError as error:
        if "Prefect API server" not in str(error):
            raise
        raise _stopped(session, error) from error  # its own server did not start in time


def _stopped(session: Session, error: Exception) -> Refusal:
    reason = str(error).rstrip(".") or type(error).__name__
    return Refusal(session.texts("error.prefect", reason=reason), code=FAILED)
