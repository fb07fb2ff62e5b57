"""Which files make a call: manifest rows, sidecars and transcripts beside recordings."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipelines import night
from pipelines.intake import Call
from pipelines.settings import Settings, load

AT = '{"started_at": "2026-03-30 09:00:00", "agent": "A7"}'
WORDS = {
    "metadata": {"started_at": "2026-03-30 09:00:00"},
    "utterances": [{"party": "customer", "start_ms": 0, "end_ms": 900, "text": "我要退货"}],
}


@pytest.fixture
def bare(centre: Settings) -> Settings:
    """A centre whose inbox holds one recording that nothing is known of."""
    sound = (centre.inbox / "calls" / "a.wav").read_bytes()
    shutil.rmtree(centre.inbox)
    centre.inbox.mkdir()
    (centre.inbox / "a.wav").write_bytes(sound)
    return centre


def put(settings: Settings, name: str, body: object) -> Path:
    path = settings.inbox / name
    path.parent.mkdir(exist_ok=True)
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def scanned(settings: Settings) -> tuple[list[Call], dict[str, str]]:
    arrivals = night.scan(settings)
    items = [problem.item for problem in arrivals.set_aside]
    assert len(items) == len(set(items)), "an item is set aside once"
    assert not {call.item for call in arrivals.calls} & set(items)
    return list(arrivals.calls), {p.item: p.code for p in arrivals.set_aside}


@pytest.mark.parametrize("name", ["a.meta.json", "a.wav.json", "a.json"])
def test_a_sidecar_under_each_of_its_names(bare: Settings, name: str) -> None:
    put(bare, name, AT)
    calls, aside = scanned(bare)
    assert [(call.item, call.metadata.agent, call.transcript) for call in calls] == [
        ("a.wav", "A7", None)
    ]
    assert aside == {}


@pytest.mark.parametrize("sidecar", ["a.meta.json", "a.wav.json"])
def test_a_transcript_and_a_sidecar_beside_one_recording(bare: Settings, sidecar: str) -> None:
    put(bare, sidecar, AT)
    words = put(bare, "a.json", WORDS)
    calls, aside = scanned(bare)
    assert [(call.transcript, call.metadata.agent) for call in calls] == [(words, "A7")]
    assert aside == {}


def test_a_transcript_alone_has_a_sidecar_too(bare: Settings) -> None:
    (bare.inbox / "a.wav").unlink()
    put(bare, "a.json", {"utterances": WORDS["utterances"]})
    put(bare, "a.meta.json", AT)
    calls, aside = scanned(bare)
    assert [(call.item, call.metadata.agent) for call in calls] == [("a.json", "A7")]
    assert aside == {}


def test_a_broken_sidecar_is_named_and_no_longer_once_it_is_mended(bare: Settings) -> None:
    for name in ("a.meta.json", "a.wav.json", "a.json"):
        path = put(bare, name, "{")
        calls, aside = scanned(bare)
        assert (calls, aside) == ([], {name: "broken_json"})
        path.unlink()


def test_a_sidecar_without_a_recording_waits_for_it_in_sight(bare: Settings) -> None:
    put(bare, "a.meta.json", AT)
    put(bare, "b.meta.json", AT)
    calls, aside = scanned(bare)
    assert [call.item for call in calls] == ["a.wav"]
    assert aside == {"b.meta.json": "sidecar_alone"}


def test_a_transcript_that_another_replaces_is_not_lost_from_sight(bare: Settings) -> None:
    put(bare, "a.json", WORDS)
    put(bare, "words/a.json", WORDS)
    put(bare, "manifest.csv", "file,started_at,transcript\na.wav,2026-03-30 09:00,words/a.json\n")
    calls, aside = scanned(bare)
    assert [(call.item, call.transcript) for call in calls] == [
        ("a.wav", bare.inbox / "words" / "a.json")
    ]
    assert aside == {"a.json": "transcript_unused"}


def test_what_a_manifest_names_is_nothing_else(bare: Settings) -> None:
    (bare.inbox / "a.wav").rename(bare.inbox / "a.V3")
    (bare.inbox / "a.V3").write_bytes(b"\0\1\2\3" * 64)
    (bare.inbox / "b.csv").write_bytes(b"\0\1\2\3" * 65)
    rows = "a.V3,2026-03-30 09:00\nb.csv,2026-03-30 09:00\n"
    put(bare, "manifest.csv", "file,started_at\n" + rows)
    calls, aside = scanned(bare)
    assert [call.item for call in calls] == ["a.V3", "b.csv"]
    assert aside == {}
    assert night.scan(bare).batch.texts == ()


def test_a_row_that_names_a_taken_file_is_set_aside_as_a_row(bare: Settings) -> None:
    shutil.copy(bare.inbox / "a.wav", bare.inbox / "b.wav")
    rows = ("a.wav,,2026-03-30 09:00", "b.wav,a.wav,2026-03-30 09:00")
    header = "agent_file,customer_file,started_at"
    put(bare, "manifest.csv", "\n".join((header, *rows)) + "\n")
    calls, aside = scanned(bare)
    assert [call.item for call in calls] == ["a.wav"]
    # b.wav is not lost with its row: it stands alone, and nothing tells its time.
    assert aside == {"manifest.csv#a.wav": "claimed_twice", "b.wav": "no_time"}


def test_an_inbox_beside_the_centre_and_one_behind_a_link(bare: Settings, tmp_path: Path) -> None:
    put(bare, "manifest.csv", "file,started_at\na.wav,2026-03-30 09:00\n")
    bare.inbox.rename(tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    for inbox in ("../elsewhere", "../link", str(tmp_path / "elsewhere")):
        toml = f'[intake]\ninbox = "{inbox}"\n'
        (bare.folder / "tingjian.toml").write_text(toml, encoding="utf-8")
        calls, aside = scanned(load(bare.folder))
        assert [call.item for call in calls] == ["a.wav"], inbox
        assert aside == {}


def test_an_inbox_that_is_not_there_is_no_quiet_night(bare: Settings) -> None:
    shutil.rmtree(bare.inbox)
    assert scanned(bare) == ([], {".": "cannot_open"})
