from __future__ import annotations

import json
import math
import os
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.plain import from_json, microseconds, moment, restored, safe, to_json

# Every code point, lone surrogates included; and texts that look like our own escapes.
ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.lists(
    st.sampled_from(["\\", "u", "\\ud800", "\\u005c", "d8", "\udcff", "x"]), max_size=8
).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("录音 01.wav", "录音 01.wav"),
        (os.fsdecode(b"\xff\xfe.wav"), "\\udcff\\udcfe.wav"),
        ("half \ud83d", "half \\ud83d"),
        ("C:\\users\\x", "C:\\users\\x"),
        ("\\udcff", "\\u005cudcff"),
        ("\\u4e2d", "\\u4e2d"),
    ],
)
def test_safe_text_is_utf8_and_plain_text_stays(text, expected):
    assert safe(text) == expected
    assert safe(text).encode()
    assert restored(safe(text)) == text


@given(ANY_TEXT)
def test_every_text_comes_back(text):
    assert restored(safe(text)) == text
    safe(text).encode()


ATTRIBUTES = st.dictionaries(
    ANY_TEXT, ANY_TEXT | st.integers() | st.booleans() | st.floats(allow_nan=False), max_size=4
)


@given(ATTRIBUTES)
def test_attributes_keep_value_and_type(attributes):
    text = to_json(attributes)
    back = from_json(text)
    assert back == attributes
    assert {k: type(v) for k, v in back.items()} == {k: type(v) for k, v in attributes.items()}
    json.loads(text.encode().decode(), parse_constant=pytest.fail)


def test_nan_comes_back_as_nan():
    assert math.isnan(from_json(to_json({"score": math.nan}))["score"])


@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=8)))))
def test_moments_are_exact_and_in_utc(value):
    back = moment(microseconds(value)) if value.year > 1 else value
    assert back == value
    assert back.tzinfo is UTC or value.year == 1


def test_a_naive_moment_is_refused():
    with pytest.raises(TypeError):
        microseconds(datetime(2026, 1, 1))  # noqa: DTZ001
