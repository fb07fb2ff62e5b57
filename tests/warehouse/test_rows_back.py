from __future__ import annotations

import math
import os
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interactions.interaction import Channel, Interaction, Language, Utterance, Word
from interactions.sound import Contour, Party, Span
from warehouse import read
from warehouse.rows import interaction_tables, interactions_from

ONE = np.array([1.5, np.nan], np.float32)
ODD = os.fsdecode(b"inbox/\xe9t\xff.wav")


def same(left: Interaction, right: Interaction) -> bool:
    """Equality that looks into contours, which compare by identity."""
    for field in fields(Interaction):
        one, other = getattr(left, field.name), getattr(right, field.name)
        if field.name == "contours":
            assert list(one) == list(other)
            for party in one:
                assert one[party].step_ms == other[party].step_ms
                assert other[party].loudness_db.dtype == np.float32
                np.testing.assert_array_equal(one[party].loudness_db, other[party].loudness_db)
                np.testing.assert_array_equal(one[party].pitch_hz, other[party].pitch_hz)
                assert (one[party].balance_db is None) is (other[party].balance_db is None)
                np.testing.assert_array_equal(one[party].balance_db, other[party].balance_db)
        else:
            assert one == other, field.name
    return True


def odd_ones(build):
    empty = np.zeros(0, np.float32)
    return [
        build.call(1),
        build.chat(2),
        build.call(3, interaction_id=ODD, source=ODD, customer=None, trust=None),
        build.call(4, recording=replace(build.call(4).recording, files=(Path(ODD),))),
        build.call(5, utterances=(), speech=MappingProxyType({})),
        build.call(6, contours=MappingProxyType({Party.UNKNOWN: Contour(10, empty, empty)})),
        build.call(11, contours=MappingProxyType({Party.AGENT: Contour(20, ONE, ONE, ONE)})),
        build.call(7, attributes=MappingProxyType({"a": 1, "b": 1.0, "c": True, "d": "1", "": ""})),
        build.call(8, attributes=MappingProxyType({"bad": math.inf, "ü\udc80": "\ud83d"})),
        build.call(9, utterances=(Utterance(0, Party.SYSTEM, 0, 0, "a\0b\udcff\\ud800"),)),
        build.call(10, started_at=datetime(1999, 12, 31, 23, 59, 59, 999_999, UTC)),
    ]


def test_parquet_and_duckdb_give_back_the_same_interactions(build, spool, store):
    given_ = odd_ones(build)
    shard = spool.write("calls", "odd", interaction_tables(given_))
    assert all(
        same(a, b)
        for a, b in zip(given_, interactions_from(spool.read(shard)), strict=True)
    )  # fmt: skip
    store.commit(shard)
    ids = [one.interaction_id for one in given_]
    for order in (ids, ids[::-1]):
        back = read.interactions(store, order)
        assert [one.interaction_id for one in back] == order
        by_id = {one.interaction_id: one for one in back}
        assert all(same(one, by_id[one.interaction_id]) for one in given_)


def test_utterances_come_back_in_their_order(build, store, keep):
    utterances = tuple(Utterance(n, Party.AGENT, n, n, str(n)) for n in range(50))
    keep(interaction_tables([build.call(1, utterances=utterances)]))
    assert read.interactions(store, [build.call(1).interaction_id])[0].utterances == utterances


def test_one_id_twice_in_a_shard_is_refused(build):
    with pytest.raises(ValueError, match="2 interactions have only 1 different ids"):
        interaction_tables([build.call(1), build.call(1)])


def test_no_interactions_are_no_rows():
    assert interactions_from(interaction_tables([])) == []


TEXT = st.text(st.characters(exclude_categories=()), max_size=6)
MS = st.integers(0, 2**40)
SURE = st.none() | st.floats(0, 1)
WORDS = st.lists(st.builds(Word, MS, MS, TEXT, SURE), max_size=3).map(tuple)
UTTERANCE = st.builds(
    Utterance, st.just(0), st.sampled_from(Party), MS, MS, TEXT, WORDS, SURE, st.none() | TEXT
)
FLOATS = st.lists(st.floats(width=32), max_size=5).map(lambda x: np.array(x, np.float32))
INTERACTION = st.builds(
    Interaction,
    interaction_id=TEXT.map(lambda text: f"x{text}"),
    channel=st.sampled_from(Channel),
    started_at=st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    duration_ms=MS,
    source=TEXT,
    content_hash=TEXT,
    language=st.sampled_from(Language),
    agent=st.none() | TEXT,
    attributes=st.dictionaries(TEXT, TEXT | st.integers() | st.booleans(), max_size=3),
    utterances=st.none().flatmap(lambda _: st.tuples() | st.tuples(UTTERANCE)),
    speech=st.dictionaries(
        st.sampled_from(Party), st.lists(st.builds(Span, MS, MS), max_size=3).map(tuple)
    ),
    contours=st.dictionaries(
        st.sampled_from(Party), st.builds(Contour, st.integers(1, 100), FLOATS, FLOATS)
    ),
    trust=SURE,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(INTERACTION)
def test_any_interaction_comes_back_from_duckdb(store, spool, one):
    number = len(list(spool.shards()))
    store.commit(spool.write("calls", f"k{number}", interaction_tables([one])))
    assert same(one, read.interactions(store, [one.interaction_id])[0])
