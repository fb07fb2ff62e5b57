"""The telephone line: its band, and the files that recorders write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import av
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from samples.sounds import RATE, Sound

# The band of a telephone channel (ITU-T G.712).
_BAND_HZ = (300, 3400)
_BAND_ORDER = 8
# The loudest sample that line equipment lets through; louder speech is rounded off below it.
_CEILING = 0.89
_KNEE = 0.6


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a recording.

    Attributes:
        suffix: File name ending.
        container: libsndfile format, or ffmpeg container where ``encoder`` is set.
        subtype: libsndfile subtype.
        encoder: ffmpeg encoder; None: libsndfile writes it.
        rate: Samples per second of the file.
        file_per_side: Agent and customer in a mono file each.
    """

    suffix: str
    container: str
    subtype: str = ""
    encoder: str | None = None
    rate: int = RATE
    bit_rate: int | None = None
    file_per_side: bool = False


FORMS = MappingProxyType(
    {
        "alaw": Form(".wav", "WAV", "ALAW"),
        "mulaw": Form(".wav", "WAV", "ULAW"),
        "pcm": Form(".wav", "WAV", "PCM_16"),
        "pcm16k": Form(".wav", "WAV", "PCM_16", rate=16_000),
        "ima_adpcm": Form(".wav", "WAV", "IMA_ADPCM"),
        "gsm": Form(".wav", "WAV", "GSM610", file_per_side=True),
        "flac": Form(".flac", "FLAC", "PCM_16"),
        "mp3": Form(".mp3", "mp3", encoder="libmp3lame", rate=16_000, bit_rate=64_000),
        "opus": Form(".ogg", "ogg", encoder="libopus", rate=16_000, bit_rate=48_000),
        "aac": Form(".m4a", "ipod", encoder="aac", rate=16_000, bit_rate=64_000),
    }
)


def narrowed(samples: NDArray[np.float32], sample_rate: int) -> Sound:
    """Return one track as it comes out of a telephone line: 8 kHz, 300 to 3 400 Hz.

    The band's edges fall off as a Butterworth filter's magnitude, 1 / sqrt(1 + (f / edge)^2n), laid
    on the spectrum, so that nothing is delayed against the truth.
    """
    low = soxr.resample(samples, sample_rate, RATE) if sample_rate != RATE else samples
    # A power of two: lengths that are large primes would take the transform seconds.
    padded = 1 << (len(low) - 1).bit_length()
    spectrum = np.fft.rfft(low, padded)
    hz = np.maximum(np.fft.rfftfreq(padded, 1 / RATE), 1)
    least, most = _BAND_HZ
    above = (least / hz) ** (2 * _BAND_ORDER)
    below = (hz / most) ** (2 * _BAND_ORDER)
    passed = spectrum / np.sqrt((1 + above) * (1 + below))
    return np.fft.irfft(passed, padded)[: len(low)].astype(np.float32)


def limited(samples: Sound) -> Sound:
    """Return ``samples`` with peaks above the knee rounded off below the ceiling."""
    size = np.abs(samples)
    room = _CEILING - _KNEE
    rounded = _KNEE + room * np.tanh((size - _KNEE) / room)
    return (np.sign(samples) * np.where(size > _KNEE, rounded, size)).astype(np.float32)


def write(path: Path, tracks: NDArray[np.float32], form: Form) -> None:
    """Write ``tracks`` (shape ``(tracks, n)``, 8 kHz) to ``path``; the same bytes every time."""
    if form.rate != RATE:
        tracks = soxr.resample(tracks.T, RATE, form.rate).T
    if form.encoder is None:
        soundfile.write(path, tracks.T, form.rate, subtype=form.subtype, format=form.container)
    else:
        _encode(path, tracks, form, form.encoder)


def _encode(path: Path, tracks: NDArray[np.float32], form: Form, encoder: str) -> None:
    layout = "stereo" if len(tracks) > 1 else "mono"
    # Without bitexact the Ogg serial number and the encoder tags differ from run to run.
    options = {"fflags": "+bitexact"}
    with av.open(str(path), "w", format=form.container, options=options) as container:
        stream = container.add_stream(encoder, rate=form.rate, layout=layout)
        if not isinstance(stream, av.AudioStream):
            raise TypeError(f"{encoder} is no audio encoder")
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        if form.bit_rate is not None:
            stream.bit_rate = form.bit_rate
        whole = np.ascontiguousarray((tracks.T * 32767).astype(np.int16).reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout=layout)
        frame.sample_rate = form.rate
        frame.pts = 0
        for packet in stream.encode(frame):
            container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
