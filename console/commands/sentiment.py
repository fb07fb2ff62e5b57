"""``tingjian sentiment``: mood fitted to a centre's own labels, versioned like a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from console.session import Refusal, Session, session_of

if TYPE_CHECKING:
    from detectors.mood.fitting import Area
    from pipelines.sentiment import Fitted, Label
    from pipelines.settings import Settings

T = TypeVar("T")


def fit(
    context: typer.Context,
    labels: Annotated[Path | None, typer.Argument(metavar="LABELS")] = None,
    *,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Fit sentiment to labels, or to verdicts, and show the gain on held-out folds."""
    from console.json_output import write
    from pipelines.sentiment import fit_to

    session = session_of(context)
    settings = session.settings()
    fitted = _with_labels(session, settings, labels, lambda told: fit_to(settings, told))
    if json:
        write([fitted])
        return
    _tell(session, fitted)


def measure(
    context: typer.Context,
    labels: Annotated[Path | None, typer.Argument(metavar="LABELS")] = None,
    *,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show how well labels are told before and after the centre's own phrases."""
    from console.json_output import write
    from pipelines.sentiment import measured

    session = session_of(context)
    settings = session.settings()
    before, after, count = _with_labels(
        session, settings, labels, lambda told: measured(settings, told)
    )
    if json:
        write({"cases": count, "before": before, "after": after})
        return
    session.say("sentiment.measured", cases=count)
    _tell_areas(session, (("before", before), ("with_phrases", after)))


def _with_labels(
    session: Session, settings: Settings, path: Path | None, use: Callable[[list[Label]], T]
) -> T:
    """Return ``use`` of the labels in a file, without one of people's verdicts.

    Raises:
        Refusal: The file cannot be read, or there are too few.
    """
    from detectors.mood.fitting import LEAST, TooFew
    from pipelines.sentiment import LabelError, labels_from, labels_from_verdicts

    try:
        return use(labels_from(path) if path else labels_from_verdicts(settings))
    except LabelError as error:
        place = f"{error.path}:{error.line}"
        raise Refusal(
            session.texts("sentiment.bad_label", place=place, found=error.found)
        ) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refusal(session.texts("sentiment.no_file", path=path, why=why)) from None
    except TooFew as few:
        told = {"dissatisfied": few.dissatisfied, "others": few.satisfied, "least": LEAST}
        raise Refusal(session.texts("sentiment.too_few", **told)) from None


def _tell(session: Session, fitted: Fitted) -> None:
    gain = fitted.gain
    session.say("sentiment.cases", cases=gain.cases, dissatisfied=gain.dissatisfied)
    _tell_areas(session, (("before", gain.before), ("after", gain.after)))
    session.say("sentiment.keeps_word", error=f"{100 * gain.error:.1f}")
    if fitted.unknown:
        session.say("sentiment.unknown", count=fitted.unknown, style="yellow")
    key = "sentiment.better" if fitted.is_better else "sentiment.no_better"
    style = "green" if fitted.is_better else "yellow"
    session.say(key, version=fitted.version, style=style)


def _tell_areas(session: Session, areas: Iterable[tuple[str, Area]]) -> None:
    for key, area in areas:
        figures = {name: f"{getattr(area, name):.3f}" for name in ("value", "low", "high")}
        session.say(f"sentiment.{key}", **figures)


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
