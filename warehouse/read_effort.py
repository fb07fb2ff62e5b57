"""What repeats, first-contact resolution and effort are told from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warehouse.plain import moment, restored
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class CustomerContact:
    """One interaction of a known customer.

    Attributes:
        started_at: UTC.
        issue: Queue and product.
        effort: Points; None where it was not measured.
    """

    interaction_id: str
    customer: str
    started_at: datetime
    issue: str
    effort: float | None


def customer_contacts(warehouse: Warehouse) -> list[CustomerContact]:
    """Return every interaction of a known customer, the earliest first."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT interaction_id, customer, epoch_us(started_at), issue, effort "
            "FROM customer_contacts ORDER BY started_at, interaction_id"
        )
    return [
        CustomerContact(restored(one), restored(who), moment(at), restored(issue), effort)
        for one, who, at, issue, effort in rows
    ]
