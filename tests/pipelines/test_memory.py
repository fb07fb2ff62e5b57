"""What pages remember, and when it is made again."""

from __future__ import annotations

import pytest

from pipelines import memory
from pipelines.memory import Memory


def counting():
    made = []

    def make() -> int:
        made.append(1)
        return len(made)

    return make


def test_what_was_not_written_to_is_made_once() -> None:
    kept, make = Memory(), counting()
    assert [kept.unless_written("a", ("accounts",), make) for _ in range(3)] == [1, 1, 1]
    kept.written(["verdicts"])
    assert kept.unless_written("a", ("accounts",), make) == 1
    kept.written(["accounts"])
    assert kept.unless_written("a", ("accounts",), make) == 2


def test_what_is_written_meanwhile_is_not_missed() -> None:
    kept, make = Memory(), counting()

    def made_while_somebody_writes() -> int:
        kept.written(["accounts"])
        return make()

    assert kept.unless_written("a", ("accounts",), made_while_somebody_writes) == 1
    assert kept.unless_written("a", ("accounts",), make) == 2


def test_only_the_first_to_ask_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, make = Memory(), counting()
    assert [kept.lately("a", make) for _ in range(2)] == [1, 1]
    kept.renew()
    assert kept.lately("a", make) == 1  # not old yet
    monkeypatch.setattr(memory, "RENEWED_S", 0.0)
    kept.renew()
    kept.renew()  # nobody asked since
    assert kept.lately("a", make) == 2
    kept.lately("a", lambda: 7)  # what is made again is what was asked for last
    kept.renew()
    assert kept.lately("a", make) == 7


def test_what_nobody_asks_for_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, make = Memory(), counting()
    kept.lately("a", make)
    monkeypatch.setattr(memory, "RENEWED_S", 0.0)
    monkeypatch.setattr(memory, "FORGOTTEN_S", 0.0)
    kept.renew()
    kept.renew()
    assert kept.lately("a", make) == 3


def test_what_cannot_be_made_again_is_met_by_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Memory()
    answers = iter([1])
    kept.lately("a", lambda: next(answers))
    monkeypatch.setattr(memory, "RENEWED_S", 0.0)
    kept.renew()
    with pytest.raises(StopIteration):
        kept.lately("a", lambda: next(answers))
