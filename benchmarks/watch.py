"""Watching: from what lands to the alert, and how many chat lines a second it keeps up with.

Cases:
    call: finished calls of three minutes, two tracks of speech with six seconds of silence in the
        middle, are renamed into the inbox one by one; a rule of severity ``critical`` finds the
        silence. Without words from the recording.
    call_words: the same with the packaged checkpoint, and a rule on what the customer says in a
        transcript that only recognition gives. Not in ``--quick``.
    chat_lines: 1 000 lines a second, paced by the clock and written by another process, of 5 000
        chats side by side, for ten minutes (``--quick``: 500 chats, 20 s); every fiftieth chat
        holds a threat. Chats end after 20 lines and are kept and inspected with all shipped
        Mandarin packs.

Engines: ``ours`` (``pipelines.watching``, with a webhook on this machine as the channel);
``tail_regex``, one regular expression over the lines that were added, as people write it by hand
(swatchdog, https://sourceforge.net/projects/swatch): no chats, nothing kept, nothing sent.

Metrics: ``median_s``, ``p95_s``: from landing (the rename; the line's own time) until the alert is
stored; ``told_p95_s`` until the webhook had it; ``lines_per_s`` over the whole run; ``behind_s``:
how old the oldest unread line was at worst, and ``end_behind_s`` in the last look; ``cores``: CPU
seconds per second; ``found``: share of threats told; ``kept``: chats kept.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import soundfile

from benchmarks._report import Figures, options, show
from pipelines.settings import Settings, load
from pipelines.watching.watch import Watch
from samples.voices import Voice, speak
from warehouse.read import known_ids
from warehouse.read_alerts import standing_alerts
from warehouse.store import open_warehouse

RATE = 8_000
CALL_S = 180
SILENCE_S = 6
LINES_PER_CHAT = 20
PER_SECOND = 1_000
STEP_S = 0.05
EVERY_S = 1.0
GIVE_UP_S = 120.0
THREAT = "再不解决我就去消费者协会投诉你们"
SETTINGS = """
[rules]
packs = [{packs}]
[speech]
weights = "{weights}"
[alerts]
spikes = "off"
hourly_cap = 1000
cooldown_minutes = 0
[[alerts.channels]]
name = "hook"
kind = "webhook"
address = "TINGJIAN_BENCHMARK_HOOK"
level = "minor"
"""
RULES = """
rules:
  - id: long-silence
    version: 1
    title: {zh: 长时间静默, en: Long silence}
    severity: critical
    find:
      silence: {min_s: 5}
  - id: threat
    version: 1
    title: {zh: 要投诉, en: Threatens}
    severity: critical
    find:
      phrase: {party: customer, any: [投诉]}
"""
PACKS = '"service_zh", "complaints_zh", "promises_zh", "sales_zh", "privacy_zh"'
SMALL_TALK = (
    "您好请问有什么可以帮您", "我想问一下我的订单", "好的请您稍等", "请问什么时候发货",
    "我帮您查询一下", "还没有收到退款", "这个型号有货吗", "预计三天之内送达", "谢谢", "不客气",
)  # fmt: skip


class Hook:
    """A webhook that notes when it was told of each alert."""

    def __init__(self) -> None:
        self.told: dict[str, float] = {}

    def note(self, body: bytes) -> None:
        """Note what a message tells."""
        for one in json.loads(body)["alerts"]:
            self.told.setdefault(one["about"], time.time())


@contextmanager
def hooked() -> Iterator[Hook]:
    """Serve a webhook while the ``with`` block runs."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hook.note(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        os.environ["TINGJIAN_BENCHMARK_HOOK"] = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield hook
        server.shutdown()


def centre(folder: Path, *, packs: str = "", weights: str = "none") -> Settings:
    """Make a centre."""
    for name in ("inbox", "rules"):
        (folder / name).mkdir(parents=True)
    (folder / "tingjian.toml").write_text(SETTINGS.format(packs=packs, weights=weights), "utf-8")
    (folder / "rules" / "own.yaml").write_text(RULES, "utf-8")
    return load(folder)


