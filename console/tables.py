"""Values of the other packages as tables on a terminal. Text from outside is never markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from console.messages.texts import Texts
from console.session import clock, plain

if TYPE_CHECKING:
    from detectors.evidence import Evidence, Finding
    from detectors.rules import Rule
    from hotwords.spikes import Spike
    from pipelines.reports import SetAsideItem
    from warehouse.read import RuleTotal, WorklistRow

SEVERITIES = ("minor", "major", "critical")
STYLES = {"minor": "yellow", "major": "dark_orange", "critical": "bold red"}


def titled(title: str, columns: Iterable[str]) -> Table:
    """Return an empty table with a title and columns that fold rather than lose text."""
    table = Table(title=Text(title, style="bold"), title_justify="left", expand=False)
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    return table


def severity_text(severity: str, texts: Texts) -> Text:
    """Return a severity in words and colour."""
    return Text(
        texts.known(f"severity.{severity}", otherwise=severity), style=STYLES.get(severity, "")
    )


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return a time as the centre's clocks showed it."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def rule_table(rules: Sequence[Rule], texts: Texts) -> Table:
    """Return rules, one a line."""
    names = ("rule", "severity", "language", "version", "from")
    table = titled(texts("rules.title"), (texts(f"rules.{name}") for name in names))
    for rule in rules:
        name = plain(rule.title[texts.language])
        if not rule.enabled:
            name.append(f"  {texts('rules.disabled')}", style="yellow")
        table.add_row(
            name.append("\n").append_text(plain(rule.rule_id, style="dim")),
            severity_text(rule.severity.value, texts),
            texts(f"language.{rule.language.value}") if rule.language else "",
            plain(rule.rule_version),
            plain(rule.source),
        )
    return table


def aside_list(
    items: Sequence[SetAsideItem], texts: Texts, *, title: str
) -> Iterator[RenderableType]:
    """Yield items that were set aside, each with its reason and what to do below it."""
    yield Text(title, style="bold")
    for one in items:
        yield Padding.indent(plain(one.item, style="yellow"), 1)
        yield Padding.indent(plain(one.explain(texts.language)), 3)


def rule_totals_table(rules: Sequence[RuleTotal], texts: Texts) -> Table:
    """Return what each rule that found something found, most findings first."""
    names = ("rule", "severity", "interactions", "findings", "not_measured")
    table = titled(texts("run.rules"), (texts(f"run.{name}") for name in names))
    for column in table.columns[2:]:
        column.justify = "right"
    for one in rules:
        if not one.findings:
            continue
        title = one.title_zh if texts.language == "zh" else one.title_en
        name = plain(title).append("\n").append_text(plain(one.rule_id, style="dim"))
        counts = (f"{n:,}" for n in (one.interactions, one.findings, one.not_measured))
        table.add_row(name, severity_text(one.severity.value, texts), *counts)
    return table


def spike_table(spikes: Sequence[Spike], texts: Texts) -> Table:
    """Return what rises, surest first."""
    day = spikes[0].day.isoformat() if spikes else ""
    names = ("term", "where", "contacts", "customers", "usual", "since", "note")
    title = f"{texts('run.spikes')}  {day}".strip()
    table = titled(title, (texts(f"spikes.{name}") for name in names))
    for spike in spikes:
        table.add_row(
            _term(spike, texts),
            _where(spike, texts),
            f"{spike.contacts:,}",
            f"{spike.customers:,}",
            f"{spike.expected:.1f}  ({spike.low}-{spike.high})",
            spike.since.isoformat(),
            _note(spike, texts),
        )
    return table


def _term(spike: Spike, texts: Texts) -> Text:
    if spike.kind.value == "rule":
        return Text(texts("spikes.rule", term=spike.term))
    return plain(spike.term, style="bold") if spike.term else Text(texts("spikes.all_contacts"))


def _where(spike: Spike, texts: Texts) -> Text:
    key = f"spikes.dimension.{spike.slice.dimension}"
    if key in texts:
        return Text(texts(key, value=spike.slice.value))
    return plain(spike.slice.value) if spike.slice.value else Text(texts("spikes.everywhere"))


def _note(spike: Spike, texts: Texts) -> Text:
    if not spike.is_few_customers:
        return Text("")
    if spike.top_customer_share is None:
        return Text(texts("spikes.few"), style="yellow")
    percent = round(spike.top_customer_share * 100)
    return Text(texts("spikes.few_top", percent=percent), style="yellow")


def worklist_table(
    lines: Sequence[tuple[WorklistRow, Sequence[Finding]]],
    titles: Mapping[str, str],
    texts: Texts,
    zone: ZoneInfo,
) -> Table:
    """Return lines of the worklist, each with its weightiest evidence.

    Args:
        lines: Each line with its findings.
        titles: The titles of the rules in force, by id.
        texts: The texts.
        zone: The centre's time zone.
    """
    columns = [texts(f"worklist.{name}") for name in ("position", "id", "risk", "why")]
    table = titled(texts("worklist.title"), columns)
    for row, findings in lines:
        interaction = plain(row.interaction_id, style="bold")
        interaction.append("\n").append_text(_context(row, texts, zone))
        table.add_row(
            str(row.position), interaction, f"{row.risk:.2f}", _why(row, findings, titles, texts)
        )
    return table


def _context(row: WorklistRow, texts: Texts, zone: ZoneInfo) -> Text:
    known = [moment(row.started_at, zone), texts(f"channel.{row.channel.value}")]
    known += [clock(row.duration_ms)] if row.duration_ms else []
    for name in ("agent", "team", "queue"):
        if value := getattr(row, name):
            known.append(f"{texts(f'worklist.{name}')} {value}")
    return plain(" · ".join(known), style="dim")


def _why(
    row: WorklistRow, findings: Sequence[Finding], titles: Mapping[str, str], texts: Texts
) -> Text:
    if not row.rules:
        return _control(texts, shown=row.is_control)
    top = max((one.value for one in row.severities), key=SEVERITIES.index, default="")
    why = severity_text(top, texts) if top else Text("")
    names = texts("worklist.comma").join(titles.get(rule, rule) for rule in row.rules)
    why.append("  ").append_text(plain(names))
    return why.append("\n").append_text(first_evidence(row, findings, texts))


def _control(texts: Texts, *, shown: bool) -> Text:
    return Text(texts("worklist.control") if shown else "", style="dim")


def first_evidence(row: WorklistRow, findings: Sequence[Finding], texts: Texts) -> Text:
    """Return where to begin to listen, and why: the first evidence of the weightiest rule."""
    of_top = [one for one in findings if one.rule_id == row.top_rule_id] or list(findings)
    if not of_top:
        return Text("")
    return reason(of_top[0].evidence[0], texts)


def reason(evidence: Evidence, texts: Texts) -> Text:
    """Return a piece of evidence in words, with its place in the interaction in front."""
    from detectors.because import explain

    said = plain(explain(evidence, texts.language))
    return Text.assemble((clock(evidence.start_ms), "cyan"), " ", said)
