"""A small centre made once: what lies in it is what its truth says."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import datetime
from itertools import pairwise

import av
import numpy as np
import pytest
import soundfile

from interactions.chat import read_chats
from interactions.metadata import read_manifest
from interactions.problems import Unreadable
from interactions.vendors.catalogue import read_transcript
from samples.calls import plan_calls
from samples.centre import LAST_DAY, Size, make

SMALL = Size(seed=3, calls=4, days=6)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("centre")
    return folder, make(folder, SMALL)


@pytest.fixture(scope="module")
def calls(made):
    folder, _ = made
    paths = sorted((folder / "truth").glob("call-*.json"))
    return [json.loads(path.read_text("utf-8")) for path in paths]


@pytest.fixture(scope="module")
def texts(made):
    folder, _ = made
    lines = (folder / "truth" / "chats.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _sound(folder, call):
    """Each party's track at 8 kHz."""
    tracks = []
    for name in (f for f in call["files"] if not f.endswith(".json")):
        with av.open(str(folder / "inbox" / name)) as container:
            stream = container.streams.audio[0]
            resampler = av.AudioResampler("fltp", stream.layout.name, 8_000)
            frames = [f for frame in container.decode(stream) for f in resampler.resample(frame)]
            frames += resampler.resample(None)
        tracks.extend(np.concatenate([f.to_ndarray() for f in frames], axis=1))
    return dict(zip(call["tracks"], tracks, strict=False))


def _level_db(track, start_ms, end_ms):
    part = track[start_ms * 8 : end_ms * 8]
    return 10 * np.log10(np.mean(part.astype(np.float64) ** 2) + 1e-12)


