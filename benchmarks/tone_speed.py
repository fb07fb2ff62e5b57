"""What the tone of an hour costs: core-seconds and memory, from the file to every measure.

Cases:
    minutes_5, minutes_15, minutes_60: two-track calls of that length in G.711, laid from calls of
        the sample centre. ``core_s``: CPU seconds of all threads for reading, checks, speech
        regions, edges, leaks, contours and all measures and voice detectors; ``core_s_per_hour``
        the same for an hour of call; ``peak_mib`` the process's highest memory less what it had
        before; ``bytes_per_s`` that per second of call.
    minutes_180: a three-hour call, for its memory.

Engines: ``ours``, each case in a process of its own; ``praat``, the pitch and intensity of the same
tracks alone (parselmouth, GPL: a peer only).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soundfile

from asr.waveform import read
from benchmarks._report import Figures, options, show

RATE = 8_000
_LENGTHS = (5, 15, 60)
_QUICK = (2, 4)
_LONGEST = 180


def long_call(path: Path, minutes: int) -> None:
    """Write a call of ``minutes``: a call of the sample centre, said again and again."""
    from benchmarks._events import calls  # noqa: PLC0415 - not in the process that is measured

    parts = [one.heard.waveform.whole() for one in calls(3)]
    whole = np.concatenate(parts, axis=1)
    length = minutes * 60 * RATE
    with soundfile.SoundFile(path, "w", RATE, 2, subtype="ULAW") as file:
        for _ in range(length // whole.shape[1]):
            file.write(whole.T)
        file.write(whole[:, : length % whole.shape[1]].T)


def measured(path: Path) -> dict[str, float]:
    """Listen to a file and take every measure; return what it cost this process."""
    from asr import hearing  # noqa: PLC0415 - what importing takes is not the call's
    from benchmarks._tone_measures import tone_measures  # noqa: PLC0415
    from interactions.sound import Party  # noqa: PLC0415

    before_mib = _peak_mib()
    begun = time.process_time()
    heard = hearing.listen(
        [path], tracks=(Party.AGENT, Party.CUSTOMER), item=path.name, longest_ms=5 * 3_600_000
    )
    tone_measures(heard)
    core_s = time.process_time() - begun
    peak_mib = _peak_mib() - before_mib
    seconds = heard.recording.duration_ms / 1000
    return {
        "core_s": round(core_s, 2),
        "core_s_per_hour": round(core_s * 3600 / seconds, 2),
        "peak_mib": round(peak_mib, 1),
        "bytes_per_s": round(peak_mib * 2**20 / seconds),
    }


def _peak_mib() -> float:
    """Return this process's highest memory (Linux: ``getrusage`` tells the parent's as well)."""
    status = Path("/proc/self/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def praat(path: Path) -> dict[str, float]:
    """Return what Praat's pitch and intensity of the same tracks cost."""
    import parselmouth  # noqa: PLC0415 - a peer that may be absent

    waveform = read([path], item=path.name)
    begun = time.process_time()
    for track in waveform.whole():
        sound = parselmouth.Sound(track.astype(np.float64), RATE)
        sound.to_pitch_ac(time_step=0.02, pitch_floor=60.0, pitch_ceiling=600.0)
        sound.to_intensity()
    core_s = time.process_time() - begun
    per_hour = core_s * 3_600_000 / waveform.duration_ms
    return {"core_s": round(core_s, 2), "core_s_per_hour": round(per_hour, 2)}


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and why engines are left out."""
    lengths = _QUICK if quick else (*_LENGTHS, _LONGEST)
    has_peer = find_spec("parselmouth") is not None
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as name:
        for minutes in lengths:
            path = Path(name) / f"{minutes}.wav"
            long_call(path, minutes)
            figures[f"minutes_{minutes}"] = {"ours": _apart(path)}
            if has_peer and minutes != _LONGEST:
                figures[f"minutes_{minutes}"]["praat"] = praat(path)
            path.unlink()
    return figures, [] if has_peer else ["praat: praat-parselmouth is not installed; left out"]


def _apart(path: Path) -> dict[str, float]:
    """Measure in a process of its own, so that its memory is the call's alone."""
    command = [sys.executable, "-m", "benchmarks.tone_speed", "--file", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    parser = options(__doc__, quick="calls of 2 and 4 minutes")
    parser.add_argument("--file", type=Path, help="measure this recording in this process")
    chosen = parser.parse_args()
    if chosen.file is not None:
        print(json.dumps(measured(chosen.file)))
        return
    figures, absent = run(quick=chosen.quick)
    columns = {"core_s": ".1f", "core_s_per_hour": ".1f", "peak_mib": ".0f", "bytes_per_s": ".0f"}
    show(figures, columns, title="Tone: cost", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
