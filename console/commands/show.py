"""``tingjian show``: one interaction, what was found in it and where, and how it scored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from console.session import FAILED, Refusal, Session, session_of

if TYPE_CHECKING:
    from detectors.evidence import Finding
    from interactions.interaction import Interaction
    from pipelines.settings import Settings

MOST_PURPOSE = 200


def show(
    context: typer.Context,
    interaction_id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    *,
    json: Annotated[bool, typer.Option("--json")] = False,
    plot: Annotated[Path | None, typer.Option("--plot", metavar="FILE", dir_okay=False)] = None,
    reveal: Annotated[str, typer.Option("--reveal", metavar="PURPOSE")] = "",
) -> None:
    """Show metadata, measures, findings with evidence, transcript, verdicts and score sheets."""
    from console.interaction_page import page
    from console.json_output import write
    from console.judged_page import blocks, judged, judged_json
    from console.pointing import interaction_meant
    from console.views import whole, whole_json
    from warehouse.read import interactions
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        meant = interaction_meant(session, warehouse, interaction_id)
        shown = whole(warehouse, meant, reveal=bool(reveal))
        drawn = None if plot is None else interactions(warehouse, [meant])[0]
        said = judged(warehouse, settings, meant)
    if reveal:
        _write_down(settings, meant, reveal)
    if plot is not None and drawn is not None:
        _draw(session, drawn, shown.findings, plot)
        return
    if json:
        write(whole_json(shown, session.texts.language) | judged_json(said))
        return
    zone = ZoneInfo(settings.centre.timezone)
    for block in (*page(shown, session.texts, zone), *blocks(said, session.texts, zone)):
        session.out.print(block)


def _write_down(settings: Settings, interaction_id: str, purpose: str) -> None:
    """Enter a reveal in the audit, with its purpose."""
    from datetime import UTC, datetime
    from getpass import getuser

    from pipelines.judging import keep_said
    from warehouse.said import Audit

    keep_said(
        settings,
        [
            Audit(
                act="reveal", about=interaction_id, detail=purpose[:MOST_PURPOSE],
                said_by=getuser(), said_at=datetime.now(UTC),
            )
        ],
    )  # fmt: skip


def _draw(
    session: Session, interaction: Interaction, findings: tuple[Finding, ...], path: Path
) -> None:
    """Write the picture and say where it is.

    Raises:
        Refusal: There is nothing to draw, or no way to draw or write it.
    """
    from console.plot_page import NothingToDraw, draw

    shown = {"id": interaction.interaction_id, "path": path}
    try:
        draw(interaction, findings, path, session.texts)
    except NothingToDraw as error:
        raise Refusal(session.texts("plot.no_sound", **shown), code=FAILED) from error
    except ModuleNotFoundError as error:
        raise Refusal(session.texts("plot.no_matplotlib"), code=FAILED) from error
    except (OSError, ValueError) as error:
        line = session.texts("plot.cannot_write", reason=error, **shown)
        raise Refusal(line, code=FAILED) from error
    session.say("plot.written", id=interaction.interaction_id, path=path)
