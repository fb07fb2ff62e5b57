from __future__ import annotations

import os
import stat
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.tokens import Tokenizer, _cache_folder, document, tokens


def texts(found) -> list[str]:
    return [token.text for token in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("我要投诉,请转人工", ["我要", "投诉", ",", "请", "转", "人工"]),
        ("don't use wi-fi at 3.5", ["don't", "use", "wi-fi", "at", "3.5"]),
        ("买了t恤don't like", ["买", "了", "t恤", "don't", "like"]),
        ("café很好", ["café", "很", "好"]),
        ("привет 你好", ["привет", "你好"]),
        ("a@b.com", ["a@b.com"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert texts(tokens(text)) == expected


def test_own_terms_are_never_cut() -> None:
    text = "我想办5g畅享套餐和价格保护"
    assert "5g畅享套餐" not in texts(tokens(text))
    own = Tokenizer(["5g畅享套餐", "价格保护"])
    assert {"5g畅享套餐", "价格保护"} <= set(texts(own.tokens(text)))


def test_own_terms_stay_with_their_tokenizer() -> None:
    Tokenizer(["价格保护"]).tokens("价格保护")
    assert texts(tokens("价格保护")) == ["价格", "保护"]


@given(st.text(alphabet="我要投诉价格保护T恤ab'é1.5- ,。嗯\n", max_size=40))
@settings(max_examples=200, deadline=None)
def test_tokens_stand_where_they_say(text: str) -> None:
    found = tokens(text)
    assert all(text[t.start : t.end] == t.text for t in found)
    assert "".join(texts(found)) == "".join(text.split())
    assert list(found) == sorted(found, key=lambda t: t.start)


@pytest.mark.parametrize(("text", "is_word"), [("投诉", True), ("a1", True), (",", False)])
def test_marks_are_no_words(text: str, is_word: bool) -> None:
    (token,) = tokens(text)
    assert token.is_word is is_word


def test_a_flood_of_one_character_does_not_stop_a_night() -> None:
    begun = time.process_time()
    assert len(tokens("孛" * 50_000)) == 50_000
    assert time.process_time() - begun < 10


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions of POSIX")
def test_cache_folder_is_the_users_alone(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = _cache_folder()
    assert folder.parent == tmp_path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert _cache_folder() == folder
    folder.chmod(0o777)
    assert _cache_folder() != folder
    folder.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.symlink_to(elsewhere)
    assert _cache_folder() not in {folder, elsewhere}


@pytest.mark.parametrize("text", ["我要投诉 ok", " 两个  空格 ", "", "a\n\nb", "don't 停"])
def test_document_holds_the_same_text(text: str) -> None:
    doc = document(text)
    assert doc.text == text
    assert [t.text for t in doc if not t.is_space] == texts(tokens(text))