def calls(*, number: int, weights: str) -> dict[str, float]:
    """Return how long it takes from a finished call's landing to its alert."""
    landed: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, hooked() as hook:
        settings = centre(Path(folder) / "centre", weights=weights)
        watch = Watch(settings)
        watch.look()
        for one in range(number):
            path = settings.inbox / f"call-{one}.wav"
            write_call(path.with_name(f"{path.name}.part"), seed=one)
            began = (datetime.now(UTC) - timedelta(seconds=CALL_S)).isoformat()
            about = {"id": f"call-{one}", "queue": "热线", "started_at": began}
            path.with_suffix(".meta.json").write_text(json.dumps(about), "utf-8")
            watch.look()
            path.with_name(f"{path.name}.part").rename(path)
            name, at = f"call-{one}", time.time()
            landed[name] = at
            while name not in hook.told and time.time() < at + GIVE_UP_S:
                watch.look()
                time.sleep(0 if name in hook.told else EVERY_S)
        return _latencies(settings, landed, hook)


def write_call(path: Path, *, seed: int) -> None:
    """Write three minutes of two voices in turn, with silence in the middle."""
    voices = [Voice("cmn", "f2", 160 + seed, 50, 50), Voice("cmn", "m3", 150 + seed, 40, 50)]
    said = [speak(voice, text) for voice, text in zip(voices, (SMALL_TALK[0], THREAT), strict=True)]
    step = said[0].sample_rate // RATE or 1
    turns = [one.samples[::step].astype(np.float32) for one in said]
    tracks = np.zeros((CALL_S * RATE, 2), np.float32)
    at, turn = 0, 0
    middle, is_past = CALL_S * RATE // 2, False
    while at + len(turns[turn % 2]) < len(tracks):
        sound = turns[turn % 2]
        if not is_past and at + len(sound) > middle:
            at, is_past = middle + SILENCE_S * RATE, True
        tracks[at : at + len(sound), turn % 2] = sound
        at += len(sound) + RATE // 4
        turn += 1
    soundfile.write(path, tracks, RATE, subtype="PCM_16", format="WAV")


def _latencies(settings: Settings, landed: dict[str, float], hook: Hook) -> dict[str, float]:
    with open_warehouse(settings.warehouse) as warehouse:
        raised = {one.about: one.raised_at.timestamp() for one in standing_alerts(warehouse)}
    stored = [raised[name] - at for name, at in landed.items() if name in raised]
    told = [hook.told[name] - at for name, at in landed.items() if name in hook.told]
    return {
        "median_s": round(float(np.median(stored)), 2),
        "p95_s": round(float(np.percentile(stored, 95)), 2),
        "told_p95_s": round(float(np.percentile(told, 95)), 2),
        "found": len(told) / len(landed),
    }


def chat_line(number: int, running: int) -> tuple[str, str, bool]:
    """Return the chat, the text and whether it is the chat's last, of the n-th line of all."""
    generation, within = divmod(number, running * LINES_PER_CHAT)
    turn, chat = divmod(within, running)
    is_threat = turn == LINES_PER_CHAT // 2 + 1 and chat % 50 == 0
    text = THREAT if is_threat else f"{SMALL_TALK[turn % len(SMALL_TALK)]} {number}"
    return f"g{generation}-{chat}", text, turn == LINES_PER_CHAT - 1


