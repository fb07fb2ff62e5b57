"""Speech is found where someone speaks, and nowhere else."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import soxr

from asr.speech import WINDOW_MS, joined, probabilities, regions, spans
from asr.waveform import Waveform, read
from interactions.sound import Span

RATE = 8000


def waveform(*tracks, rate=RATE):
    return Waveform(np.stack(tracks).astype(np.float32), rate, "pcm_s16le", rate)


def noise(seconds, level=1e-3, rate=RATE):
    return np.random.default_rng(0).normal(0, level, round(seconds * rate)).astype(np.float32)


def tone(hz, on_s, off_s, seconds=20.0, level=0.2):
    t = np.arange(round(seconds * RATE)) / RATE
    sound = sum(np.sin(2 * np.pi * f * t) for f in hz) * level / len(hz)
    return (sound * (t % (on_s + off_s) < on_s)).astype(np.float32) + noise(seconds)


def music(seed, seconds=20.0):
    """Plucked notes over held chords, as hold music goes."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * RATE))
    at = 0.0
    while at < seconds:
        length = float(rng.choice([0.25, 0.5, 1.0]))
        hz = float(rng.choice([261.63, 293.66, 329.63, 392.0, 440.0, 523.25]))
        first, last = int(at * RATE), int(min(seconds, at + length) * RATE)
        t = np.arange(last - first) / RATE
        for harmonic in range(1, 6):
            sound[first:last] += np.sin(2 * np.pi * hz * harmonic * t) * np.exp(-3 * t) / harmonic
        sound[first:last] += 0.4 * np.sin(np.pi * hz * t)
        at += length
    return (sound / np.abs(sound).max() * 0.4).astype(np.float32)


def test_finds_speech_where_it_is(spoken):
    track = noise(12)
    for at in (2, 7):
        track[at * RATE : at * RATE + len(spoken)] += spoken
    found = regions(waveform(track, noise(12)))
    length = len(spoken) * 1000 // RATE
    truth = [(2000, 2000 + length), (7000, 7000 + length)]
    heard = sum(s.duration_ms for s in found[0])
    inside = sum(
        max(0, min(s.end_ms, end) - max(s.start_ms, start))
        for s in found[0]
        for start, end in truth
    )
    assert inside > 0.75 * 2 * length
    assert inside > 0.95 * heard
    assert found[1] == ()


SILENT = {
    "digital silence": np.zeros(20 * RATE, np.float32),
    "a constant": np.full(20 * RATE, 0.3, np.float32),
    "line noise": noise(20, 0.003),
    "loud noise": noise(20, 0.1),
    "ring-back, China": tone((450,), 1.0, 4.0),
    "ring-back, North America": tone((440, 480), 2.0, 4.0),
    "busy": tone((450,), 0.35, 0.35),
    "dial tone": tone((350, 440), 99, 0),
    "beeps": tone((1000,), 0.5, 2.0),
    "fax": tone((2100,), 3.0, 1.0),
    "keys, soft": tone((770, 1336), 0.1, 0.1, level=0.05),
    "keys, loud": tone((852, 1477), 0.1, 0.1, level=0.3),
    "music 1": music(1),
    "music 2": music(2),
}


@pytest.mark.parametrize("sound", SILENT.values(), ids=SILENT)
def test_hears_nothing_where_nobody_speaks(sound):
    assert regions(waveform(sound)) == ((),)


def test_chunks_side_by_side_agree_with_one_long_stream(spoken):
    """The batch differs from a stream only by what the network forgets."""
    track = np.tile(np.concatenate([spoken, noise(2)]), 6)
    batched = probabilities(track, RATE) >= 0.5
    # The same track behind 8 s of silence has its chunk borders elsewhere.
    shifted = probabilities(np.concatenate([noise(8.032), track]), RATE)[251:] >= 0.5
    assert (batched != shifted[: len(batched)]).mean() < 0.04


def test_narrow_and_wide_recordings_of_the_same_talk_agree(spoken):
    track = np.concatenate([noise(1), spoken, noise(1)])
    wide = soxr.resample(track, RATE, 16000).astype(np.float32)
    one, two = (
        np.concatenate([np.arange(s.start_ms, s.end_ms) for s in regions(w)[0]])
        for w in (waveform(track), waveform(wide, rate=16000))
    )
    assert len(np.intersect1d(one, two)) > 0.95 * max(len(one), len(two))


def test_is_the_same_on_every_run_and_in_every_thread(spoken):
    sound = waveform(np.concatenate([noise(1), spoken]), np.concatenate([spoken, noise(1)]))
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: regions(sound), range(4)))
    assert results.count(results[0]) == 4


CASES = [
    ([0.9] * 10, [(0, 320)]),
    ([0.1] * 10, []),
    ([0.4] * 10, []),  # above the lower threshold, but never begun
    ([0.1] * 5 + [0.9] * 5 + [0.4] * 5 + [0.1] * 10, [(130, 510)]),
    ([0.4] * 5 + [0.9] * 5 + [0.1] * 10, [(130, 350)]),
    ([0.1] * 5 + [0.9] * 3 + [0.1] * 10, []),  # 96 ms: a click
    ([0.1] * 5 + [0.9] * 5 + [0.1] * 3 + [0.9] * 5 + [0.1] * 5, [(130, 606)]),  # bridged
    ([0.1] * 5 + [0.9] * 5 + [0.1] * 6 + [0.9] * 5 + [0.1] * 5, [(130, 350), (482, 702)]),
]


@pytest.mark.parametrize(("chances", "expected"), CASES)
def test_spans(chances, expected):
    found = spans(np.array(chances, np.float32), duration_ms=len(chances) * WINDOW_MS)
    assert [(s.start_ms, s.end_ms) for s in found] == expected


def test_joined():
    given = [Span(5, 9), Span(0, 3), Span(8, 12), Span(12, 13), Span(20, 20)]
    assert joined(given) == (Span(0, 3), Span(5, 13))


def test_importing_loads_no_torch():
    code = "import sys, asr.hearing; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.eval
def test_real_two_track_calls(eval_folder):
    """Recall of the speech that has energy (pauses inside utterances are not speech)."""
    hit = true = heard = precise = 0
    for path in sorted((eval_folder / "speech" / "calls_zh").glob("*[0-9].flac"))[:2]:
        call = read([path], item=path.name)
        for track, found in enumerate(regions(call)):
            steps = call.duration_ms // 10
            truth, said = np.zeros(steps, bool), np.zeros(steps, bool)
            for line in path.with_suffix(".rttm").read_text().splitlines():
                _, _, number, start, length, *_ = re.split(r"\s+", line)
                if int(number) == track + 1:
                    first = int(float(start) * 100)
                    truth[first : first + int(float(length) * 100)] = True
            for span in found:
                said[span.start_ms // 10 : span.end_ms // 10] = True
            power = np.mean(call.samples[track, : steps * 80].reshape(steps, 80) ** 2, axis=1)
            level = 10 * np.log10(power + 1e-10)
            loud = truth & (level > np.percentile(level, 10) + 10)
            loud &= level > np.percentile(level[truth], 90) - 30
            hit, true = hit + (loud & said).sum(), true + loud.sum()
            precise, heard = precise + (truth & said).sum(), heard + said.sum()
    assert hit / true > 0.92
    assert precise / heard > 0.95
