from __future__ import annotations

from dataclasses import replace

from warehouse.holding import holding
from warehouse.rows import SetAside, interaction_tables, set_aside_from, set_aside_tables


def test_the_shard_written_last_holds_an_interaction(spool, build):
    one, two, three = (build.call(n) for n in (1, 2, 3))
    odd = build.call(4, interaction_id="\udcff")
    first = spool.write("z", "first", interaction_tables([one, two, odd]))
    spool.write("z", "other", set_aside_tables([]))
    last = spool.write("a", "last", interaction_tables([replace(one, trust=0.1), three]))
    ids = [one.interaction_id, two.interaction_id, "\udcff", "nobody"]
    assert list(holding(spool, ids)) == [
        (last, (one.interaction_id,)),
        (first, tuple(sorted([two.interaction_id, "\udcff"]))),
    ]
    assert list(holding(spool, [])) == []


def test_what_was_set_aside_is_read_back_from_its_shard(spool):
    items = [SetAside("\udcff.wav", "too_short", {"ms": 100, "share": 0.5}), SetAside("b", "c", {})]
    shard = spool.write("calls", "k", set_aside_tables(items, cleared=["a"]))
    assert set_aside_from(spool.read(shard)) == items
