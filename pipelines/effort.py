"""Effort over everything kept: repeats, first-contact resolution, hot spots, what follows what."""

from __future__ import annotations

from dataclasses import dataclass

from detectors.effort.contacts import (
    Contact,
    Following,
    Resolution,
    following,
    hot_spots,
    resolutions,
)
from warehouse.read_effort import customer_contacts
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class HotSpot:
    """An issue, its contacts of which effort is known, and their mean effort."""

    issue: str
    contacts: int
    effort: float


@dataclass(frozen=True, slots=True)
class Effort:
    """What serving cost the customers.

    Attributes:
        customers: Known ones; ``contacts`` their interactions.
        resolutions: First-contact resolution by window.
        hot_spots: Where most effort is, by sum.
        following: Which issue follows which.
    """

    customers: int
    contacts: int
    resolutions: tuple[Resolution, ...]
    hot_spots: tuple[HotSpot, ...]
    following: tuple[Following, ...]


def effort_of(warehouse: Warehouse) -> Effort | None:
    """Return the effort in everything kept; None where no interaction names its customer.

    Windows count as over up to the last contact, not up to today: the same file, the same figures.
    """
    kept = customer_contacts(warehouse)
    if not kept:
        return None
    contacts = [Contact(o.interaction_id, o.customer, o.started_at, o.issue) for o in kept]
    efforts = {o.interaction_id: o.effort for o in kept if o.effort is not None}
    return Effort(
        customers=len({one.customer for one in contacts}),
        contacts=len(contacts),
        resolutions=tuple(resolutions(contacts, until=contacts[-1].at)),
        hot_spots=tuple(HotSpot(*spot) for spot in hot_spots(contacts, efforts)),
        following=tuple(following(contacts)),
    )
