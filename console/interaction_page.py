"""One interaction on the terminal: who and when, what was found and where, and what was said."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from asr.lexicon import DoubtedTerm
from console.messages.texts import Texts
from console.session import clock, plain
from console.summary_page import About, blocks
from console.tables import SEVERITIES, moment, reasons, severity_text, titled
from console.views import Whole, doubted, dropped
from detectors.because import explain, explain_not_measured
from detectors.evidence import Evidence, Finding, Measure
from detectors.measures import UNITS
from interactions.interaction import Utterance
from interactions.sound import Party, Recording

MARK = "▶"
WRITTEN = "written"  # the transcriber of chats, e-mails and tickets
SECONDS_PER_MINUTE = 60
SHOWN_ID = 8  # digits of a finding's id, for `tingjian verdict`
_ORDER = {name: place for place, name in enumerate(UNITS)}
PARTY_STYLES = {Party.AGENT: "blue", Party.CUSTOMER: "green", Party.SYSTEM: "magenta"}
QUOTED = "bold black on yellow"
Cells = tuple[Text, Text, Text, Text]
ATTRIBUTES = ("agent", "team", "queue", "customer", "product")


def page(
    shown: Whole, texts: Texts, zone: ZoneInfo, told: About | None = None
) -> Iterator[RenderableType]:
    """Yield the page's blocks from top to bottom; with what the interaction is about."""
    yield plain(shown.interaction.interaction_id, style="bold")
    yield _metadata(shown, texts, zone)
    if told is not None:
        yield from blocks(told, texts)
    yield _head(texts("show.findings"))
    if not shown.findings:
        asked = shown.measures or shown.not_measured
        yield Text(texts("show.no_findings" if asked else "show.not_inspected"))
    for finding in sorted(shown.findings, key=_weight):
        yield _finding(finding, shown, texts)
    if shown.not_measured:
        yield _head(texts("show.not_measured"))
        yield from _not_measured(shown, texts)
    if shown.measures:
        yield Text("")
        yield _measures(shown.measures, texts)
    yield _head(texts("show.transcript"))
    yield from _transcript(shown, texts)
    if shown.doubted_terms:
        yield _head(texts("show.doubted"))
        yield _doubted(shown.doubted_terms, texts)


def _head(title: str) -> Padding:
    return Padding(Text(title, style="bold underline"), (1, 0, 0, 0))


def _metadata(shown: Whole, texts: Texts, zone: ZoneInfo) -> Table:
    one = shown.interaction
    written = one.transcriber == WRITTEN
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    rows: list[tuple[str, object]] = [
        ("started", moment(one.started_at, zone)),
        ("length", clock(one.duration_ms)),
        ("channel", texts(f"channel.{one.channel.value}")),
        ("language", texts(f"language.{one.language.value}")),
        *((name, getattr(one, name)) for name in ATTRIBUTES),
        ("source", one.source),
        ("words_by", texts("show.as_written") if written else one.transcriber),
        ("trust", None if written else _share(one.trust)),
        ("role_confidence", _share(one.role_confidence)),
        ("recording", _recording(one.recording, texts) if one.recording else None),
    ]
    for name, value in rows:
        if value is not None:
            table.add_row(texts(f"show.{name}"), plain(value))
    for name, value in sorted(one.attributes.items()):
        table.add_row(plain(name), plain(value))
    return table


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _recording(recording: Recording, texts: Texts) -> str:
    tracks = texts("worklist.comma").join(
        texts(f"party.{party.value}") for party in recording.tracks
    )
    said = [
        texts("show.recording_is", codec=recording.codec, rate=recording.sample_rate, tracks=tracks)
    ]
    if recording.quality.identical_tracks:
        said.append(texts("show.identical"))
    for party, track in zip(recording.tracks, recording.quality.tracks, strict=False):
        who = texts(f"party.{party.value}")
        if track.is_dead:
            said.append(texts("show.dead", party=who))
        elif track.clipped > 0:
            said.append(texts("show.clipped", party=who, percent=f"{track.clipped * 100:.2g}"))
    return texts("show.semicolon").join(said)


def _weight(finding: Finding) -> tuple[int, int]:
    """Weightiest first, then in the order of the interaction."""
    return -SEVERITIES.index(finding.severity.value), finding.evidence[0].start_ms


def _finding(finding: Finding, shown: Whole, texts: Texts) -> Table:
    table = Table.grid(padding=(0, 1), pad_edge=True)
    title = shown.title(finding.rule_id, texts.language)
    version = texts("show.version", version=finding.rule_version)
    in_force = shown.titles.get(finding.rule_id)
    if in_force is not None and in_force.rule_version != finding.rule_version:
        version = texts("show.and").join((version, texts("show.superseded")))
    named = (finding.rule_id, version, finding.finding_id[:SHOWN_ID])
    table.add_row(
        Text.assemble(
            severity_text(finding.severity.value, texts),
            "  ",
            plain(title or finding.rule_id, style="bold"),
            "  ",
            plain(texts("show.and").join(named), style="dim"),
        )
    )
    table.add_row(Padding(reasons(finding.evidence, texts), (0, 0, 0, 2)))
    return table


