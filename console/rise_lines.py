"""What is said of a rise, in a person's words: the same on the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from console.messages.texts import Texts, clean

if TYPE_CHECKING:
    from hotwords.attribution import Attribution, Carrier
    from hotwords.counts import Slice
    from hotwords.exposure import Rate
    from hotwords.followup import Effect, Ratio
    from hotwords.spikes import Spike
    from pipelines.rising import Story
    from warehouse.spike_actions import SpikeAction

SHOWN_TERMS = 6
SHOWN_PARTS = 3
WHOLE = 99  # larger numbers are told without their fractions
LEAST_PERCENT = 0.01
"""Smaller shares of false alarms are told as this: nobody can tell them apart."""


def heading(story: Story, texts: Texts) -> str:
    """Return what rose and where."""
    spike = story.rise.spike
    return texts("hotwords.heading", what=subject(spike, texts), where=place(spike.slice, texts))


def subject(spike: Spike, texts: Texts) -> str:
    """Return the name of what rose."""
    return named(spike.kind.value, spike.term, texts)


def named(kind: str, term: str, texts: Texts) -> str:
    """Return the name of a term, a rule or all contacts."""
    if kind == "rule":
        return texts("spikes.rule", term=term)
    return clean(term) or texts("spikes.all_contacts")


def place(part: Slice, texts: Texts) -> str:
    """Return the name of a part of the centre."""
    if not part.value:
        return texts("spikes.everywhere")
    key = f"spikes.dimension.{part.dimension}"
    return texts(key, value=part.value) if key in texts else clean(part.value)


def lines(story: Story, texts: Texts) -> Iterator[str]:
    """Yield what is known of a rise: why it is believed, whom it affects, where, and since."""
    spike = story.rise.spike
    yield texts(
        "hotwords.why",
        day=str(spike.day),
        contacts=spike.contacts,
        expected=f"{spike.expected:.1f}",
        low=spike.low,
        high=spike.high,
        percent=f"{max(100 * spike.q_value, LEAST_PERCENT):.2g}",
    )
    if spike.run_days > 1:
        yield texts(
            "hotwords.run",
            days=spike.run_days,
            contacts=spike.run_contacts,
            expected=f"{spike.run_expected:.1f}",
        )
    yield texts("hotwords.since", since=str(spike.since))
    yield _who(spike, texts)
    yield from (_rate(one, texts) for one in story.rates)
    if any(story.hours):
        yield texts("hotwords.hours", hours=bars(story.hours), usual=bars(story.usual_hours))
    yield from _parts(story.attribution, texts)
    if story.rise.terms:
        terms = texts("judged.comma").join(clean(one) for one in story.rise.terms[:SHOWN_TERMS])
        yield texts("hotwords.also", terms=terms)
    if story.action is not None:
        yield _action(story.action, texts)
    if story.effect is not None:
        yield effect_line(story.effect, texts)


def _who(spike: Spike, texts: Texts) -> str:
    share = f"{100 * spike.contacts / spike.exposure:.1f}" if spike.exposure else "–"
    who = texts("hotwords.who", customers=spike.customers, contacts=spike.contacts, share=share)
    if not spike.is_few_customers:
        return who
    if spike.top_customer_share is None:
        return who + texts("hotwords.few")
    return who + texts("hotwords.few_top", percent=round(100 * spike.top_customer_share))


def _rate(one: Rate, texts: Texts) -> str:
    key = f"hotwords.denominator.{one.name}"
    name = texts(key) if key in texts else clean(one.name)
    told = {"name": name, "hits": one.hits, "out_of": f"{one.out_of:.0f}"}
    told["rate"] = _number(one.per_1000)
    if one.times is None or one.usual_per_1000 is None:
        return texts("hotwords.rate", **told)
    said = texts(
        "hotwords.rate_usual",
        **told,
        usual=_number(one.usual_per_1000),
        times=_times(one.times),
    )
    return said + (texts("hotwords.explains", name=name) if one.explains else "")


def _number(value: float) -> str:
    return f"{round(value):,}" if round(value) > WHOLE else f"{value:.3g}"


def _parts(found: Attribution, texts: Texts) -> Iterator[str]:
    if found.carrier.place:
        yield texts("hotwords.carrier", **_of(found.carrier, texts))
    elif found.others:
        some = (texts("hotwords.part", **_of(one, texts)) for one in found.others[:SHOWN_PARTS])
        yield texts("hotwords.parts", parts=texts("judged.comma").join(some))
    if found.is_campaign and found.proactive_share is not None:
        yield texts(
            "hotwords.campaign",
            percent=round(100 * found.proactive_share),
            usual=round(100 * (found.usual_proactive_share or 0)),
        )


def _of(one: Carrier, texts: Texts) -> dict[str, object]:
    return {
        "where": " × ".join(place(part, texts) for part in one.place),
        "hits": one.hits,
        "expected": f"{one.expected:.1f}",
        "rise": round(100 * one.of_rise),
    }


def _action(action: SpikeAction, texts: Texts) -> str:
    return texts(
        "hotwords.action",
        cause=texts(f"judged.cause.{action.cause.value}"),
        owner=action.owner,
        action=action.action,
        start=str(action.acts_from or texts("hotwords.not_begun")),
    )


def effect_line(effect: Effect, texts: Texts) -> str:
    """Return whether a fix worked, by how much and how sure that is."""
    if effect.effect is None or effect.remaining is None:
        return texts(f"hotwords.effect.{effect.because}")
    said = texts(
        f"hotwords.effect.{effect.outcome.value}",
        change=_change(effect.effect),
        remaining=_times(effect.remaining),
        days=effect.days_after,
    )
    return said + ("" if effect.is_controlled else texts("hotwords.effect.uncontrolled"))


def _change(ratio: Ratio) -> str:
    value, low, high = (f"{100 * (one - 1):+.0f}" for one in (ratio.value, ratio.low, ratio.high))
    return f"{value} % [{low}, {high}]"


def _times(ratio: Ratio) -> str:
    return f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]"


def bars(values: Sequence[float]) -> str:
    """Return a series as a row of blocks, one a value."""
    most = max(values, default=0) or 1
    return "".join("▁▂▃▄▅▆▇█"[round(7 * one / most)] for one in values)
