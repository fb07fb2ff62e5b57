"""Values of the other packages as tables on a terminal. Text from outside is never markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from console.messages.texts import Texts
from console.session import clock, plain
from pipelines.discretion import without_identifiers

if TYPE_CHECKING:
    from detectors.evidence import Evidence, Finding
    from detectors.rules import Rule
    from hotwords.rises import Rise
    from hotwords.spikes import Spike
    from pipelines.reports import SetAsideItem
    from warehouse.read import RuleTotal, WorklistRow

SEVERITIES = ("minor", "major", "critical")
SHOWN_TERMS = 4  # further words of a rise
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
    names = ("rule", "severity", "language", "version_of")
    table = titled(texts("rules.title"), (texts(f"rules.{name}") for name in names))
    for rule in rules:
        name = plain(rule.title[texts.language])
        if not rule.enabled:
            name.append(f"  {texts('rules.disabled')}", style="yellow")
        table.add_row(
            name.append("\n").append_text(plain(rule.rule_id, style="dim")),
            severity_text(rule.severity.value, texts),
            texts(f"language.{rule.language.value}") if rule.language else "",
            plain(rule.source).append("\n").append_text(plain(rule.rule_version, style="dim")),
        )
    return table


def aside_list(
    items: Sequence[SetAsideItem], texts: Texts, *, title: str
) -> Iterator[RenderableType]:
    """Yield items that were set aside, each with its reason and what to do below it.

    Recorders put telephone numbers into the names of files: these are shown as pseudonyms.
    """
    yield Text(title, style="bold")
    for one in items:
        yield Padding.indent(plain(without_identifiers(one.item), style="yellow"), 1)
        yield Padding.indent(plain(without_identifiers(one.explain(texts.language))), 3)


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


def rise_table(rises: Sequence[Rise], texts: Texts) -> Table:
    """Return what rises, surest first: each story with its surest spike."""
    names = ("term", "where", "day", "contacts", "usual", "since")
    table = titled(texts("run.rises"), (texts(f"spikes.{name}") for name in names))
    for column in table.columns[2:]:
        column.no_wrap = True
    for rise in rises:
        spike = rise.spike
        table.add_row(
            _term(rise, texts),
            _where(spike, texts),
            f"{spike.day:%m-%d}",
            f"{spike.contacts:,} ({spike.customers:,})",
            f"{spike.expected:.1f} ({spike.low}–{spike.high})",
            f"{spike.since:%m-%d}",
        )
    return table


def _term(rise: Rise, texts: Texts) -> Text:
    term = _subject(rise.spike, texts)
    if rise.terms:
        term.append(f" {' '.join(rise.terms[:SHOWN_TERMS])}", style="dim")
    if rise.spike.is_few_customers:
        term.append("\n").append_text(_few(rise.spike, texts))
    return term


def _subject(spike: Spike, texts: Texts) -> Text:
    if spike.kind.value == "rule":
        return Text(texts("spikes.rule", term=spike.term))
    return plain(spike.term, style="bold") if spike.term else Text(texts("spikes.all_contacts"))


def _where(spike: Spike, texts: Texts) -> Text:
    key = f"spikes.dimension.{spike.slice.dimension}"
    if key in texts:
        return Text(texts(key, value=spike.slice.value))
    return plain(spike.slice.value) if spike.slice.value else Text(texts("spikes.everywhere"))


def _few(spike: Spike, texts: Texts) -> Text:
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
    for column in (table.columns[0], table.columns[2]):
        column.no_wrap = True
    for row, findings in lines:
        interaction = plain(row.interaction_id, style="bold")
        interaction.append("\n").append_text(_context(row, texts, zone))
        table.add_row(
            str(row.position), interaction, _risk(row, texts), _why(row, findings, titles, texts)
        )
    return table


def _risk(row: WorklistRow, texts: Texts) -> Text:
    risk = Text(f"{row.risk:.2f}")
    if not row.severities:
        return risk
    top = max((one.value for one in row.severities), key=SEVERITIES.index)
    return risk.append("\n").append_text(severity_text(top, texts))


def _context(row: WorklistRow, texts: Texts, zone: ZoneInfo) -> Text:
    known = [moment(row.started_at, zone), texts(f"channel.{row.channel.value}")]
    known += [clock(row.duration_ms)] if row.duration_ms else []
    who = [
        f"{texts(f'worklist.{name}')} {value}"
        for name in ("agent", "team", "queue")
        if (value := getattr(row, name))
    ]
    lines = [plain(" · ".join(line), style="dim") for line in (known, who) if line]
    return Text("\n").join(lines)


def _why(
    row: WorklistRow, findings: Sequence[Finding], titles: Mapping[str, str], texts: Texts
) -> RenderableType:
    """The rules that decided, and where to begin to listen.

    Whoever judges must not know which lines were drawn at random: only a line on which no rule
    found anything says so, because nothing else would explain why it is there.
    """
    if not row.rules:
        return Text(texts("worklist.control"), style="dim")
    # A blank on both sides: a line of Chinese without one is broken in the middle of a title.
    why = plain(" · ".join(titles.get(rule, rule) for rule in row.rules))
    of_top = [one for one in findings if one.rule_id == row.top_rule_id] or list(findings)
    return Group(why, reasons([of_top[0].evidence[0]], texts)) if of_top else why


def reasons(evidence: Iterable[Evidence], texts: Texts) -> Table:
    """Return pieces of evidence in words, each with its place in the interaction in front."""
    from detectors.because import explain

    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    for one in evidence:
        table.add_row(clock(one.start_ms), plain(explain(one, texts.language)))
    return table
