"""Sounds of the line that are no speech: noise, hold music, ring-back. All float32, 8 kHz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE = 8_000

# Ring-back of mainland China: 450 Hz, 1 s on, 4 s off (ITU-T E.180 supplement 2).
_RING_HZ = 450
_RING_ON_S, _RING_OFF_S = 1, 4
_HUM_DB = -25.0  # against the noise
# Ends of notes and tones fade over this, so that they do not click.
_FADE_S = 0.015
# Four bars of four beats, I vi IV V in C: roots of the chords as MIDI numbers.
_CHORDS = ((60, 64, 67), (57, 60, 64), (53, 57, 60), (55, 59, 62))
_SCALE = (72, 74, 76, 79, 81, 84)
_BEAT_S = 0.5
_BEATS_A_BAR = 4
# Amplitudes of the partials of a plucked string and of a soft organ.
_PLUCKED = (1.0, 0.55, 0.35, 0.2, 0.12)
_ORGAN = (1.0, 0.3, 0.15)


def ms_to_samples(ms: int) -> int:
    """Return how many samples ``ms`` milliseconds are."""
    return ms * RATE // 1000


def scaled(sound: Sound, level_db: float) -> Sound:
    """Return ``sound`` with its root mean square at ``level_db`` relative to full scale."""
    rms = float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))
    gain = 10 ** (level_db / 20) / max(rms, 1e-9)
    return (sound * np.float32(gain)).astype(np.float32)


def line_noise(length: int, rng: np.random.Generator) -> Sound:
    """Return ``length`` samples of pink-ish noise with a trace of mains hum, at no certain level.

    Pink: white noise shaped by 1/sqrt(f) in the spectrum, as room and line noise roughly are. Hum:
    the eighth and sixteenth harmonic of 50 Hz, well under the noise, as badly shielded lines have.
    """
    # A power of two: a length that is a large prime would take the transform seconds.
    longer = 1 << (length - 1).bit_length()
    spectrum = np.fft.rfft(rng.standard_normal(longer))
    frequency = np.fft.rfftfreq(longer, 1 / RATE)
    spectrum[1:] /= np.sqrt(frequency[1:] / frequency[-1])
    spectrum[0] = 0
    pink = scaled(np.fft.irfft(spectrum, longer)[:length].astype(np.float32), 0)
    seconds = np.arange(length) / RATE
    hum = np.sin(2 * np.pi * 400 * seconds) + np.sin(2 * np.pi * 800 * seconds)
    return pink + scaled(hum.astype(np.float32), _HUM_DB)


def ring_back(rings: int, level_db: float) -> Sound:
    """Return ``rings`` rings; the last one is answered half a second after its tone."""
    seconds = np.arange(_RING_ON_S * RATE) / RATE
    tone = scaled(np.sin(2 * np.pi * _RING_HZ * seconds).astype(np.float32), level_db)
    ring = np.concatenate([_faded(tone), np.zeros(_RING_OFF_S * RATE, np.float32)])
    whole = np.tile(ring, rings)
    return whole[: len(whole) - _RING_OFF_S * RATE + RATE // 2]


def hold_music(length: int, level_db: float, rng: np.random.Generator) -> Sound:
    """Return ``length`` samples of made-up music: bass, chords and a melody."""
    bars = length // int(_BEAT_S * _BEATS_A_BAR * RATE) + 1
    beat = int(_BEAT_S * RATE)
    music = np.zeros((bars + 1) * _BEATS_A_BAR * beat, np.float32)
    place = int(rng.integers(len(_SCALE)))
    for bar in range(bars):
        chord = _CHORDS[bar % len(_CHORDS)]
        start = bar * _BEATS_A_BAR * beat
        for note in chord:
            _add(music, start, _note(note, _BEATS_A_BAR * beat, _ORGAN, decay_s=4.0) * 0.25)
        for half in (0, 2):
            _add(music, start + half * beat, _note(chord[0] - 12, 2 * beat, _PLUCKED, decay_s=0.8))
        for step in range(_BEATS_A_BAR):
            place = int(np.clip(place + rng.integers(-2, 3), 0, len(_SCALE) - 1))
            tone = _note(_SCALE[place], int(beat * 1.5), _PLUCKED, decay_s=0.4)
            _add(music, start + step * beat, tone * 0.7)
    return scaled(_faded(music[:length]), level_db)


def _note(midi: int, length: int, partials: tuple[float, ...], *, decay_s: float) -> Sound:
    # Equal temperament, A4 (69) at 440 Hz.
    pitch = 440 * 2 ** ((midi - 69) / 12)
    seconds = np.arange(length) / RATE
    wave = np.zeros(length)
    for number, amplitude in enumerate(partials, start=1):
        if number * pitch < RATE / 2:
            fade = np.exp(-seconds * number / decay_s)
            wave += amplitude * fade * np.sin(2 * np.pi * number * pitch * seconds)
    return _faded(wave.astype(np.float32))


def _add(music: Sound, start: int, note: Sound) -> None:
    end = min(start + len(note), len(music))
    music[start:end] += note[: end - start]


def _faded(sound: Sound) -> Sound:
    edge = min(int(_FADE_S * RATE), len(sound) // 2)
    faded = sound.copy()
    ramp = np.linspace(0, 1, edge, dtype=np.float32)
    faded[:edge] *= ramp
    faded[len(faded) - edge :] *= ramp[::-1]
    return faded
