"""What a person points at by the beginning of its id, and who the person is."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING

from console.session import FAILED, Refusal, Session

if TYPE_CHECKING:
    from warehouse.read import FindingPlace
    from warehouse.store import Warehouse

MOST = 20  # ids named where a prefix fits several


def interaction_meant(session: Session, warehouse: Warehouse, prefix: str) -> str:
    """Return the id meant: the one written in full, or the only one that begins so.

    Raises:
        Refusal: None begins so, or several do.
    """
    from warehouse.read import matching_ids

    fitting = matching_ids(warehouse, prefix, limit=MOST + 1)
    return prefix if prefix in fitting else fitting[_only(session, "show", prefix, fitting)]


def finding_meant(session: Session, warehouse: Warehouse, prefix: str) -> FindingPlace:
    """Return the finding meant, of whatever version of its rule.

    Raises:
        Refusal: None begins so, or several do.
    """
    from warehouse.read import matching_findings

    fitting = matching_findings(warehouse, prefix, limit=MOST + 1)
    ids = [one.finding_id for one in fitting]
    return fitting[_only(session, "verdict", prefix, ids)]


def _only(session: Session, section: str, prefix: str, fitting: Sequence[str]) -> int:
    if not fitting:
        raise Refusal(session.texts(f"{section}.none", id=prefix), code=FAILED)
    if len(fitting) > 1:
        ids = ", ".join(fitting[:MOST]) + (" …" if len(fitting) > MOST else "")
        count = f"{MOST}+" if len(fitting) > MOST else str(len(fitting))
        said = session.texts(f"{section}.several", count=count, id=prefix, ids=ids)
        raise Refusal(said, code=FAILED)
    return 0


def myself(session: Session, by: str) -> str:
    """Return who speaks: the name given, else the machine's name for the user.

    Raises:
        Refusal: Neither is known.
    """
    if by.strip():
        return by.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user, as in a bare container
        raise Refusal(session.texts("verdict.bad_by")) from None
