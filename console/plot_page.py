"""One interaction as a picture: levels, pitch, who speaks when, activation, and the evidence."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from console.messages.texts import Texts
from detectors.because import explain
from detectors.conversation import DEAD_AIR_MS
from detectors.evidence import Evidence, Finding
from detectors.features import Features
from detectors.timing.talk_over import TalkOver
from detectors.voice.activation import MIN_TURNS
from interactions.interaction import Interaction
from interactions.sound import Contour, Party, Span

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS: Mapping[Party, str] = {
    Party.AGENT: "#1f77b4",
    Party.CUSTOMER: "#2ca02c",
    Party.SYSTEM: "#9467bd",
    Party.UNKNOWN: "#7f7f7f",
}
_SEVERITIES: Mapping[str, str] = {"minor": "#e0a800", "major": "#e8710a", "critical": "#d62728"}
_WIDTH_IN, _HEIGHT_IN, _DPI = 14.0, 8.5, 110
_SILENT, _OVER = "#d9d9d9", "#f4a6a6"
_LOWEST_DB = -70.0
_LONGEST_REASON, _LONGEST_TITLE = 40, 20
_NO_TITLES: Mapping[str, str] = MappingProxyType({})
_MOST_POINTS = 4_000
"""More points across than the picture has pixels only take time."""

_CHINESE = ("Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "SimHei",
            "PingFang SC", "Source Han Sans SC", "Droid Sans Fallback")  # fmt: skip


class NothingToDraw(Exception):  # noqa: N818 - an answer, not an error
    """The interaction has no sound."""


def draw(
    interaction: Interaction,
    findings: Sequence[Finding],
    path: Path,
    texts: Texts,
    *,
    titles: Mapping[str, str] = _NO_TITLES,
) -> None:
    """Write the picture; the ending of ``path`` (png, svg, pdf) chooses its form.

    From top to bottom, over one axis of time: loudness in dB and pitch in Hz of each party's own
    speech, where each party speaks with dead air and talk-over behind it, the activation of each
    turn, and every piece of evidence with its reason. The words are
    Chinese where the machine has a font for them and that language is chosen.

    Args:
        interaction: With its contours.
        findings: About it.
        path: Where to.
        texts: The language of the words.
        titles: Of the rules, by id; a rule without one is drawn under its id.

    Raises:
        NothingToDraw: A written interaction, or one without contours.
        ValueError: The ending is none that can be written.
        ModuleNotFoundError: matplotlib is not installed.
        OSError: The file cannot be written.
    """
    if not interaction.contours or not interaction.duration_ms:
        raise NothingToDraw
    # The object-oriented interface: no window, no state of the process's own.
    import matplotlib as mpl
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with mpl.rc_context(_fonts()):
        figure = Figure(figsize=(_WIDTH_IN, _HEIGHT_IN), dpi=_DPI, layout="constrained")
        level, pitch, speech, heat, evidence = figure.subplots(
            5, 1, sharex=True, height_ratios=(3, 3, 1.2, 1.6, _evidence_height(findings))
        )
        features, words = Features(interaction), _words(texts)
        figure.suptitle(interaction.interaction_id, fontsize=12)
        for party in interaction.contours:
            _contours(level, pitch, features, party)
        _speech(speech, features, words)
        _activation(heat, features, words)
        _evidence(evidence, findings, words, titles if words is texts else _NO_TITLES)
        for axes, name in zip((level, pitch, speech, heat, evidence), _AXES, strict=True):
            axes.set_title(words(f"plot.{name}"), loc="left", fontsize=9)
            axes.grid(visible=True, axis="x", alpha=0.3)
        _legend(level, features, words)
        evidence.set_xlim(0, interaction.duration_ms / 1000)
        evidence.set_xlabel(words("plot.time"))
        figure.savefig(path, metadata=_undated(path))


_AXES = ("loudness", "pitch", "speech", "activation", "evidence")


def _undated(path: Path) -> dict[str, None]:
    """Leave out when it was drawn: the same interaction gives the same file."""
    return {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower(), {})


def _fonts() -> dict[Any, Any]:
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    found = [name for name in _CHINESE if name in known]
    return {"font.sans-serif": [*found, "DejaVu Sans"], "axes.unicode_minus": False}


def _words(texts: Texts) -> Texts:
    """Return the texts in Chinese only where a font can show it."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return texts if texts.language == "en" or known & set(_CHINESE) else Texts("en")


