"""``tingjian ask``: a question to the centre's own language model about one interaction."""

from __future__ import annotations

from typing import Annotated

import typer

from console.session import FAILED, MISUSED, Refusal, clock, plain, session_of


def ask(
    context: typer.Context,
    interaction_id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    question: Annotated[str, typer.Argument(metavar="QUESTION", show_default=False)],
    *,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Ask a language model; an answer without its utterances is discarded."""
    from console.json_output import write
    from console.pointing import interaction_meant
    from console.views import whole
    from pipelines.asking import NoAnswer, model_of
    from pipelines.asking import ask as asked
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    model = model_of(settings.asking)
    if model is None:
        raise Refusal(session.texts("ask.off"), code=MISUSED)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        meant = interaction_meant(session, warehouse, interaction_id)
        shown = whole(warehouse, meant, reveal=False).interaction
    try:
        answer = asked(model, shown, question)
    except NoAnswer as none:
        line = session.texts(f"ask.{none.because}", detail=none.detail, url=settings.asking.url)
        raise Refusal(line, code=FAILED) from none
    if json:
        write(answer)
        return
    session.out.print(plain(answer.text, style="bold"))
    session.say("ask.by", model=settings.asking.model)
    for one in answer.utterances:
        party = session.texts(f"party.{one.party.value}")
        session.out.print(plain(f"  {clock(one.start_ms)}  {party}  {one.text}"))
