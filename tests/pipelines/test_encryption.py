"""An encrypted centre: the same to work with, and nothing of what is said lies open on the disk."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
import soundfile

from console.cli import main
from console.web.sound import ranged
from pipelines.encryption import encrypt_anew, make_key
from pipelines.keeping import keep
from pipelines.settings import Settings, load
from tests.console.web.conftest import sign_in
from tests.desk_centre import RATE, SAID, TALK, make, served
from warehouse.keys import KEY, KEY_FILE, KEYS_FILE, centre_key
from warehouse.problems import WarehouseProblem


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make(tmp_path_factory.mktemp("plain") / "centre", calls=1, chats=5)
    keep(made)
    return made.folder


@pytest.fixture
def centre(kept: Path, tmp_path: Path) -> Settings:
    return load(shutil.copytree(kept, tmp_path / "centre"))


def open_to_read(folder: Path) -> list[Path]:
    """Files outside the inbox in which something that was said can be read, or sound lies."""
    texts = [text.encode()[:15] for _, text in TALK] + [text.encode()[:15] for text in SAID]
    return [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and "inbox" not in path.parts
        and (b"RIFF" in (content := path.read_bytes()) or any(text in content for text in texts))
    ]


@pytest.mark.usefixtures("centre_key")
def test_a_console_works_and_leaves_nothing_to_read(centre: Settings) -> None:
    with served(centre) as plain:
        lead = sign_in(plain, "lead")
        before = lead.get("/sound", id="call-0")
        lead.client.close()
    assert open_to_read(centre.folder)  # the sound, at least
    encrypt_anew(centre)
    with served(centre) as console:
        lead = sign_in(console, "lead")
        answer = lead.get("/sound", id="call-0")
        part = lead.client.get("/sound", params={"id": "call-0"}, headers={"range": "bytes=44-143"})
        found = lead.get("/worklist", q="投诉", state="")
        page = lead.get("/interaction", id="call-0")
        assert open_to_read(centre.folder) == []
        lead.client.close()
    assert answer.status_code == 200
    assert answer.content == before.content
    assert soundfile.read(io.BytesIO(answer.content))[1] == RATE
    assert part.status_code == 206
    assert part.content == answer.content[44:144]
    assert "chat-" in found.text
    assert (page.status_code, "A1" in page.text) == (200, True)
    assert open_to_read(centre.folder) == []
    assert any(centre.sound.iterdir())


CONTENT = bytes(range(100))


@pytest.mark.parametrize(
    ("asked", "status", "body", "said"),
    [
        ("", 200, CONTENT, None),
        ("bytes=0-", 206, CONTENT, "bytes 0-99/100"),
        ("bytes=10-19", 206, CONTENT[10:20], "bytes 10-19/100"),
        ("bytes=90-500", 206, CONTENT[90:], "bytes 90-99/100"),
        ("bytes=-10", 206, CONTENT[-10:], "bytes 90-99/100"),
        ("bytes=100-", 416, b"", "bytes */100"),
        ("bytes=20-10", 416, b"", "bytes */100"),
        ("bytes=0-1,5-6", 200, CONTENT, None),
        ("pages=1-2", 200, CONTENT, None),
    ],
)
def test_a_range_is_answered(asked: str, status: int, body: bytes, said: str | None) -> None:
    answer = ranged(CONTENT, asked)
    assert (answer.status_code, answer.body) == (status, body)
    assert answer.headers.get("content-range") == said


def test_a_key_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path)
    assert path.stat().st_mode & 0o077 == 0
    assert len(centre_key({KEY_FILE: str(path)})) == 32
    kept_key = path.read_bytes()
    for place, code in ((path, "key_file_there"), (tmp_path / "no" / "key", "key_file_closed")):
        with pytest.raises(WarehouseProblem) as told:
            make_key(place)
        assert told.value.code == code
    assert path.read_bytes() == kept_key


def called(centre: Settings, capsys, *words: str) -> tuple[int, str]:
    status = main(["--centre", str(centre.folder), "--lang", "en", *words])
    written = capsys.readouterr()
    return status, written.out + written.err


@pytest.mark.usefixtures("can_encrypt")
def test_a_person_encrypts_a_centre_and_changes_its_key(
    centre: Settings, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.delenv(KEY, raising=False)
    monkeypatch.delenv(KEY_FILE, raising=False)
    status, said = called(centre, capsys, "privacy", "rekey")
    assert (status, "TINGJIAN_KEY_FILE" in said) == (1, True)
    assert not (centre.folder / KEYS_FILE).exists()
    first, second = tmp_path / "first", tmp_path / "second"
    for path in (first, second):
        assert called(centre, capsys, "privacy", "new-key", str(path))[0] == 0
    assert "Not encrypted" in called(centre, capsys, "privacy", "report")[1]
    monkeypatch.setenv(KEY_FILE, str(first))
    assert called(centre, capsys, "privacy", "rekey") == (
        0, "19 files and 1 databases are encrypted under a new key.\n"
    )  # fmt: skip
    assert "Encrypted:" in called(centre, capsys, "privacy", "report")[1]
    status, said = called(centre, capsys, "privacy", "rekey", "--to", str(second))
    assert (status, str(second) in said) == (0, True)
    status, said = called(centre, capsys, "worklist")
    assert (status, "does not open this centre" in said) == (1, True)
    monkeypatch.setenv(KEY_FILE, str(second))
    broken = centre.spool / "texts" / "made" / "utterances.parquet"
    whole = broken.read_bytes()
    broken.write_bytes(whole[:-1] + b"\0")
    status, said = called(centre, capsys, "privacy", "rekey", "--to", str(first))
    assert (status, str(first) in said, "utterances.parquet" in said) == (1, True, True)
    broken.write_bytes(whole)
    monkeypatch.setenv(KEY_FILE, str(first))
    assert called(centre, capsys, "privacy", "rekey", "--to", str(second))[0] == 0
    second.chmod(0o644)
    monkeypatch.setenv(KEY_FILE, str(second))
    status, said = called(centre, capsys, "worklist")
    assert (status, "chmod 600" in said) == (1, True)
    second.chmod(0o600)
    assert called(centre, capsys, "worklist")[0] == 0