def _contours(level: Axes, pitch: Axes, features: Features, party: Party) -> None:
    contour = features.interaction.contours[party]
    seconds, loud = _own(contour, contour.loudness_db, features.speech.get(party, ()))
    level.plot(seconds, loud, color=_COLOURS[party], linewidth=0.5, alpha=0.3)
    usual = features.loudness(party)
    if usual is not None:
        places = (np.arange(len(usual.above)) + 0.5) * usual.step_ms / 1000
        level.plot(places, usual.above + usual.baseline, color=_COLOURS[party], linewidth=1.6)
    seconds, hertz = _own(contour, contour.pitch_hz, features.speech.get(party, ()))
    pitch.plot(seconds, hertz, ".", color=_COLOURS[party], markersize=2)
    level.set_ylim(bottom=_LOWEST_DB, top=0.0)
    pitch.set_yscale("log", base=2)
    pitch.set_ylim(60, 600)
    pitch.set_yticks([75, 150, 300, 600], ["75", "150", "300", "600"])
    pitch.minorticks_off()
    baseline = features.pitch(party)
    if baseline is not None and baseline.measured_s:
        pitch.axhline(baseline.baseline, color=_COLOURS[party], linewidth=0.6, linestyle="--")


def _own(
    contour: Contour, series: np.ndarray[tuple[int], np.dtype[np.float32]], spans: Sequence[Span]
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]
]:
    """Return times in seconds and values inside ``spans``, a gap (NaN) elsewhere."""
    values = np.full(len(series), np.nan)
    for span in spans:
        part = slice(span.start_ms // contour.step_ms, span.end_ms // contour.step_ms)
        values[part] = series[part]
    every = max(1, len(values) // _MOST_POINTS)
    places = np.arange(0, len(values), every)
    return (places + 0.5) * contour.step_ms / 1000, values[places]


def _speech(axes: Axes, features: Features, words: Texts) -> None:
    parties = list(features.speech)
    for span in features.silences:
        if span.duration_ms > DEAD_AIR_MS:
            axes.axvspan(span.start_ms / 1000, span.end_ms / 1000, color=_SILENT, linewidth=0)
    for both in _talked_over(features):
        axes.axvspan(both.start_ms / 1000, both.end_ms / 1000, color=_OVER, linewidth=0)
    for row, party in enumerate(reversed(parties)):
        spans = [(s.start_ms / 1000, s.duration_ms / 1000) for s in features.speech[party]]
        axes.broken_barh(spans, (row + 0.15, 0.7), facecolors=_COLOURS[party])
    labels = [words(f"party.{party.value}") for party in reversed(parties)]
    axes.set_yticks([row + 0.5 for row in range(len(parties))], labels, fontsize=8)
    axes.set_ylim(0, max(1, len(parties)))


def _talked_over(features: Features) -> list[Evidence]:
    if features.lacks(TalkOver.NEEDS):
        return []
    return list(TalkOver().find(features))


def _activation(axes: Axes, features: Features, words: Texts) -> None:
    drawn = False
    for party in features.speech:
        for turn in features.voiced(party):
            drawn = True
            ends = (turn.span.start_ms / 1000, turn.span.end_ms / 1000)
            axes.plot(ends, (turn.activation,) * 2, color=_COLOURS[party], linewidth=4,
                      solid_capstyle="butt")  # fmt: skip
    axes.axhline(0.5, color="black", linewidth=0.5, linestyle=":")
    axes.set_ylim(-0.05, 1.05)
    if not drawn:
        said = words("plot.no_activation", turns=MIN_TURNS)
        axes.text(0.5, 0.5, said, transform=axes.transAxes, ha="center", va="center", fontsize=8)


def _evidence_height(findings: Sequence[Finding]) -> float:
    return max(1.0, 0.6 * len({finding.rule_id for finding in findings}))


def _evidence(
    axes: Axes, findings: Sequence[Finding], words: Texts, titles: Mapping[str, str]
) -> None:
    rules = sorted({finding.rule_id for finding in findings}, reverse=True)
    for finding in findings:
        row = rules.index(finding.rule_id)
        colour = _SEVERITIES[finding.severity.value]
        for one in finding.evidence:
            start, length = one.start_ms / 1000, (one.end_ms - one.start_ms) / 1000
            axes.broken_barh([(start, max(length, 0.15))], (row + 0.1, 0.45), facecolors=colour)
        first = finding.evidence[0]
        said = explain(first, words.language)
        axes.text(first.start_ms / 1000, row + 0.6, _short(said), fontsize=7, clip_on=True)
    names = [_short(titles.get(rule) or rule, most=_LONGEST_TITLE) for rule in rules]
    axes.set_yticks([row + 0.5 for row in range(len(rules))], names, fontsize=7)
    axes.set_ylim(0, max(1, len(rules)))
    if not rules:
        axes.text(0.5, 0.5, words("plot.no_findings"), transform=axes.transAxes, ha="center",
                  va="center", fontsize=8)  # fmt: skip


def _short(text: str, *, most: int = _LONGEST_REASON) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _legend(axes: Axes, features: Features, words: Texts) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Line2D | Patch] = [
        Line2D([], [], color=_COLOURS[party], label=words(f"party.{party.value}"))
        for party in features.speech
    ]
    handles += [
        Patch(color=colour, label=words(f"plot.{name}"))
        for name, colour in (("dead_air", _SILENT), ("talk_over", _OVER))
    ]
    axes.legend(handles=handles, loc="upper right", ncols=len(handles), fontsize=8)
