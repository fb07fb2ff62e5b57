"""The sample centre's written contacts, without its inbox in between."""

from __future__ import annotations

from datetime import timedelta

from samples.centre import LAST_DAY
from samples.chats import contacts_of
from samples.contacts import Contact

SEED = 1


def planted(days: int) -> list[Contact]:
    """Return the written contacts of the last ``days`` days of the sample centre."""
    every = (LAST_DAY - timedelta(days=n) for n in reversed(range(days)))
    return [one for day in every for one in contacts_of(SEED, day, LAST_DAY)]
