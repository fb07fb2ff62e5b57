"""Searching transcripts: by words, by Chinese characters, and by how these sound.

An index of its own beside the warehouse, since DuckDB's full-text extension is not in its wheel and
nothing is downloaded. SQLite's FTS5 holds, per interaction, overlapping pairs of neighbouring
characters (the usual way to index Chinese without depending on a segmenter: J. Nie et al., *On the
use of words and n-grams for Chinese information retrieval*, IRAL 2000), words of other scripts, and
the same pairs in pinyin without tones. It can be removed at any time and is made again.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from interactions.pinyin import sound_codes, sound_of
from interactions.text import HAN, normal

MOST = 100_000
"""More hits than this are too many to be meant; the last interactions taken in come first."""
_PIECES = re.compile(rf"(?P<han>[{HAN}]+)|(?P<word>[^\W_]+)")
_TABLES = """
CREATE TABLE IF NOT EXISTS held (doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5(
    words, sounds, content='', contentless_delete=1, detail='full', tokenize='unicode61'
);
"""
_NO_DELETE = "contentless_delete=1, "  # SQLite before 3.43 does not know it


class TextIndex:
    """The index of one console; threads may share it.

    Args:
        path: The SQLite file; made where it is not there. None: in memory, for nothing that is
            said may lie on the disk of an encrypted centre as it is.
    """

    def __init__(self, path: Path | None) -> None:
        # SQLite's "memdb" is one database for all connections of a process that name it
        self._place = f"file:/{token_hex(8)}?vfs=memdb" if path is None else str(path)
        self._is_in_memory = path is None
        self._adding = Lock()
        # a database in memory is gone with its last connection
        self._first = self._connected() if self._is_in_memory else None
        with closing(self._connected()) as connection:
            try:
                connection.executescript(_TABLES)
            except sqlite3.OperationalError:
                connection.executescript(_TABLES.replace(_NO_DELETE, ""))

    def add(self, texts: Iterable[tuple[str, Iterable[str]]]) -> dict[str, int]:
        """Take in interactions, each an id and what is said in it; return their numbers.

        One that is here already is taken in under a new number; by the old one nobody finds it.
        """
        given: dict[str, int] = {}
        with self._adding, closing(self._connected()) as connection, connection:
            (number,) = connection.execute("SELECT coalesce(max(doc), 0) FROM held").fetchone()
            for one, said in texts:
                number += 1
                words, sounds = tokens(said)
                connection.execute("DELETE FROM held WHERE id = ?", (one,))
                connection.execute("INSERT INTO held VALUES (?, ?)", (number, one))
                connection.execute(
                    "INSERT INTO texts (rowid, words, sounds) VALUES (?, ?, ?)",
                    (number, words, sounds),
                )
                given[one] = number
        return given

    def held(self) -> dict[str, int]:
        """Return the interactions that are in the index, and the numbers of their texts."""
        with closing(self._connected()) as connection:
            return dict(connection.execute("SELECT id, doc FROM held ORDER BY doc"))

    def extent(self) -> tuple[int, int]:
        """Return how many interactions are in the index, and the highest number."""
        with closing(self._connected()) as connection:
            sql = "SELECT count(*), coalesce(max(doc), 0) FROM held"
            count, last = connection.execute(sql).fetchone()
        return count, last

    def find(self, query: str) -> NDArray[np.int64] | None:
        """Return the numbers of texts in which all of ``query`` stands; None where it says nothing.

        Chinese is found as it is written, letters as words or as the pinyin of Chinese:
        ``tuikuan`` and ``tui kuan`` find 退款. The last taken in come first.
        """
        asked = match_of(query)
        if not asked:
            return None
        with closing(self._connected()) as connection:
            # As one text: a hundred thousand rows would each cost Python a step.
            (found,) = connection.execute(
                "SELECT group_concat(rowid) FROM "
                "(SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid DESC LIMIT ?)",
                (asked, MOST),
            ).fetchone()
        return np.fromstring(found or "", dtype=np.int64, sep=",")

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._place, timeout=60, uri=self._is_in_memory, check_same_thread=False
        )
        if not self._is_in_memory:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")  # it is made again where it is lost
        return connection


def match_of(query: str) -> str:
    """Return a query in FTS5's own language; empty where nothing in it can be searched for."""
    parts = []
    latin: list[str] = []
    # Blanks between Chinese words are the asker's, and are lost in the normal form.
    for piece in (p for part in query.split() for p in _PIECES.finditer(normal(part).text)):
        if piece["word"]:
            latin.append(piece["word"])
            continue
        run = piece["han"]
        if len(run) == 1:
            parts.append(f"words : {run}*")
        else:
            parts.append(f'words : "{" ".join(_pairs(run))}"')
    if latin:
        parts.append(_latin(latin))
    return " AND ".join(parts)


def _latin(words: list[str]) -> str:
    written = " AND ".join(f'words : "{word}"' for word in words)
    spelled = [s for word in words for s in _syllables(word)]
    if not spelled or len(spelled) < len(words):
        return f"({written})"
    if len(spelled) == 1:
        return f'(({written}) OR sounds : "{spelled[0]}"*)'
    pairs = " ".join(a + b for a, b in pairwise(spelled))
    return f'(({written}) OR sounds : "{pairs}")'


def tokens(said: Iterable[str]) -> tuple[str, str]:
    """Return the tokens of what is said: as written, and as it sounds."""
    words: list[str] = []
    sounds: list[str] = []
    for text in said:
        for piece in _PIECES.finditer(normal(text).text):
            if piece["word"]:
                words.append(piece["word"])
                continue
            run = piece["han"]
            words += [*_pairs(run), run[-1]]
            spelled = [_spelled(char) for char in run]
            sounds += [a + b for a, b in pairwise(spelled)]
            sounds.append(spelled[-1])
        words.append("_")  # nothing is found across two utterances
        sounds.append("_")
    return " ".join(words), " ".join(sounds)


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


_SPELLINGS = {"uei": "ui", "iou": "iu", "uen": "un"}


@lru_cache(maxsize=20_000)
def _spelled(char: str) -> str:
    """Return how a character is spelled in pinyin without a tone; itself where nobody knows."""
    sound = sound_of(sound_codes(char))
    if sound is None:
        return char
    initial, final = sound.initial, sound.final
    if initial:
        if initial in "jqx":
            final = final.replace("v", "u")
        return initial + _SPELLINGS.get(final, final)
    return _ALONE.get(final, final)


# Finals without a consonant are written otherwise (GB/T 16159, Basic rules of pinyin).
_ALONE = {
    "i": "yi", "ia": "ya", "ie": "ye", "iao": "yao", "iou": "you", "ian": "yan", "in": "yin",
    "iang": "yang", "ing": "ying", "iong": "yong", "u": "wu", "ua": "wa", "uo": "wo", "uai": "wai",
    "uei": "wei", "uan": "wan", "uen": "wen", "uang": "wang", "ueng": "weng", "v": "yu",
    "ve": "yue", "van": "yuan", "vn": "yun",
}  # fmt: skip
_INITIALS = (
    *("zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x"),
    *("r", "z", "c", "s", "y", "w", ""),
)
_FINALS = frozenset(
    re.findall(
        "[a-z]+",
        "a o e ai ei ao ou an en ang eng ong er i ia ie iao iu ian in iang ing iong u ua uo uai ui "
        "uan un uang ue v ve",
    )
)


def _syllables(word: str) -> list[str]:
    """Return the syllables of a word in pinyin, the longest first; none where it is no pinyin."""
    if not word:
        return []
    for end in range(min(len(word), 6), 0, -1):
        if not _is_syllable(word[:end]):
            continue
        rest = _syllables(word[end:])
        if rest or end == len(word):
            return [word[:end], *rest]
    return []


def _is_syllable(text: str) -> bool:
    return any(text.startswith(i) and text[len(i) :] in _FINALS for i in _INITIALS)