def write_lines(path: str, seconds: float, running: int, threats: str) -> None:
    """Write lines at an even pace; another process's work."""
    told: dict[str, float] = {}
    began, number = time.time(), 0
    with Path(path).open("a", encoding="utf-8") as file:
        while (now := time.time()) < began + seconds:
            lines = []
            while number < (now - began) * PER_SECOND:
                chat, text, is_last = chat_line(number, running)
                role = "customer" if number // running % 2 else "agent"
                at = datetime.fromtimestamp(now, UTC).isoformat()
                line = {
                    "conversation": chat,
                    "role": role,
                    "text": text,
                    "time": at,
                    "queue": "在线",
                }
                lines.append(json.dumps({**line, **({"ended": True} if is_last else {})}))
                if text == THREAT:
                    told[chat] = now
                number += 1
            file.write("".join(f"{one}\n" for one in lines))
            file.flush()
            time.sleep(STEP_S)
    Path(threats).write_text(json.dumps({"lines": number, "threats": told}), "utf-8")


def chat_lines(*, seconds: float, running: int) -> dict[str, dict[str, float]]:
    """Return whether the watch keeps up with the lines, and what it finds in them."""
    with tempfile.TemporaryDirectory() as folder, hooked() as hook:
        settings = centre(Path(folder) / "centre", packs=PACKS)
        path, written = settings.inbox / "now.jsonl", Path(folder) / "threats.json"
        watch = Watch(settings)
        watch.look()
        writer = multiprocessing.get_context("spawn").Process(
            target=write_lines, args=(str(path), seconds, running, str(written))
        )
        writer.start()
        while not path.exists():
            time.sleep(STEP_S)
        began, cpu = time.monotonic(), time.process_time()
        behind: list[float] = []
        read, lines, spent, wall = 0, 1, 0.0, 1.0
        while writer.is_alive() or lines:
            looked = time.monotonic()
            lines = watch.look().lines
            read += lines
            behind.append(time.monotonic() - looked + EVERY_S)
            if lines:
                spent, wall = time.process_time() - cpu, time.monotonic() - began
            time.sleep(EVERY_S)
        truth = json.loads(written.read_text("utf-8"))
        figures = _latencies(settings, truth["threats"], hook)
        with open_warehouse(settings.warehouse) as warehouse:
            kept = len(known_ids(warehouse))
        ours = {
            **figures,
            "lines_per_s": round(read / wall),
            "behind_s": round(max(behind), 2),
            "end_behind_s": round(behind[-1], 2),
            "cores": round(spent / wall, 2),
            "kept": float(kept),
        }
        return {"ours": ours, "tail_regex": tail_regex(path, truth["threats"])}


def tail_regex(path: Path, threats: dict[str, float]) -> dict[str, float]:
    """Return what one regular expression over the lines costs and finds."""
    sought = re.compile("投诉")
    cpu = time.process_time()
    lines, found = 0, set()
    with path.open(encoding="utf-8") as file:
        for raw in file:
            lines += 1
            line = json.loads(raw)
            if line["role"] == "customer" and sought.search(line["text"]):
                found.add(line["conversation"])
    spent = time.process_time() - cpu
    return {
        "cores": round(spent / lines * PER_SECOND, 3),
        "found": len(found & threats.keys()) / max(1, len(threats)),
    }


def run(*, quick: bool) -> Figures:
    """Return ``{case: {engine: {metric: value}}}``."""
    figures: Figures = {"call": {"ours": calls(number=3 if quick else 20, weights="none")}}
    if not quick:
        figures["call_words"] = {"ours": calls(number=5, weights="packaged")}
    figures["chat_lines"] = (
        chat_lines(seconds=20, running=500) if quick else chat_lines(seconds=600, running=5_000)
    )
    return figures


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="three calls and 20 s of lines, under a minute").parse_args()
    columns = {"median_s": ".2f", "p95_s": ".2f", "told_p95_s": ".2f", "lines_per_s": ".0f"}
    columns |= {"behind_s": ".2f", "end_behind_s": ".2f", "cores": ".3f", "found": ".3f"}
    figures = run(quick=chosen.quick)
    show(figures, columns | {"kept": ".0f"}, title="Watching", as_json=chosen.json)


if __name__ == "__main__":
    main()
