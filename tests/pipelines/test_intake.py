"""Every file and record ends in exactly one place, with a reason where it is set aside."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from interactions.problems import Unreadable
from pipelines import intake, keeping, night
from pipelines.known import Known, Register
from pipelines.settings import Settings
from warehouse.read import interactions
from warehouse.rows import SetAside, set_aside_tables
from warehouse.spool import Spool
from warehouse.store import open_warehouse


def reasons(settings: Settings) -> dict[str, str]:
    return {problem.item: problem.code for problem in night.scan(settings).set_aside}


def taken_in(settings: Settings) -> night.Arrivals:
    """Do a night up to the warehouse, without inspection."""
    arrivals = night.scan(settings)
    night.read_texts(settings, arrivals)
    for shard in night.shards(settings, arrivals):
        night.hear_shard(settings, shard)
    keeping.keep_sources(settings, arrivals.batch)
    keeping.keep(settings)
    return arrivals


def test_what_a_scan_finds(centre: Settings) -> None:
    arrivals = night.scan(centre)
    assert [call.item for call in arrivals.calls] == [
        "calls/a.wav",
        "calls/b.wav",
        "calls/c.wav",
        "calls/text.wav",
    ]
    assert [text.source.item for text in arrivals.batch.texts] == ["chats.jsonl"]
    assert reasons(centre) == {"empty.wav": "empty_file", "photo.png": "unknown_kind"}


def test_what_was_seen_is_skipped_and_what_changed_is_read_again(centre: Settings) -> None:
    taken_in(centre)
    again = night.scan(centre)
    assert (again.calls, again.batch.texts, again.batch.unchanged) == ((), (), 5)
    manifest = centre.inbox / "calls" / "manifest.csv"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("10:00:00,A2", "10:00:00,A9"), encoding="utf-8")
    assert [call.item for call in night.scan(centre).calls] == ["calls/b.wav"]
    assert night.scan(centre).calls[0].metadata.agent == "A9"


def test_a_call_without_words_is_heard_again_once_there_is_a_recogniser(centre: Settings) -> None:
    taken_in(centre)
    known = keeping.known(centre)
    heard = intake.scan(centre, known, transcriber="base")
    # text.wav was set aside: it has no words, so it is tried again as well.
    assert len(heard.calls) == 4
    assert intake.scan(centre, known, transcriber="none").calls == ()


def test_a_copy_is_set_aside_and_names_the_first(centre: Settings) -> None:
    calls = centre.inbox / "calls"
    shutil.copy(calls / "a.wav", calls / "z.wav")
    with (calls / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.write("z.wav,2026-03-31 12:00:00,A1,售后,1\n")
    problems = {p.item: p for p in night.scan(centre).set_aside}
    assert problems["calls/z.wav"].code == "duplicate"
    assert problems["calls/z.wav"].values == {"first": "calls/a.wav"}


def test_a_copy_of_last_nights_call_under_an_earlier_name(centre: Settings) -> None:
    taken_in(centre)
    calls = centre.inbox / "calls"
    shutil.copy(calls / "c.wav", calls / "0.wav")
    with (calls / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.write("0.wav,2026-03-31 12:00:00,A1,售后,1\n")
    assert reasons(centre)["calls/0.wav"] == "duplicate"


def test_one_id_for_two_calls(centre: Settings) -> None:
    manifest = centre.inbox / "calls" / "manifest.csv"
    lines = manifest.read_text(encoding="utf-8").splitlines()
    ids = ["interaction_id", "X1", "X2", "X1", "X4"]
    joined = (f"{line},{one}" for line, one in zip(lines, ids, strict=True))
    manifest.write_text("\n".join(joined), encoding="utf-8")
    assert reasons(centre)["calls/c.wav"] == "id_taken"


def test_a_recording_under_any_name_is_a_recording(centre: Settings) -> None:
    calls = centre.inbox / "calls"
    (calls / "a.wav").rename(calls / "a.csv")
    manifest = calls / "manifest.csv"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("a.wav", "a.csv"), encoding="utf-8")
    assert night.scan(centre).calls[0].item == "calls/a.csv"
    assert taken_in(centre).calls[0].item == "calls/a.csv"
    assert "voice-" in next(iter(keeping.known(centre).ids))


@pytest.mark.parametrize(
    "name",
    [
        "a b;rm -rf $(x).wav",
        "\u202egpj.wav",
        "line\nbreak.wav",
        "[red]x.wav",
        "é 录音.wav",
        "-n.wav",
    ],
)
def test_hostile_names_are_just_names(centre: Settings, name: str) -> None:
    (centre.inbox / "calls" / "a.wav").rename(centre.inbox / name)
    (centre.inbox / Path(name).with_suffix(".meta.json").name).write_text(
        '{"started_at": "2026-03-30 09:00:00"}', encoding="utf-8"
    )
    assert name in [call.item for call in night.scan(centre).calls]
    taken_in(centre)
    assert name in keeping.known(centre).contents.values()


def test_a_name_that_is_no_utf8(centre: Settings) -> None:
    raw = os.fsencode(centre.inbox) + b"/\xff\xfe.wav"
    os.rename(os.fsencode(centre.inbox / "calls" / "a.wav"), raw)  # noqa: PTH104 - bytes
    sidecar = os.fsencode(centre.inbox) + b"/\xff\xfe.meta.json"
    Path(os.fsdecode(sidecar)).write_text('{"started_at": "2026-03-30 09:00"}', encoding="utf-8")
    assert "\\xff\\xfe.wav" in [call.item for call in night.scan(centre).calls]
    taken_in(centre)
    assert "\\xff\\xfe.wav" in keeping.known(centre).contents.values()


def test_links_and_paths_out_of_the_inbox(centre: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    shutil.copy(centre.inbox / "calls" / "a.wav", secret)
    (centre.inbox / "link.wav").symlink_to(secret)
    with (centre.inbox / "calls" / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.write("../../../secret.wav,2026-03-31 12:00:00,A1,售后,1\n")
    found = reasons(centre)
    assert found["link.wav"] == "outside_inbox"
    assert "file_outside_folder" in found.values()


def test_a_file_that_is_still_written_waits(centre: Settings) -> None:
    (centre.inbox / "new.wav.part").write_bytes(b"RIFF")
    (centre.inbox / ".hidden.wav").write_bytes(b"RIFF")
    assert not {"new.wav.part", ".hidden.wav"} & night.scan(centre).batch.present


def test_a_manifest_without_a_file_column_and_one_that_names_what_is_not_there(
    centre: Settings,
) -> None:
    (centre.inbox / "manifest.csv").write_text("坐席,队列\nA1,售后\n", encoding="utf-8")
    with (centre.inbox / "calls" / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.write("gone.wav,2026-03-31 12:00:00,A1,售后,1\n")
    found = reasons(centre)
    assert found["calls/manifest.csv#gone.wav"] == "not_there"
    assert [item for item in found if item.startswith("manifest.csv")]


def test_what_was_set_aside_is_cleared_when_it_is_mended_or_gone(centre: Settings) -> None:
    taken_in(centre)
    assert set(keeping.known(centre).set_aside) == {"empty.wav", "photo.png", "calls/text.wav"}
    (centre.inbox / "photo.png").unlink()
    soundfile.write(
        centre.inbox / "calls" / "text.wav",
        soundfile.read(centre.inbox / "calls" / "a.wav")[0][:16_000] * 0.5,
        8_000,
        subtype="PCM_16",
    )
    taken_in(centre)
    assert set(keeping.known(centre).set_aside) == {"empty.wav"}
    (centre.inbox / "calls" / "text.wav").write_text("broken again", encoding="utf-8")
    taken_in(centre)
    assert set(keeping.known(centre).set_aside) == {"empty.wav", "calls/text.wav"}


def test_a_chat_that_went_on_replaces_what_was_kept(centre: Settings) -> None:
    taken_in(centre)
    before = keeping.known(centre).ids
    path = centre.inbox / "chats.jsonl"
    first, *others = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([first.replace("问题 0", "还是不行"), *others]), encoding="utf-8")
    taken_in(centre)
    after = keeping.known(centre).ids
    assert {one for one in after if after[one] != before[one]} == {"chat-0"}
    path.write_text("\n".join([first, *others]), encoding="utf-8")
    taken_in(centre)
    assert keeping.known(centre).ids == before


def test_register_tells_duplicates_from_changes() -> None:
    register = Register(Known(contents={"h1": "a"}, ids={"i1": "h1"}), {"a"})
    assert register.claim("a", "i1", "h1") is False
    assert register.claim("a", "i1", "h2") is True
    assert register.claim("b", "i2", "h3") is True
    with pytest.raises(Unreadable, match="same content"):
        register.claim("c", "i3", "h3")
    with pytest.raises(Unreadable, match="i2"):
        register.claim("d", "i2", "h4")


def test_a_manifest_that_goes_there_and_back(centre: Settings) -> None:
    taken_in(centre)
    manifest = centre.inbox / "calls" / "manifest.csv"
    first = manifest.read_text(encoding="utf-8")
    second = first.replace("10:00:00,A2", "10:00:00,A9")
    for text, agent in ((second, "A9"), (first, "A2"), (second, "A9"), (first, "A2")):
        manifest.write_text(text, encoding="utf-8")
        assert [call.item for call in taken_in(centre).calls] == ["calls/b.wav"]
        with open_warehouse(centre.warehouse) as warehouse:
            ids = keeping.known(centre).ids
            kept = {one.source: one.agent for one in interactions(warehouse, sorted(ids))}
        assert kept["calls/b.wav"] == agent
        assert night.scan(centre).calls == ()


def test_chats_that_go_there_and_back_with_their_time(centre: Settings) -> None:
    path = centre.inbox / "chats.jsonl"
    os.utime(path, ns=(10**18, 10**18))
    taken_in(centre)
    before, first = keeping.known(centre).ids, path.read_text(encoding="utf-8")
    path.write_text(first.replace("问题 0", "还是不行"), encoding="utf-8")
    taken_in(centre)
    assert keeping.known(centre).ids != before
    path.write_text(first, encoding="utf-8")
    os.utime(path, ns=(10**18, 10**18))  # restored from a backup
    taken_in(centre)
    assert keeping.known(centre).ids == before


def test_what_was_away_for_a_night_is_where_it_was(centre: Settings, tmp_path: Path) -> None:
    write_broken = centre.inbox / "chats.jsonl"
    with write_broken.open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    taken_in(centre)
    before = keeping.known(centre)
    assert set(before.set_aside) == {
        *("empty.wav", "photo.png", "calls/text.wav", "chats.jsonl#8"),
    }
    away = tmp_path / "away"
    centre.inbox.rename(away)
    centre.inbox.mkdir()
    taken_in(centre)
    assert keeping.known(centre).set_aside == {}
    centre.inbox.rmdir()
    away.rename(centre.inbox)
    taken_in(centre)
    assert keeping.known(centre).set_aside == before.set_aside
    assert keeping.known(centre).contents == before.contents
    assert night.scan(centre).batch.unchanged == 5


def test_a_manifest_that_was_away_leaves_no_reason_behind(centre: Settings) -> None:
    taken_in(centre)
    before = keeping.known(centre)
    manifest = centre.inbox / "calls" / "manifest.csv"
    state, text = manifest.stat(), manifest.read_bytes()
    manifest.unlink()
    taken_in(centre)
    assert keeping.known(centre).set_aside["calls/a.wav"][0] == "no_time"
    manifest.write_bytes(text)
    os.utime(manifest, ns=(state.st_atime_ns, state.st_mtime_ns))
    arrivals = taken_in(centre)
    assert keeping.known(centre).set_aside == before.set_aside
    assert [call.item for call in arrivals.calls] == ["calls/text.wav"]  # the others are kept
    assert night.scan(centre).calls == ()


def test_a_mended_sidecar_is_no_longer_set_aside(centre: Settings) -> None:
    shutil.copy(centre.inbox / "calls" / "a.wav", centre.inbox / "s.wav")
    (centre.inbox / "calls" / "a.wav").unlink()
    sidecar = centre.inbox / "s.meta.json"
    sidecar.write_text("{", encoding="utf-8")
    taken_in(centre)
    assert keeping.known(centre).set_aside["s.meta.json"][0] == "broken_json"
    sidecar.write_text('{"started_at": "2026-03-30 09:00:00"}', encoding="utf-8")
    taken_in(centre)
    assert "s.meta.json" not in keeping.known(centre).set_aside


def test_a_renamed_recording_is_kept_under_its_new_name(centre: Settings) -> None:
    taken_in(centre)
    ids = keeping.known(centre).ids
    calls = centre.inbox / "calls"
    (calls / "a.wav").rename(calls / "z.wav")
    manifest = calls / "manifest.csv"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("a.wav", "z.wav"), encoding="utf-8")
    taken_in(centre)
    known = keeping.known(centre)
    assert known.ids == ids
    assert "calls/z.wav" in known.contents.values()
    assert "calls/a.wav" not in known.contents.values()
    assert set(known.set_aside) == {"empty.wav", "photo.png", "calls/text.wav"}


def test_a_corrupt_state_that_was_removed_takes_no_later_one_with_it(centre: Settings) -> None:
    spool = Spool(centre.spool)
    aside = [set_aside_tables([SetAside(f"{n}.wav", "no_time", {})]) for n in range(3)]
    first, _ = (keeping.keep_state(spool, "set-aside", one) for one in aside[:2])
    shutil.rmtree(first.path)
    last = keeping.keep_state(spool, "set-aside", aside[2])
    assert spool.read(last)["set_aside"].column("item").to_pylist() == ["2.wav"]


def test_an_item_that_is_refused_holds_no_content() -> None:
    register = Register(Known(contents={"h1": "a"}, ids={"i1": "h1"}), {"a"})
    with pytest.raises(Unreadable, match="i1"):
        register.claim("b", "i1", "h2")
    assert register.claim("c", "i2", "h2") is True


@pytest.mark.parametrize("weights", ["turbo", "/models/own.pt"])
def test_a_call_with_words_is_not_heard_again_for_other_weights(
    centre: Settings, weights: str
) -> None:
    taken_in(centre)
    known = keeping.known(centre)
    sources = {
        item: replace(seen, stage=seen.stage.replace("/none/", "/base/"))
        for item, seen in known.sources.items()
    }
    assert intake.scan(centre, replace(known, sources=sources), transcriber=weights).calls == ()


def test_rows_that_moved_within_their_file_are_no_duplicates(centre: Settings) -> None:
    path = centre.inbox / "tickets.csv"
    rows = [f"2026-03-30 09:0{n}:00,问题 {n}" for n in range(3)]
    path.write_text("\n".join(["时间,内容", *rows]), encoding="utf-8")
    taken_in(centre)
    before = keeping.known(centre)
    rows.insert(0, "2026-03-30 10:00:00,新问题")
    path.write_text("\n".join(["时间,内容", *rows, rows[1]]), encoding="utf-8")
    taken_in(centre)
    after = keeping.known(centre)
    assert len(after.ids) == len(before.ids) + 1
    asides = {item: why for item, (why, _) in after.set_aside.items() if "tickets" in item}
    assert asides == {"tickets.csv#6": "duplicate"}
