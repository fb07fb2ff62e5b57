"""What a run did, as a page on the terminal: figures, set aside, worklist, spikes, what next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from console.inbox_page import aside_json
from console.messages.texts import Texts
from console.session import Session, clock, lasting, plain
from console.tables import aside_list, rise_table, rule_totals_table, worklist_table
from console.views import Line, dropped, with_findings
from pipelines.reports import NightSummary
from pipelines.settings import Settings
from warehouse.store import open_warehouse

SHOWN_ASIDE = 20  # more fill the screen; `tingjian intake` lists all
SHOWN_RISES = 15
BLIND = "is_control"  # whoever judges must not know which lines were drawn at random


def with_evidence(summary: NightSummary, settings: Settings) -> list[Line]:
    """Return the worklist's first lines with their findings, whose words no summary carries."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        return with_findings(warehouse, summary.worklist)


def page(
    summary: NightSummary, lines: Sequence[Line], session: Session, settings: Settings
) -> Iterator[RenderableType]:
    """Yield the page's blocks from top to bottom.

    Args:
        summary: What the run did.
        lines: The worklist's first lines (``with_evidence``).
        session: Whose language, and how the centre was called.
        settings: The centre's settings.
    """
    texts = session.texts
    yield _figures(summary, texts, settings)
    yield from _aside(summary, texts)
    yield from _rules(summary, texts)
    if summary.rises:
        yield rise_table(summary.rises[:SHOWN_RISES], texts)
    elif summary.totals.kept:
        yield Text(texts("run.no_spikes"))
    if lines:
        titles = {
            rule.rule_id: rule.title_zh if texts.language == "zh" else rule.title_en
            for rule in summary.totals.rules
        }
        yield worklist_table(lines, titles, texts, ZoneInfo(settings.centre.timezone))
    yield from _next(summary, session, settings)


def _aside(summary: NightSummary, texts: Texts) -> Iterator[RenderableType]:
    earlier = summary.totals.set_aside - len(summary.set_aside)
    if earlier > 0 and summary.flow == "nightly":
        yield Text(texts("run.earlier", count=earlier), style="yellow")
    if not summary.set_aside:
        return
    title = texts("run.set_aside_title")
    yield from aside_list(summary.set_aside[:SHOWN_ASIDE], texts, title=title)
    if len(summary.set_aside) > SHOWN_ASIDE:
        yield Text(texts("run.more", count=len(summary.set_aside) - SHOWN_ASIDE), style="dim")


def _rules(summary: NightSummary, texts: Texts) -> Iterator[RenderableType]:
    rules = summary.totals.rules
    silent = sum(not rule.findings for rule in rules)
    if silent < len(rules):
        yield rule_totals_table(rules, texts)
    if silent:
        yield Text(texts("run.silent_rules", count=silent), style="dim")


def _figures(summary: NightSummary, texts: Texts, settings: Settings) -> Table:
    title = texts(f"run.title_{summary.flow}", centre=settings.centre.name)
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.title = Text(title, style="bold")
    table.title_justify = "left"
    table.add_column(style="dim")
    table.add_column()
    if summary.flow == "nightly":
        table.add_row(texts("run.found"), f"{summary.found:,}")
        table.add_row(texts("run.kept"), f"{summary.kept:,}")
        table.add_row(texts("run.set_aside"), f"{len(summary.set_aside):,}")
        table.add_row(texts("run.unchanged"), f"{summary.unchanged:,}")
    table.add_row(texts("run.inspected"), f"{summary.inspected:,}")
    if summary.sound_ms:
        table.add_row(texts("run.sound"), clock(summary.sound_ms))
        off = summary.weights == "none"
        weights = texts("run.weights_off") if off else summary.weights
        table.add_row(texts("run.weights"), plain(weights))
    for name, value in _heard(summary, texts):
        table.add_row(texts(f"run.{name}"), plain(value))
    table.add_row(texts("run.took"), lasting(summary.wall_ms, texts))
    totals = "  ".join(
        f"{texts.known(f'channel.{channel}', otherwise=channel)} {count:,}"
        for channel, count in sorted(summary.totals.by_channel.items())
    )
    table.add_row(texts("run.totals"), totals or texts("run.empty"))
    return table


def _heard(summary: NightSummary, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield how fast words were found, and which of them are not believed."""
    factor = summary.real_time_factor
    if factor is not None:
        yield "factor", texts("run.factor_is", factor=f"{factor:.2g}")
    comma = texts("worklist.comma")
    if summary.dropped:
        by_reason = (f"{dropped(code, texts.language)} {n}" for code, n in summary.dropped.items())
        yield "dropped", comma.join(by_reason)
    if summary.doubted:
        yield "doubted", comma.join(f"{term} {n}" for term, n in summary.doubted.items())


def _next(summary: NightSummary, session: Session, settings: Settings) -> Iterator[RenderableType]:
    """Say what a person does now; nobody should have to look it up."""
    texts = session.texts
    centre = session.centre
    call = "tingjian" if not centre.parts else f"tingjian --centre {shlex.quote(str(centre))}"
    if not summary.totals.kept:
        yield Text(texts("run.next_inbox", inbox=str(settings.inbox)), style="yellow")
        return
    if summary.worklist:
        first = shlex.quote(summary.worklist[0].interaction_id)
        yield Text(texts("run.next_show", call=call, id=first))
        yield Text(texts("run.next_worklist", call=call))
        yield Text(texts("run.next_critical", call=call))
    if summary.set_aside:
        yield Text(texts("run.next_aside"))
    if summary.totals.rules:
        yield Text(texts("run.next_rules", call=call, folder=str(settings.rule_folder)))
    else:
        yield Text(texts("run.next_packs", call=call), style="yellow")


def summary_json(summary: NightSummary, language: str) -> dict[str, Any]:
    """Return the summary for a script."""
    plain_fields = {field.name: getattr(summary, field.name) for field in fields(summary)}
    worklist = [
        {field.name: getattr(row, field.name) for field in fields(row) if field.name != BLIND}
        for row in summary.worklist
    ]
    return plain_fields | {
        "real_time_factor": summary.real_time_factor,
        "worklist": worklist,
        "set_aside": aside_json(summary.set_aside, language),
    }
