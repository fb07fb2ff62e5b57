"""Who is signed in. Sessions are not rebuilt from the spool: people sign in again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warehouse.plain import microseconds, moment, restored, safe
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One open session.

    Attributes:
        token_hash: SHA-256 of the token; the token itself is kept nowhere.
        seen_at: Of its last request, to the minute.
    """

    token_hash: str
    person_id: str
    opened_at: datetime
    seen_at: datetime


def session(warehouse: Warehouse, token_hash: str) -> SignedIn | None:
    """Return the session with this token; None where it was closed or never opened."""
    with warehouse.snapshot() as look:
        rows = look.rows(
            "SELECT person_id, epoch_us(opened_at), epoch_us(seen_at) FROM sessions "
            "WHERE token_hash = $token",
            token=token_hash,
        )
    if not rows:
        return None
    person, opened, seen = rows[0]
    return SignedIn(token_hash, restored(person), moment(opened), moment(seen))


def keep_session(warehouse: Warehouse, one: SignedIn) -> None:
    """Open a session, or note that it was seen."""
    warehouse.change(
        "DELETE FROM sessions WHERE token_hash = $token",
        "INSERT INTO sessions VALUES "
        "($token, $person, make_timestamptz($opened), make_timestamptz($seen))",
        token=one.token_hash,
        person=safe(one.person_id),
        opened=microseconds(one.opened_at),
        seen=microseconds(one.seen_at),
    )


def close_session(warehouse: Warehouse, token_hash: str) -> None:
    """Close one session."""
    warehouse.change("DELETE FROM sessions WHERE token_hash = $token", token=token_hash)


def close_sessions_of(warehouse: Warehouse, person_id: str, *, besides: str = "") -> None:
    """Close all sessions of a person: after a new password, or when they leave."""
    warehouse.change(
        "DELETE FROM sessions WHERE person_id = $person AND token_hash <> $besides",
        person=safe(person_id),
        besides=besides,
    )
