"""The digest as one HTML page that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from console.messages.texts import Texts, clean
from console.rise_lines import heading, lines
from console.unlike_lines import sections

if TYPE_CHECKING:
    from hotwords.bands import Band
    from pipelines.rising import Digest, Story

WIDTH, HEIGHT, BELOW = 640, 120, 18
_STYLE = """
body { font: 15px/1.55 system-ui, "Noto Sans CJK SC", sans-serif;
  max-width: 720px; margin: 2rem auto;
  padding: 0 1rem; color: #1b1f24; background: #fff; }
h2 { margin: 2.2rem 0 .3rem; font-size: 1.15rem; }
ul { margin: .2rem 0 .6rem; padding-left: 1.2rem; }
svg { width: 100%; height: auto; }
.band { fill: #cfe0f5; } .usual { fill: none; stroke: #5b84b1; } .day { fill: #1b1f24; }
.high { fill: #c0341d; } text { font-size: 11px; fill: #57606a; }
code { font-size: .85em; color: #57606a; }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117; } .band { fill: #1f3a5c; } .day { fill: #e6edf3; }
  .high { fill: #ff7b5c; } }
"""


def page(found: Digest, texts: Texts) -> str:
    """Return the page."""
    title = texts("hotwords.title", day=str(found.day))
    stories = "".join(_story(number, one, texts) for number, one in enumerate(found.stories, 1))
    body = stories or f"<p>{escape(texts('run.no_spikes'))}</p>"
    beside = "".join(
        f"<h2>{escape(title)}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in told)}</ul>"
        for title, told in sections(found.words, found.unlike, texts)
    )
    return (
        f'<!doctype html><html lang="{texts.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}{beside}<p><small>{escape(texts('hotwords.note'))}</small></p>"
        "</body></html>\n"
    )


def _story(number: int, story: Story, texts: Texts) -> str:
    said = "".join(f"<li>{escape(line)}</li>" for line in lines(story, texts))
    heard = " ".join(f"<code>{escape(clean(one))}</code>" for one in story.rise.spike.examples)
    plot = "" if story.band is None else plot_of(story.band, texts)
    hear = f"<p>{escape(texts('hotwords.hear'))} {heard}</p>" if heard else ""
    return f"<h2>{number}. {escape(heading(story, texts))}</h2>{plot}<ul>{said}</ul>{hear}"


def plot_of(band: Band, texts: Texts) -> str:
    """Return the series as SVG: the usual band, the expected line, a dot a day."""
    days = len(band.contacts)
    most = max(1, *band.contacts, *band.high)

    def x(day: int) -> float:
        return round(6 + (WIDTH - 12) * day / max(1, days - 1), 1)

    def y(value: float) -> float:
        return round(HEIGHT - 4 - (HEIGHT - 12) * value / most, 1)

    upper = [f"{x(i)},{y(one)}" for i, one in enumerate(band.high)]
    lower = [f"{x(i)},{y(one)}" for i, one in enumerate(band.low)]
    usual = " ".join(f"{x(i)},{y(one)}" for i, one in enumerate(band.expected))
    last = band.first + timedelta(days=days - 1)
    label = texts("hotwords.plot", first=str(band.first), last=str(last), most=most)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT + BELOW}" role="img" aria-label="{escape(label)}">'
        f'<polygon class="band" points="{" ".join([*upper, *reversed(lower)])}"/>'
        f'<polyline class="usual" points="{usual}"/>{"".join(_dots(band, x, y))}'
        f'<text x="6" y="{HEIGHT + 13}">{band.first}</text>'
        f'<text x="{WIDTH - 6}" y="{HEIGHT + 13}" text-anchor="end">{last}</text>'
        f'<text x="6" y="11">{most}</text></svg>'
    )


def _dots(band: Band, x: Callable[[int], float], y: Callable[[float], float]) -> Iterator[str]:
    for i, one in enumerate(band.contacts):
        kind = "high" if one > band.high[i] else "day"
        yield f'<circle class="{kind}" cx="{x(i)}" cy="{y(one)}" r="2.6"/>'
