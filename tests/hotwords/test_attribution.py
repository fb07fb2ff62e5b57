"""Which part of the centre carries a rise."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from hotwords.attribution import Cell, attribute
from hotwords.counts import Slice

PRODUCTS = ("fridge", "washer", "oven")
REGIONS = ("north", "south", "west")
QUEUES = ("repairs", "refunds")


def cells(where: dict[str, str], extra: int, seed: int = 1) -> list[Cell]:
    """A centre of 18 cells; ``extra`` contacts on top in those that ``where`` describes."""
    random = np.random.default_rng(seed)
    found = []
    places = list(product(PRODUCTS, REGIONS, QUEUES))
    risen = [
        place
        for place in places
        if where.items() <= dict(zip(("product", "region", "queue"), place, strict=True)).items()
    ]
    for place in places:
        past = int(random.poisson(2000))
        today = int(random.poisson(70))
        on_top = extra // len(risen) if place in risen else 0
        found.append(
            Cell(
                place=tuple(map(Slice, ("product", "region", "queue"), place)),
                contacts=today + on_top,
                hits=int(random.poisson(0.03 * today)) + on_top,
                past_contacts=past,
                past_hits=int(random.poisson(0.03 * past)),
            )
        )
    return found


@pytest.mark.parametrize(
    "where",
    [
        {"product": "fridge"},
        {"region": "south"},
        {"product": "oven", "region": "west"},
        {"product": "washer", "region": "north", "queue": "refunds"},
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_the_smallest_explanation_is_the_planted_one(where: dict[str, str], seed: int) -> None:
    carrier = attribute(cells(where, 120, seed)).carrier
    assert {one.dimension: one.value for one in carrier.place} == where
    assert carrier.of_rise == pytest.approx(1.0, abs=0.25)
    assert carrier.low <= carrier.share <= carrier.high


@pytest.mark.parametrize("seed", range(5))
def test_a_rise_of_everybody_is_nobodys(seed: int) -> None:
    found = attribute(cells({}, 180, seed))
    assert found.carrier.place == ()
    assert found.carrier.of_rise == pytest.approx(1.0)


def test_an_outbound_wave_is_called_one() -> None:
    wave = [
        Cell(
            place=(Slice("queue", "invites"),),
            contacts=100,
            hits=60,
            past_contacts=2000,
            past_hits=100,
            proactive=55,
            past_proactive=10,
        )
    ]
    found = attribute(wave)
    assert found.is_campaign
    assert found.proactive_share == pytest.approx(55 / 60)
    assert not attribute(cells({}, 180)).is_campaign
    assert attribute([]).proactive_share is None
