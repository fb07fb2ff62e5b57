"""``tingjian sentiment``: mood fitted to a centre's own labels, versioned like a rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.session import Refusal, Session, session_of

if TYPE_CHECKING:
    from pipelines.sentiment import Fitted


def fit(
    context: typer.Context,
    labels: Annotated[Path, typer.Argument(metavar="LABELS")],
    *,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Fit sentiment to labels and show the gain on held-out folds."""
    from console.json_output import write
    from detectors.mood.fitting import LEAST, TooFew
    from pipelines.sentiment import LabelError, fit_to, labels_from

    session = session_of(context)
    settings = session.settings()
    try:
        fitted = fit_to(settings, labels_from(labels))
    except LabelError as error:
        place = f"{error.path}:{error.line}"
        raise Refusal(
            session.texts("sentiment.bad_label", place=place, found=error.found)
        ) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refusal(session.texts("sentiment.no_file", path=labels, why=why)) from None
    except TooFew as few:
        told = {"dissatisfied": few.dissatisfied, "others": few.satisfied, "least": LEAST}
        raise Refusal(session.texts("sentiment.too_few", **told)) from None
    if json:
        write([fitted])
        return
    _tell(session, fitted)


def _tell(session: Session, fitted: Fitted) -> None:
    gain = fitted.gain
    session.say("sentiment.cases", cases=gain.cases, dissatisfied=gain.dissatisfied)
    for key, area in (("before", gain.before), ("after", gain.after)):
        figures = {name: f"{getattr(area, name):.3f}" for name in ("value", "low", "high")}
        session.say(f"sentiment.{key}", **figures)
    if fitted.unknown:
        session.say("sentiment.unknown", count=fitted.unknown, style="yellow")
    key = "sentiment.better" if fitted.is_better else "sentiment.no_better"
    style = "green" if fitted.is_better else "yellow"
    session.say(key, version=fitted.version, style=style)


def use(
    context: typer.Context,
    version: Annotated[str, typer.Argument(metavar="VERSION")],
) -> None:
    """Put a fitted version in force, or ``shipped``."""
    from pipelines.sentiment import put_in_force

    session = session_of(context)
    settings = session.settings()
    try:
        put_in_force(settings, "" if version == "shipped" else version)
    except KeyError:
        raise Refusal(session.texts("sentiment.no_version", version=version)) from None
    session.say("sentiment.used", version=version, style="green")


def history(context: typer.Context) -> None:
    """List the fitted versions, and which one counts."""
    from pipelines.sentiment import version_in_force, versions

    session = session_of(context)
    settings = session.settings()
    current = version_in_force(settings)
    for version in ["", *versions(settings)]:
        mark = "sentiment.current" if version == current else "sentiment.other"
        session.say(mark, version=version or "shipped")
