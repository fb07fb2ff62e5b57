"""``tingjian show``: one interaction, what was found in it and where, and how it scored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from console.session import FAILED, Refusal, Session, session_of

if TYPE_CHECKING:
    from console.views import Whole
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
    from console.summary_page import about, about_json
    from console.views import whole, whole_json
    from console.voices_json import voices_json
    from pipelines.reasons import taxonomy_of
    from warehouse.read import interactions
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        meant = interaction_meant(session, warehouse, interaction_id)
        shown = whole(warehouse, meant, reveal=bool(reveal))
        heard = interactions(warehouse, [meant])[0] if json or plot is not None else None
        said = judged(warehouse, settings, meant)
    if reveal:
        _write_down(settings, meant, reveal)
    if heard is not None and plot is not None:
        _draw(session, heard, shown, plot)
        return
    told = about(shown.interaction, taxonomy_of(settings))
    if heard is not None:
        known = whole_json(shown, session.texts.language) | {"voices": voices_json(heard)}
        write(known | about_json(told, session.texts) | judged_json(said))
        return
    zone = ZoneInfo(settings.centre.timezone)
    for block in (*page(shown, session.texts, zone, told), *blocks(said, session.texts, zone)):
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


def _draw(session: Session, interaction: Interaction, about: Whole, path: Path) -> None:
    """Write the picture and say where it is.

    Raises:
        Refusal: There is nothing to draw, or no way to draw or write it.
    """
    from console.plot_page import NothingToDraw, draw

    shown = {"id": interaction.interaction_id, "path": path}
    try:
        language = session.texts.language
        titles = {rule_id: about.title(rule_id, language) for rule_id in about.titles}
        draw(interaction, about.findings, path, session.texts, titles=titles)
    except NothingToDraw as error:
        raise Refusal(session.texts("plot.no_sound", **shown), code=FAILED) from error
    except ModuleNotFoundError as error:
        raise Refusal(session.texts("plot.no_matplotlib"), code=FAILED) from error
    except (OSError, ValueError) as error:
        line = session.texts("plot.cannot_write", reason=error, **shown)
        raise Refusal(line, code=FAILED) from error
    session.say("plot.written", id=interaction.interaction_id, path=path)
