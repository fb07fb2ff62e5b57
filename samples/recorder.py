"""A planned call spoken, mixed and written as a recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from interactions.sound import Party
from samples.calls import CallPlan, Oddity
from samples.cast import speaker, voice
from samples.layout import Event, Layout, Spoken, lay_out
from samples.script import Feature, Line, phrases
from samples.sounds import RATE, Sound, hold_music, line_noise, ms_to_samples, ring_back, scaled
from samples.telephone import FORMS, limited, narrowed, write
from samples.voices import Speech, speak

# Levels in dB relative to full scale. Speech on telephone lines is around -26 (ITU-T P.56 calls
# that the nominal level); the customer's line is quieter and noisier, so its ratio is 14 to 32 dB.
_AGENT_DB, _CUSTOMER_DB = (-26.0, -22.0), (-29.0, -25.0)
_AGENT_NOISE_DB, _CUSTOMER_NOISE_DB = (-66.0, -56.0), (-58.0, -43.0)
_MUSIC_DB, _RING_DB, _CROSSTALK_DB = -28.0, -22.0, -36.0
_RING_AT_MS = 300
_PARTIES = (Party.AGENT, Party.CUSTOMER)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call on disk.

    Attributes:
        files: Names in the folder of calls; two where each side has its own.
        levels_db: Level of calm speech per party; ``noise_db`` of the noise.
    """

    plan: CallPlan
    files: tuple[str, ...]
    layout: Layout
    levels_db: dict[Party, float]
    noise_db: dict[Party, float]


def record_group(plans: Sequence[CallPlan], folder: Path, seed: int) -> list[Recorded]:
    """Record calls one after the other; runs in a process of its own."""
    return [record(plan, folder, seed) for plan in plans]


def record(plan: CallPlan, folder: Path, seed: int) -> Recorded:
    """Speak the call and write it into ``folder``.

    The bytes depend on what this process has spoken before (samples.voices).
    """
    contact = plan.contact
    rng = Random(f"{seed}:record:{contact.interaction_id}")
    levels_db = {
        Party.AGENT: round(rng.uniform(*_AGENT_DB), 1),
        Party.CUSTOMER: round(rng.uniform(*_CUSTOMER_DB), 1),
    }
    noise_db = {
        Party.AGENT: round(rng.uniform(*_AGENT_NOISE_DB), 1),
        Party.CUSTOMER: round(rng.uniform(*_CUSTOMER_NOISE_DB), 1),
    }
    ring = ring_back(2, _RING_DB) if Feature.OUTBOUND in contact.features else None
    rung_ms = _RING_AT_MS + len(ring) * 1000 // RATE if ring is not None else 0
    layout, sounds = lay_out(
        contact.lines,
        say=lambda line: _say(plan, line),
        backchannels=phrases(contact.language)["backchannel"],
        levels_db=levels_db,
        start_ms=rung_ms,
        rng=rng,
    )
    if ring is not None:
        layout = _with_ring(layout, rung_ms)
    noise_rng = np.random.default_rng([seed, rng.getrandbits(32)])
    sides = _sides(plan, layout, sounds, noise_db=noise_db, rng=noise_rng)
    if ring is not None:
        start = ms_to_samples(_RING_AT_MS)
        sides[Party.CUSTOMER][start : start + len(ring)] += ring
    return Recorded(plan, _written(plan, sides, folder), layout, levels_db, noise_db)


def _say(plan: CallPlan, line: Line) -> Speech:
    who = speaker(plan.contact.agent, plan.contact.customer, line.party)
    return speak(voice(who, plan.contact.language, line.manner), line.text)


def _with_ring(layout: Layout, rung_ms: int) -> Layout:
    ringing = Event(kind="ring_back", party=Party.SYSTEM, start_ms=_RING_AT_MS, end_ms=rung_ms)
    return Layout(layout.spoken, (ringing, *layout.events), layout.duration_ms)


def _sides(
    plan: CallPlan,
    layout: Layout,
    sounds: list[tuple[Spoken, Sound]],
    *,
    noise_db: dict[Party, float],
    rng: np.random.Generator,
) -> dict[Party, Sound]:
    """Each party's speech on its line; the hold music comes from the agent's side."""
    length = ms_to_samples(layout.duration_ms)
    clean = {party: np.zeros(length, np.float32) for party in _PARTIES}
    for spoken, sound in sounds:
        start = ms_to_samples(spoken.start_ms)
        clean[spoken.line.party][start : start + len(sound)] += sound
    for event in layout.events:
        if event.kind == "hold_music":
            start, end = ms_to_samples(event.start_ms), ms_to_samples(event.end_ms)
            music = narrowed(hold_music(end - start, _MUSIC_DB, rng), RATE)
            clean[Party.AGENT][start:end] += music
    leak = np.float32(10 ** (_CROSSTALK_DB / 20)) if plan.crosstalk else np.float32(0)
    agent, customer = clean[Party.AGENT], clean[Party.CUSTOMER]
    return {
        party: own + leak * other + scaled(narrowed(line_noise(length, rng), RATE), noise_db[party])
        for party, own, other in ((_PARTIES[0], agent, customer), (_PARTIES[1], customer, agent))
    }


def _written(plan: CallPlan, sides: dict[Party, Sound], folder: Path) -> tuple[str, ...]:
    form = FORMS[plan.form]
    if form.file_per_side:
        names = tuple(f"{plan.stem}_{party}{form.suffix}" for party in _PARTIES)
        for name, party in zip(names, _PARTIES, strict=True):
            write(folder / name, limited(sides[party])[np.newaxis], form)
        return names
    name = f"{plan.stem}{form.suffix}"
    write(folder / name, _tracks(plan, sides), form)
    return (name,)


def _tracks(plan: CallPlan, sides: dict[Party, Sound]) -> NDArray[np.float32]:
    mixed = limited(sides[Party.AGENT] + sides[Party.CUSTOMER])
    if plan.oddity is Oddity.MONO:
        return mixed[np.newaxis]
    if plan.oddity is Oddity.IDENTICAL_TRACKS:
        return np.stack([mixed, mixed])
    if plan.oddity is Oddity.DEAD_CUSTOMER:
        sides = {**sides, Party.CUSTOMER: np.zeros_like(mixed)}
    return np.stack([limited(sides[party]) for party in plan.tracks])