def _not_measured(shown: Whole, texts: Texts) -> Iterator[RenderableType]:
    """One paragraph a reason, with the rules that it stopped."""
    rules: dict[str, list[str]] = {}
    for missing in shown.not_measured:
        title = shown.title(missing.rule_id, texts.language) or missing.rule_id
        rules.setdefault(missing.because, []).append(title)
    for because, titles in rules.items():
        said = explain_not_measured(because, texts.language)
        yield Padding.indent(Text(texts("show.because", because=said)), 1)
        yield Padding.indent(plain(" · ".join(titles), style="dim"), 3)


def _measures(measures: tuple[Measure, ...], texts: Texts) -> Table:
    """One line a measure, one column a party; what was not measured says why."""
    parties = list(dict.fromkeys(one.party for one in measures))
    parties.sort(key=lambda party: (party is not None, party or ""))
    heads = [
        texts("show.whole") if party is None else texts(f"party.{party.value}") for party in parties
    ]
    table = titled(texts("show.measures"), (texts("show.measure"), *heads))
    values = {(one.name, one.party): _figure(one, texts) for one in measures}
    for name in sorted({one.name for one in measures}, key=_place):
        cells = [values.get((name, party), Text("")) for party in parties]
        table.add_row(texts.known(f"measure.{name}", otherwise=name), *cells)
    return table


def _place(measure: str) -> tuple[int, str]:
    """Where a measure stands; those of another version come last."""
    return _ORDER.get(measure, len(_ORDER)), measure


def _figure(measure: Measure, texts: Texts) -> Text:
    if measure.value is None:
        return Text(explain_not_measured(measure.because, texts.language), style="dim")
    unit = texts.known(f"unit.{measure.unit}", otherwise=measure.unit)
    if measure.unit == "s" and measure.value >= SECONDS_PER_MINUTE:
        return Text(clock(round(measure.value * 1000)))
    value = measure.value * 100 if measure.unit == "share" else measure.value
    return Text(f"{round(value, 1):g} {unit}".strip())


def _transcript(shown: Whole, texts: Texts) -> Iterator[RenderableType]:
    utterances = shown.interaction.utterances
    if not utterances:
        yield Text(texts("show.no_words"), style="dim")
        return
    quotes = _marked(shown)
    wordless = [
        one for found in shown.findings for one in found.evidence if one.measure and not one.party
    ]
    table = Table.grid(padding=(0, 1))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    places = [(one.start_ms, 1, _line(one, quotes, texts)) for one in utterances]
    places += [(one.start_ms, 0, _silence(one, texts)) for one in dict.fromkeys(wordless)]
    for _, _, cells in sorted(places, key=lambda place: place[:2]):
        table.add_row(*cells)
    yield table
    if quotes or wordless:
        yield Text(texts("show.marked"), style="dim")


def _doubted(terms: tuple[DoubtedTerm, ...], texts: Texts) -> Table:
    """One line a term: where, which, and why the sound does not bear it out."""
    table = Table.grid(padding=(0, 2), pad_edge=True)
    for one in terms:
        why = doubted(one.because, texts.language)
        sure = _share(one.confidence)
        table.add_row(
            Text(clock(one.start_ms), style="cyan"),
            plain(one.term),
            Text(why if sure is None else f"{why} ({sure})", style="dim"),
        )
    return table


def _marked(shown: Whole) -> dict[int, list[str]]:
    """Utterances that speak for a finding, with the words that decided.

    Evidence from the sound names a party and a time: what that party says then is marked.
    """
    quotes: dict[int, list[str]] = {}
    for one in (evidence for finding in shown.findings for evidence in finding.evidence):
        if one.utterance_seq is not None:
            quotes.setdefault(one.utterance_seq, []).append(one.quote)
        elif one.measure and one.party:
            for said in shown.interaction.utterances:
                meets = said.start_ms < one.end_ms and one.start_ms < said.end_ms
                if meets and said.party is one.party:
                    quotes.setdefault(said.seq, [])
    return quotes


def _line(utterance: Utterance, quotes: dict[int, list[str]], texts: Texts) -> Cells:
    return (
        Text(MARK if utterance.seq in quotes else " ", style="bold yellow"),
        Text(clock(utterance.start_ms), style="cyan"),
        Text(texts(f"party.{utterance.party.value}"), style=PARTY_STYLES.get(utterance.party, "")),
        _said(utterance, quotes.get(utterance.seq, []), texts),
    )


def _silence(evidence: Evidence, texts: Texts) -> Cells:
    """What nobody says has a place in the transcript too."""
    return (
        Text(MARK, style="bold yellow"),
        Text(clock(evidence.start_ms), style="cyan"),
        Text(""),
        plain(explain(evidence, texts.language), style="italic yellow"),
    )


def _said(utterance: Utterance, quotes: list[str], texts: Texts) -> Text:
    said = plain(utterance.text)
    if utterance.dropped_because is not None:
        said.stylize("strike dim")
        why = dropped(utterance.dropped_because, texts.language)
        return said.append(f"  [{texts('show.dropped', because=why)}]", style="dim")
    for quote in quotes:
        mark(said, plain(quote).plain)
    return said


def mark(said: Text, quote: str) -> None:
    """Mark every place of ``said`` where ``quote`` stands."""
    start = said.plain.find(quote) if quote else -1
    while start >= 0:
        said.stylize(QUOTED, start, start + len(quote))
        start = said.plain.find(quote, start + len(quote))
