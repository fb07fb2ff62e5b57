"""The texts of the pages: both languages, and none that is missing or left over."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

from console.messages.texts import Texts
from console.web.rendering import words

WEB = Path(__file__).parents[3] / "console" / "web"


def code() -> str:
    files = [*WEB.glob("*.py"), *(WEB / "pages").glob("*.html")]
    return "\n".join(path.read_text("utf-8") for path in files)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same() -> None:
    for key, (zh, en) in words().items():
        assert zh, key
        assert en, key
        assert places(zh) == places(en), key
        assert zh == "听检" or not re.search(r"[\u4e00-\u9fff]", en), key
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]", zh), key


def test_every_key_of_a_page_has_a_text() -> None:
    known = set(words()) | set(Texts("en"))
    asked = set(re.findall(r"""\bt\(f?['"]([a-z_]+\.[a-z_.]+)['"]""", code()))
    whole = {key for key in asked if not key.endswith(("_", "."))}
    assert whole - known == set()
    begun = {key for key in asked if key.endswith(("_", "."))}
    assert all(any(one.startswith(start) for one in known) for start in begun)


def test_every_text_is_used() -> None:
    text = code()
    begun = set(re.findall(r"""['"]([a-z_]+\.[a-z_]*)['"] \+""", text))
    begun |= set(re.findall(r"""['"]([a-z_]+\.[a-z_]*)\{""", text))
    unused = [key for key in words() if key not in text and not key.startswith(tuple(begun))]
    assert unused == []
