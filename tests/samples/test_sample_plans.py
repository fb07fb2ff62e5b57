from __future__ import annotations

from datetime import date

import typer
from typer.testing import CliRunner

from interactions.interaction import Word
from interactions.metadata import read_sidecar
from interactions.sound import Party
from interactions.vendors.catalogue import read_transcript
from samples.__main__ import main
from samples.calls import TranscriptKind, plan_calls
from samples.centre import LAST_DAY
from samples.chats import contacts_of
from samples.inbox import write_beside
from samples.layout import Layout, Spoken
from samples.recorder import Recorded
from samples.script import Line
from samples.waves import WAVES


def test_other_seed_other_centre():
    one, other = (plan_calls(seed, 4, LAST_DAY) for seed in (1, 2))
    assert [p.contact.lines for p in one] != [p.contact.lines for p in other]


def test_sidecar_stands_in_for_the_manifest(tmp_path):
    plan = next(plan for plan in plan_calls(1, 20, LAST_DAY) if plan.sidecar)
    call = Recorded(plan, (f"{plan.stem}.wav",), Layout((), (), 1), {}, {})
    (name,) = write_beside(tmp_path, call)
    about = read_sidecar(tmp_path / name)
    assert about.interaction_id == plan.contact.interaction_id
    assert about.started_at == plan.contact.started_at
    assert about.customer == plan.contact.customer.customer_id


def test_amazon_transcripts_are_read_as_such(tmp_path):
    plan = next(p for p in plan_calls(1, 8, LAST_DAY) if p.transcript is TranscriptKind.AMAZON)
    line = Line(party=Party.CUSTOMER, text="报E6，好。")
    words = tuple(Word(100 * n, 100 * n + 90, text) for n, text in enumerate("报E6好"))
    layout = Layout((Spoken(line, 0, 400, words),), (), 1_000)
    write_beside(tmp_path, Recorded(plan, ("x.wav",), layout, {}, {}))
    (path,) = (tmp_path / "transcripts").iterdir()
    transcript = read_transcript(path, item="x")
    assert (transcript.transcriber, transcript.duration_ms) == ("amazon-transcribe", 1_000)
    (utterance,) = transcript.utterances
    assert (utterance.party, utterance.text) == (Party.CUSTOMER, "报E6，好。")
    assert [(w.start_ms, w.end_ms) for w in utterance.words] == [
        (w.start_ms, w.end_ms) for w in words
    ]


def test_days_have_the_weekday_pattern():
    def chats(day):
        return sum(1 for c in contacts_of(5, day, LAST_DAY) if c.channel == "chat")

    mondays = [chats(date(2026, 2, day)) for day in (2, 9, 16)]
    sundays = [chats(date(2026, 2, day)) for day in (1, 8, 15)]
    assert min(mondays) > max(sundays)


def test_waves_count_back_from_the_last_day():
    wave = WAVES[0]
    assert wave.on(LAST_DAY, LAST_DAY) == wave.extra[-1]
    assert wave.on(wave.since(LAST_DAY), LAST_DAY) == wave.extra[0]
    assert wave.since(LAST_DAY) == date(2026, 3, 26)


def test_command_leaves_a_foreign_inbox_alone_and_says_so(tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "real.wav").write_bytes(b"RIFF")
    app = typer.Typer()
    app.command()(main)
    result = CliRunner().invoke(app, [str(tmp_path), "--calls", "1", "--days", "1"])
    assert result.exit_code == 2
    assert "give another folder" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["inbox"]
