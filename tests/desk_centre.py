"""A centre for the tests of the console: calls with real sound and timed words, chats, people."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import soundfile
import uvicorn

from asr.contour import contours
from asr.waveform import Waveform
from console.web.app import application
from console.web.passwords import hashed
from detectors.inspection import inspect
from interactions.interaction import Channel, Interaction, Language, Utterance, Word
from interactions.sound import Party, Quality, Recording, Span, TrackQuality
from pipelines import scoring, triage
from pipelines.desk import Desk, open_desk
from pipelines.inspection import plan_of
from pipelines.keeping import keep
from pipelines.settings import Settings, load
from warehouse.rows import (
    SetAside,
    inspection_tables,
    interaction_tables,
    said_tables,
    set_aside_tables,
)
from warehouse.said import Account
from warehouse.spool import Spool

PASSWORD = "correct horse"  # noqa: S105 - of tests
TOML = """
[centre]
name = "示例中心"
language = "{language}"
[rules]
packs = ["service_zh", "complaints_zh", "conversation"]
[scores]
sheets = ["service_zh"]
[night]
control_share = 0.1
"""
RATE = 8_000
START = datetime(2026, 3, 30, 1, 0, tzinfo=UTC)
TALK = (
    (Party.AGENT, "您好很高兴为您服务请问有什么可以帮您"),
    (Party.CUSTOMER, "我上周买的除湿机到现在还没有发货"),
    (Party.AGENT, "请您稍等我帮您查一下订单"),
    (Party.CUSTOMER, "再不处理我要投诉你们到消费者协会"),
    (Party.AGENT, "我的手机号是13800138000您可以直接打给我"),
    (Party.CUSTOMER, "那你们什么时候给我退款"),
    (Party.AGENT, "这个不归我管你自己去问物流"),
    (Party.CUSTOMER, "你这是什么态度"),
)
SAID = (
    "我要投诉你们", "请问怎么开发票", "退款一直没有到账", "快递还没有到", "谢谢你帮我解决了问题",
    "<script>alert(1)</script> 你好", "再不退款我就去12315投诉", "I want my refund now",
)  # fmt: skip
ODD_NAME = '"><svg onload=alert(3)>'  # a file may be called so
PEOPLE = (
    ("rui", "李锐", ("reviewer",), None),
    ("min", "陈敏", ("reviewer",), None),
    ("lead", "王芳", ("lead",), None),
    ("tutor", "赵老师", ("trainer",), None),
    ("a1", "坐席一", ("agent",), "A1"),
    ("a2", "坐席二", ("agent",), "A2"),
    ("root", "管理员", ("admin",), None),
)


def call(folder: Path, number: int) -> Interaction:
    """A stereo call: each line is a tone of its party's pitch, each character has its time."""
    name = f"calls/call-{number}.wav"
    utterances, spans, at = [], {Party.AGENT: [], Party.CUSTOMER: []}, 600
    for seq, (party, text) in enumerate(TALK):
        words = tuple(Word(at + 200 * n, at + 200 * (n + 1), c, 0.9) for n, c in enumerate(text))
        end = words[-1].end_ms
        sure = 0.3 if seq == 7 else 0.9
        utterances.append(Utterance(seq, party, at, end, text, words, sure))
        spans[party].append(Span(at, end))
        at = end + (4_000 if seq == 2 else 500)
    samples = np.zeros((2, (at + 1_000) * RATE // 1000), np.float32)
    time_s = np.arange(samples.shape[1]) / RATE
    for track, (party, hz) in enumerate(((Party.AGENT, 140 + number), (Party.CUSTOMER, 220))):
        for span in spans[party]:
            a, b = span.start_ms * RATE // 1000, span.end_ms * RATE // 1000
            tone = np.sin(2 * np.pi * hz * time_s[a:b]) + 0.5 * np.sin(4 * np.pi * hz * time_s[a:b])
            samples[track, a:b] = 0.2 * tone * (0.6 + 0.4 * np.sin(2 * np.pi * 2 * time_s[a:b]))
    (folder / "inbox" / "calls").mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / "inbox" / name, samples.T, RATE, subtype="ULAW")
    regions = tuple(tuple(one) for one in spans.values())
    drawn = contours(Waveform(samples, RATE, "pcm_mulaw", RATE), regions)
    track = TrackQuality(-8.0, 0.0, 40.0, is_dead=False)
    return Interaction(
        interaction_id=f"call-{number}", channel=Channel.VOICE,
        started_at=START + timedelta(hours=number), duration_ms=at + 1_000, source=name,
        content_hash=f"{number:064x}", language=Language.ZH, agent=f"A{1 + number % 2}",
        team="北区" if number % 2 else "外包", queue="售后", customer="C1", product="除湿机",
        utterances=tuple(utterances),
        recording=Recording(
            recording_id=f"{number:064x}", files=(Path(name),), duration_ms=at + 1_000,
            sample_rate=RATE, codec="pcm_mulaw", tracks=(Party.AGENT, Party.CUSTOMER),
            quality=Quality((track, track), False, 0.01),
        ),
        speech={party: tuple(one) for party, one in spans.items()},
        contours=dict(zip(spans, drawn, strict=True)),
        transcriber="whisper-tiny@0", trust=0.9, role_confidence=0.95,
    )  # fmt: skip


def chat(number: int) -> Interaction:
    """A chat of three messages."""
    said = (
        (Party.AGENT, "您好，请问有什么可以帮您"),
        (Party.CUSTOMER, SAID[number % len(SAID)]),
        (Party.AGENT, "好的，我为您登记"),
    )
    return Interaction(
        interaction_id=f"chat-{number}", channel=Channel.CHAT,
        started_at=START + timedelta(minutes=17 * number), duration_ms=60_000,
        source=f"{ODD_NAME if number == 7 else 'chats'}.jsonl#{number}",
        content_hash=f"{10**6 + number:064x}",
        language=Language.ZH, agent=f"A{1 + number % 3}", team="北区" if number % 3 else "外包",
        queue="在线", customer=f"C{number % 9}", product="除湿机" if number % 2 else None,
        utterances=tuple(
            Utterance(seq, party, 20_000 * seq, 20_000 * seq, text)
            for seq, (party, text) in enumerate(said)
        ),
        transcriber="written",
    )  # fmt: skip


def account(name: str, shown: str, roles: tuple[str, ...], agent: str | None) -> Account:
    """An account with the password of all of them."""
    return Account(
        person_id=name, name=shown, roles=roles, agent=agent, password_hash=hashes(),
        is_active=True, quota=20, language="", said_by="root", said_at=START,
    )  # fmt: skip


_HASHES: list[str] = []


def hashes() -> str:
    """One hash for all: it takes a fifth of a second."""
    if not _HASHES:
        _HASHES.append(hashed(PASSWORD))
    return _HASHES[0]


def fill(settings: Settings, *, calls: int = 2, chats: int = 60) -> None:
    """Write what a night would leave in the spool, and the people."""
    spool = Spool(settings.spool)
    made = [call(settings.folder, n) for n in range(calls)] + [chat(n) for n in range(chats)]
    plan = plan_of(settings)
    spool.write("texts", "made", interaction_tables(made))
    found = [inspect(one, plan) for one in made]
    spool.write("inspections", "made", inspection_tables(found, rules=plan.rules))
    aside = SetAside(f"calls/{ODD_NAME}.wav", "empty_file", {}, None)
    spool.write("set-aside", "made", set_aside_tables([aside]))
    spool.write("said", "people", said_tables([account(*one) for one in PEOPLE]))
    keep(settings)
    scoring.score_kept(settings)
    keep(settings)
    triage.rank_kept(settings)


def make(folder: Path, *, language: str = "zh", calls: int = 2, chats: int = 60) -> Settings:
    """Make a centre and return its settings."""
    folder.mkdir(parents=True)
    (folder / "tingjian.toml").write_text(TOML.format(language=language), "utf-8")
    for name in ("inbox", "rules"):
        (folder / name).mkdir()
    settings = load(folder)
    fill(settings, calls=calls, chats=chats)
    return settings


@dataclass
class Served:
    """A console that answers on a port of this machine."""

    desk: Desk
    address: str


@contextmanager
def served(settings: Settings) -> Iterator[Served]:
    """Serve a centre while the ``with`` block runs."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    with open_desk(settings) as desk:
        server = uvicorn.Server(
            uvicorn.Config(application(desk), log_level="warning", lifespan="off", ws="none")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Served(desk, f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()
            listening.close()