def _hashes(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def _ordinary(calls):
    return [call for call in calls if call["oddity"] == "none"]


def test_same_size_same_bytes_over_another_sample(made, tmp_path):
    stale = [tmp_path / "inbox" / "chats" / "old.jsonl", tmp_path / "truth" / "centre.json"]
    for path in stale:
        path.parent.mkdir(parents=True)
        path.write_text("{}", "utf-8")
    make(tmp_path, SMALL)
    assert _hashes(tmp_path) == _hashes(made[0])


def test_an_inbox_that_is_no_sample_is_left_alone(tmp_path):
    (tmp_path / "inbox").mkdir()
    kept = tmp_path / "inbox" / "real.wav"
    kept.write_bytes(b"RIFF")
    with pytest.raises(FileExistsError, match="no sample"):
        make(tmp_path, SMALL)
    assert kept.read_bytes() == b"RIFF"


def test_speech_is_where_the_truth_says_and_nowhere_else(made, calls):
    for call in _ordinary(calls):
        sides = _sound(made[0], call)
        for party, track in sides.items():
            own = [u for u in call["utterances"] if u["party"] == party]
            assert len(track) / 8 == pytest.approx(call["duration_ms"], abs=120)
            busy = np.zeros(len(track) // 8 + 1, dtype=bool)
            others = [e for e in call["events"] if e["kind"] in ("hold_music", "ring_back")]
            for span in (*own, *others):
                busy[max(span["start_ms"] - 80, 0) : span["end_ms"] + 80] = True
            idle = np.flatnonzero(~busy[: len(track) // 8])
            quiet = np.concatenate([track[ms * 8 : ms * 8 + 8] for ms in idle])
            floor_db = 10 * np.log10(np.mean(quiet.astype(np.float64) ** 2) + 1e-12)
            assert floor_db == pytest.approx(call["noise_db"][party], abs=4)
            for utterance in own:
                level_db = _level_db(track, utterance["start_ms"], utterance["end_ms"])
                assert level_db > floor_db + 12, (call["interaction_id"], utterance["text"])


def test_utterances_and_words_are_in_order(calls):
    for call in calls:
        starts = [u["start_ms"] for u in call["utterances"]]
        assert starts == sorted(starts)
        assert [u["seq"] for u in call["utterances"]] == list(range(len(starts)))
        for utterance in call["utterances"]:
            words = utterance["words"]
            assert words
            assert utterance["start_ms"] <= words[0]["start_ms"]
            assert words[-1]["end_ms"] <= utterance["end_ms"] <= call["duration_ms"]
            assert all(a["end_ms"] <= b["start_ms"] for a, b in pairwise(words))
            spoken = "".join(word["text"] for word in words)
            assert spoken == "".join(c for c in utterance["text"] if c.isalnum() or c in "'-")


def test_planted_events_can_be_measured(made, calls):
    kinds = Counter()
    for call in _ordinary(calls):
        sides = _sound(made[0], call)
        for event in call["events"]:
            kinds[event["kind"]] += 1
            start_ms, end_ms = event["start_ms"], event["end_ms"]
            if event["kind"] == "silence":
                assert end_ms - start_ms >= 8_000
                inside = [
                    u
                    for u in call["utterances"]
                    if u["start_ms"] < end_ms and start_ms < u["end_ms"]
                ]
                assert not inside
            elif event["kind"] == "talk_over":
                assert end_ms - start_ms >= 1_000
                for party in ("agent", "customer"):
                    assert _level_db(sides[party], start_ms, end_ms) > -40
            elif event["kind"] == "raised_voice":
                party = event["party"]
                loud_db = _level_db(sides[party], start_ms, end_ms)
                assert loud_db > call["speech_db"][party] + 4
            elif event["kind"] == "hold_music":
                assert _level_db(sides["agent"], start_ms, end_ms) > -34
    assert {"silence", "talk_over", "raised_voice", "hold_music"} <= set(kinds)


def test_odd_recordings_are_odd(made, calls):
    odd = {call["oddity"]: _sound(made[0], call) for call in calls if call["oddity"] != "none"}
    assert set(odd) == {"identical_tracks", "mono", "dead_customer"}
    one, other = odd["identical_tracks"].values()
    assert np.array_equal(one, other)
    assert len(odd["mono"]) == 1
    assert np.ptp(odd["dead_customer"]["customer"]) == 0


def test_broken_files_are_broken_as_said(made):
    folder, _ = made
    inbox = folder / "inbox"
    broken = json.loads((folder / "truth" / "broken.json").read_text("utf-8"))
    kinds = {entry["kind"]: inbox / entry["item"] for entry in broken}
    assert kinds["empty"].stat().st_size == 0
    assert kinds["text"].read_text("utf-8").startswith("<html>")
    assert soundfile.info(kinds["too_short"]).duration == pytest.approx(0.1)
    cut = kinds["truncated"].read_bytes()
    assert int.from_bytes(cut[4:8], "little") + 8 > len(cut) * 2
    twins = [p for p in (inbox / "calls").iterdir() if p.is_file()]
    same = [p.name for p in twins if p.read_bytes() == kinds["duplicate"].read_bytes()]
    assert len(same) == 2
    assert not kinds["missing"].exists()


def test_manifest_knows_every_recording_but_the_stray_one(made, calls):
    folder, _ = made
    manifest = read_manifest(folder / "inbox" / "calls" / "manifest.csv")
    assert manifest.problems == ()
    named = {name for row in manifest.rows for name in row.files}
    recordings = {
        path.name
        for path in (folder / "inbox" / "calls").iterdir()
        if path.suffix not in (".csv", ".json") and path.is_file()
    }
    assert recordings - named == {"broken_06_stray.wav"}
    assert named - recordings == {"broken_07_gone.wav"}
    by_id = {row.interaction_id: row for row in manifest.rows}
    assert len(by_id) == len(manifest.rows)
    for call in calls:
        row = by_id[call["interaction_id"]]
        assert row.started_at is not None
        assert row.started_at.isoformat()[:10] == "2026-03-31"
        assert [str(party) for party in row.tracks] == call["tracks"]
        assert (row.agent, row.team) == (call["agent"], call["team"])
        assert (row.customer, row.queue) == (call["customer"], call["queue"])
        assert row.attributes["region"] == call["attributes"]["region"]
        if row.transcript is not None:
            assert (folder / "inbox" / "calls" / row.transcript).is_file()
    assert any(row.transcript for row in manifest.rows)


def test_every_text_of_the_truth_is_read_from_its_file(made, texts):
    folder, summary = made
    found = Counter(text["channel"] for text in texts)
    assert found == {"chat": summary.chats, "email": summary.mail, "ticket": summary.tickets}
    read = {}
    paths = sorted((folder / "inbox" / "chats").iterdir())
    assert {path.suffix for path in paths} == {".jsonl", ".csv", ".xlsx"}
    for path in paths:
        for interaction in read_chats(path, item=f"chats/{path.name}"):
            assert not isinstance(interaction, Unreadable), str(interaction)
            read[interaction.interaction_id] = interaction
    assert set(read) == {text["interaction_id"] for text in texts}
    for text in texts:
        interaction = read[text["interaction_id"]]
        assert interaction.source == text["item"]
        assert interaction.started_at == datetime.fromisoformat(text["started_at"])
        for name in ("channel", "agent", "team", "queue", "customer", "product", "language"):
            assert getattr(interaction, name) == text[name]
        assert interaction.attributes["region"] == text["attributes"]["region"]
        said = [(str(u.party), u.start_ms) for u in interaction.utterances]
        assert said == [(u["party"], u["start_ms"]) for u in text["utterances"]]
        for utterance, true in zip(interaction.utterances, text["utterances"], strict=True):
            assert utterance.text.endswith(true["text"])


def test_transcripts_made_elsewhere_say_what_was_said(made, calls):
    beside = [(call, f) for call in calls for f in call["files"] if "transcripts/" in f]
    assert len(beside) == 2
    paths = [(call, made[0] / "inbox" / name) for call, name in beside]
    for call, path in paths:
        transcript = read_transcript(path, item=path.name)
        assert transcript.duration_ms == call["duration_ms"]
        assert transcript.language == call["language"]
        said = [(str(u.party), u.start_ms, u.end_ms, u.text) for u in transcript.utterances]
        true = [(u["party"], u["start_ms"], u["end_ms"], u["text"]) for u in call["utterances"]]
        assert said == true
        assert all(u.words for u in transcript.utterances)


def test_labels_point_at_what_is_said(calls, texts):
    said = {"forbidden_words": "agent", "regulator_threat": "customer", "churn_threat": "customer"}
    seen = Counter()
    for interaction in (*calls, *texts):
        for label in interaction["labels"]:
            seen[label["label"]] += 1
            if label["seq"] is None:
                assert label["label"] in ("missing_greeting", "missing_closing")
                continue
            utterance = interaction["utterances"][label["seq"]]
            assert utterance["party"] == said.get(label["label"], utterance["party"])
            if label["label"] == "slow_reply":
                assert label["end_ms"] - label["start_ms"] >= 240_000
    assert {"forbidden_words", "regulator_threat", "slow_reply", "missing_greeting"} <= set(seen)


def test_spikes_are_planted_on_top(made, texts):
    folder, _ = made
    planted = json.loads((folder / "truth" / "spikes.json").read_text("utf-8"))
    assert {wave["kind"] for wave in planted} == {"spike", "trap"}
    firmware = next(wave for wave in planted if wave["name"] == "firmware_e6")
    for day, extra in firmware["extra_contacts"].items():
        about = [
            text
            for text in texts
            if text["scenario"] == "ac_e6" and text["started_at"].startswith(day)
        ]
        there = [text for text in about if text["attributes"]["region"] == "广东"]
        assert len(there) >= extra
        assert len({text["customer"] for text in there}) > 0.9 * len(there)
    trap = next(wave for wave in planted if wave["name"] == "two_customers_filter")
    last = Counter(
        text["customer"]
        for text in texts
        if text["scenario"] == "filter_smell" and text["started_at"].startswith("2026-03-31")
    )
    assert (
        sum(last[customer] for customer in trap["customers"])
        == trap["extra_contacts"]["2026-03-31"]
    )
    assert sum(last.values()) - sum(last[customer] for customer in trap["customers"]) < 10


def test_callers_wrote_the_day_before(texts):
    callers = {
        plan.contact.customer.customer_id
        for plan in plan_calls(SMALL.seed, 20, LAST_DAY)
        if "again" in plan.contact.features
    }
    wrote = {text["customer"] for text in texts if text["started_at"].startswith("2026-03-30")}
    assert len(callers) == 3
    assert callers <= wrote


def test_calls_may_come_without_transcripts(tmp_path):
    make(tmp_path, Size(seed=3, calls=2, days=1, transcripts=False))
    assert not (tmp_path / "inbox" / "calls" / "transcripts").exists()
    kinds = [json.loads(p.read_text("utf-8"))["transcript"] for p in tmp_path.glob("truth/call-*")]
    assert kinds
    assert set(kinds) == {"none"}
