"""Passwords: kept as scrypt hashes, compared in constant time.

scrypt with N = 2^16, r = 8, p = 2, one of the settings of OWASP's *Password Storage Cheat Sheet*:
64 MiB and about a fifth of a second for each guess.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import scrypt, sha256
from hmac import compare_digest
from secrets import token_bytes, token_urlsafe

N, R, P = 2**16, 8, 2
_MEMORY = 256 * 2**20
_LONGEST = 256  # characters: a longer one only costs time
SALT = 16


def hashed(password: str) -> str:
    """Return a hash with everything that is needed to check a password against it."""
    salt = token_bytes(SALT)
    return f"scrypt${N}${R}${P}${_text(salt)}${_text(_derived(password, salt, (N, R, P)))}"


def is_right(password: str, kept: str) -> bool:
    """Whether ``password`` is the one that was hashed; never for an account without one.

    Takes as long where there is none, so that nobody learns who has an account.
    """
    try:
        kind, n, r, p, salt, digest = kept.split("$")
    except ValueError:
        _derived(password, b"-" * SALT, (N, R, P))
        return False
    found = _derived(password, b64decode(salt), (int(n), int(r), int(p)))
    return kind == "scrypt" and compare_digest(found, b64decode(digest))


def new_token() -> str:
    """Return 256 random bits, for a session."""
    return token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token: who reads the warehouse cannot sign in with it."""
    return sha256(token.encode()).hexdigest()


def _derived(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    secret = password[:_LONGEST].encode("utf-8", "backslashreplace")
    return scrypt(secret, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
