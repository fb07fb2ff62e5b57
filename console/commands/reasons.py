"""``tingjian reasons``: what people contact the centre about, by a taxonomy that can be edited."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from console.session import Refusal, Session, plain, session_of

if TYPE_CHECKING:
    from detectors.reason.taxonomy import Taxonomy
    from interactions.interaction import Interaction
    from pipelines.reasons import NewReason
    from warehouse.read_matters import CategoryCount


def list_reasons(
    context: typer.Context,
    *,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List the categories with how many interactions each has."""
    from console.json_output import write
    from pipelines.reasons import taxonomy_of
    from warehouse.read import category_counts
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    taxonomy = taxonomy_of(settings)
    counts: list[CategoryCount] = []
    if settings.warehouse.exists():
        with open_warehouse(settings.warehouse, read_only=True) as warehouse:
            counts = category_counts(warehouse)
    if json:
        write(counts)
        return
    _tell(session, taxonomy, counts)


def _tell(session: Session, taxonomy: Taxonomy, counts: list[CategoryCount]) -> None:
    from console.summary_page import categories, dimension_key
    from console.tables import titled
    from detectors.reason.taxonomy import Dimension

    texts = session.texts
    known = {(one.dimension, one.category): one for one in counts}
    heads = [texts(f"reasons.{name}") for name in ("category", "count", "sure", "risk", "effort")]
    for dimension in Dimension:
        every = sum(one.interactions for one in counts if one.dimension == dimension)
        table = titled(texts(dimension_key(dimension)), heads)
        ids = [category for of, category in categories(taxonomy) if of == dimension]
        ids += [c for of, c in known if of == dimension and c not in ids]
        for category in sorted(ids, key=lambda c: -_count(known.get((dimension.value, c)))):
            _add(table, taxonomy.name(dimension, category, texts.language), category,
                 known.get((dimension.value, category)))  # fmt: skip
        session.out.print(table)
        session.say("reasons.total", count=every)


def _count(one: CategoryCount | None) -> int:
    return one.interactions if one else 0


def _add(table: object, name: str, category: str, one: CategoryCount | None) -> None:
    from rich.table import Table

    assert isinstance(table, Table)  # noqa: S101 - console.tables makes nothing else
    cells = ("0", "–", "–", "–") if one is None else (
        f"{one.interactions:,}",
        f"{100 * one.confidence:.0f} %",
        "–" if one.risk is None else f"{100 * one.risk:.0f} %",
        "–" if one.effort is None else f"{one.effort:.1f}",
    )  # fmt: skip
    title = plain(name).append("\n").append_text(plain(category, style="dim"))
    table.add_row(title if name != category else plain(name), *cells)


def check(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILES")] = None,
) -> None:
    """Read taxonomies and tell every error."""
    from console.rulebook import loaded_with, named
    from detectors.reason.taxonomy_reading import load_taxonomy, shipped_path
    from pipelines.reasons import own_path

    session = session_of(context)
    paths = named(session, files or ())
    if not paths:
        own = own_path(session.settings())
        paths = [own if own.is_file() else shipped_path()]
    for path in paths:
        taxonomy = loaded_with(session, [path], lambda path=path: load_taxonomy(path))  # type: ignore[misc]
        counts = {
            "categories": len(taxonomy.numbered),
            "words": len(taxonomy.wordings),
            "version": taxonomy.version,
        }
        session.say("reasons.good", path=str(path), style="green", **counts)


def copy(context: typer.Context) -> None:
    """Write a copy of the shipped taxonomy to be edited."""
    from pipelines.reasons import copy_shipped, own_path

    session = session_of(context)
    settings = session.settings()
    try:
        path = copy_shipped(settings)
    except FileExistsError:
        raise Refusal(session.texts("reasons.exists", path=str(own_path(settings)))) from None
    session.say("reasons.copied", path=str(path), style="green")


def try_text(
    context: typer.Context,
    words: Annotated[str, typer.Argument(metavar="TEXT")],
) -> None:
    """Say how something that a customer says would be sorted, and why."""
    from console.summary_page import about, blocks
    from pipelines.reasons import taxonomy_of

    session = session_of(context)
    told = about(_said(words), taxonomy_of(session.settings()))
    for block in blocks(told, session.texts):
        session.out.print(block)
    for one in told.matters:
        if one.quote:
            session.say("reasons.because", name=told.name(one, session.texts), quote=one.quote)


def _said(text: str) -> Interaction:
    from detectors.examples import Example, Line
    from interactions.interaction import Channel, Language
    from interactions.sound import Party

    lines = tuple(Line(Party.CUSTOMER, part) for part in text.split("\n") if part.strip())
    return Example(says=lines).interaction(Channel.CHAT, Language.UNKNOWN)


def unsorted(
    context: typer.Context,
    *,
    least: Annotated[int, typer.Option("--least", min=2, metavar="N")] = 5,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N")] = 10,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show groups of unsorted interactions that may be reasons of their own."""
    from console.json_output import write
    from pipelines.reasons import new_reasons
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        count, found = new_reasons(warehouse, least=least)
    if json:
        write({"unsorted": count, "groups": found[:top]})
        return
    session.say("reasons.unsorted", count=count, groups=len(found))
    for one in found[:top]:
        _tell_group(session, one)


def _tell_group(session: Session, one: NewReason) -> None:
    terms = session.texts("worklist.comma").join(one.terms)
    session.say("reasons.group", size=one.size, terms=terms, style="bold")
    for example in one.examples:
        line = session.texts("reasons.example", id=example.interaction_id, text=example.text)
        session.out.print(Text(line))
