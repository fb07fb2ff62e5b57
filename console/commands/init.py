"""``tingjian init``: make a centre."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from console.session import FAILED, Refusal, session_of

# What is written into the centre, and its name in ``console.starter``.
STARTER = {"tingjian.toml": "tingjian.toml", "rules/example.yaml": "example.yaml"}
FOLDERS = ("inbox", "rules")
LANGUAGE_PLACE = "@language@"
WEIGHTS_LINE = 'weights = "none"'


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)],
    weights: Annotated[str, typer.Option("--weights", metavar="NAME|PATH")] = "none",
) -> None:
    """Make a centre's folder: settings that explain themselves, an inbox, an example rule."""
    session = session_of(context)
    texts = session.texts
    for name in STARTER:
        if (folder / name).exists():
            raise Refusal(texts("init.there", path=str(folder / name)), code=FAILED)
    try:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, source in STARTER.items():
            starter = files("console.starter").joinpath(source)
            text = starter.read_text(encoding="utf-8").replace(LANGUAGE_PLACE, texts.language)
            # a JSON string is a TOML string too
            text = text.replace(WEIGHTS_LINE, f"weights = {json.dumps(weights)}")
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refusal(
            texts("init.not_made", path=str(folder), reason=reason), code=FAILED
        ) from None
    session.say("init.made", folder=str(folder), style="bold green")
    for line in ("settings", "rules", "inbox", "doctor", "run"):
        session.say(f"init.next.{line}", folder=str(folder))
