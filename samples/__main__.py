"""``python -m samples DIR``: make the sample centre."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from samples.centre import Size, make

_DEFAULT = Size()


def main(
    folder: Annotated[Path, typer.Argument(help="Where to make it; a new or empty folder.")],
    seed: Annotated[int, typer.Option(help="Another seed, another centre.")] = _DEFAULT.seed,
    calls: Annotated[int, typer.Option(min=1, help="Ordinary calls.")] = _DEFAULT.calls,
    days: Annotated[int, typer.Option(min=1, help="Days of chats.")] = _DEFAULT.days,
    *,
    transcripts: Annotated[
        bool, typer.Option(help="Put transcripts made elsewhere beside half of the calls.")
    ] = _DEFAULT.transcripts,
) -> None:
    """Make a sample centre: recordings, chats, e-mails and tickets with their ground truth."""
    try:
        made = make(folder, Size(seed=seed, calls=calls, days=days, transcripts=transcripts))
    except FileExistsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(
        f"{folder}: {made.recordings} recordings ({made.call_ms // 60_000} min), "
        f"{made.broken} broken ones, {made.chats} chats, {made.mail} e-mails, "
        f"{made.tickets} tickets"
    )


if __name__ == "__main__":
    typer.run(main)
