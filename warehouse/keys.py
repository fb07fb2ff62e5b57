"""Encryption at rest: the keys of a centre, and files sealed with them.

A centre is encrypted where ``keys.json`` lies beside its spool and warehouses. It holds the data
keys, each sealed with the centre's own key (a key-wrapping key, NIST SP 800-57 part 1), which is
kept elsewhere and handed over in the environment: ``TINGJIAN_KEY``, or ``TINGJIAN_KEY_FILE`` with
the path of a file that nobody else may read. A sealed file says which data key it is sealed with,
so that old and new files stand side by side while keys are changed; a file that is not sealed is
read as it is.

Files are sealed with AES-256-GCM (NIST SP 800-38D) under a random 96-bit nonce; what a file is
called goes into the check, so that no file passes for another.
"""

from __future__ import annotations

import binascii
import hmac
import json
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_hex

from warehouse.problems import WarehouseProblem

KEYS_FILE = "keys.json"
KEY, KEY_FILE = "TINGJIAN_KEY", "TINGJIAN_KEY_FILE"
"""Names in the environment: the key itself, and the path of the file that it is in."""
_MAGIC = b"TINGJIAN-SEALED-1\n"
_BYTES, _NONCE, _ID = 32, 12, 16
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Damaged(Exception):  # noqa: N818 - of a file, not of the program
    """A sealed file is not what was written."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The data keys of a centre.

    Attributes:
        active: Which of ``known`` new files are sealed with.
        known: By id; never shown, and not in ``repr``.
    """

    active: str
    known: Mapping[str, bytes] = field(repr=False)

    def sealed(self, content: bytes, about: str) -> bytes:
        """Return content sealed with the active key; ``about`` names what it is."""
        head = _MAGIC + self.active.encode()
        nonce = token_bytes(_NONCE)
        return head + nonce + _sealed(self.known[self.active], nonce, content, head, about)

    def opened(self, content: bytes, about: str) -> bytes:
        """Return what a file holds, as ``opened`` does."""
        if not is_sealed(content):
            return content
        key_id, start = sealed_with(content), len(_MAGIC) + _ID
        if key_id not in self.known:
            raise WarehouseProblem(KEYS_FILE, "keys_gone", about=about)
        return _opened(self.known[key_id], content[start:], content[:start], about)

    def database(self, key_id: str) -> str:
        """Return what DuckDB is given as key: derived, so that no key serves two ciphers."""
        return hmac.new(self.known[key_id], b"duckdb", sha256).hexdigest()


def new_key() -> bytes:
    """Return a key at random: 256 bits."""
    return token_bytes(_BYTES)


def written(key: bytes) -> str:
    """Return a key as it stands in a file or the environment."""
    return b64encode(key).decode()


def is_sealed(content: bytes) -> bool:
    """Whether content is that of a sealed file."""
    return content.startswith(_MAGIC)


def sealed_with(content: bytes) -> str:
    """Return the id of the data key that content is sealed with; empty for plain content."""
    return content[len(_MAGIC) :][:_ID].decode("ascii", "replace") if is_sealed(content) else ""


def opened(content: bytes, about: str, folder: Path) -> bytes:
    """Return what a file holds; what is not sealed is returned as it is.

    Args:
        content: Of the file.
        about: As when it was sealed.
        folder: Where ``keys.json`` lies.

    Raises:
        Damaged: Its bytes are not those that were written.
        WarehouseProblem: There is no key for it, or not the right one.
    """
    if not is_sealed(content):
        return content
    keys = keys_of(folder)
    if keys is None:
        raise WarehouseProblem(str(folder / KEYS_FILE), "keys_gone", about=about)
    return keys.opened(content, about)


def keys_of(folder: Path, environment: Mapping[str, str] = os.environ) -> Keys | None:
    """Return the data keys of a centre; None where it is not encrypted.

    Args:
        folder: Where ``keys.json`` lies.
        environment: Where the centre's key is told.

    Raises:
        WarehouseProblem: It is, and the centre's key is missing, wrong or readable by others.
    """
    try:
        content = (folder / KEYS_FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise WarehouseProblem(str(folder / KEYS_FILE), "keys_damaged", error=why) from None
    return _unlocked(str(folder / KEYS_FILE), content, centre_key(environment))


def centre_key(environment: Mapping[str, str]) -> bytes:
    """Return the centre's key from the environment.

    Raises:
        WarehouseProblem: There is none, it is no key, or others may read its file.
    """
    if environment.get(KEY):
        return _read(environment[KEY], KEY)
    if environment.get(KEY_FILE):
        return key_in(Path(environment[KEY_FILE]))
    raise WarehouseProblem(KEYS_FILE, "key_missing", key=KEY, file=KEY_FILE)


def key_in(path: Path) -> bytes:
    """Return the key in a file.

    Raises:
        WarehouseProblem: As ``centre_key``.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii", "replace")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise WarehouseProblem(str(path), "key_file_closed", error=why) from None
    if os.name == "posix" and mode & _OTHERS:
        raise WarehouseProblem(str(path), "key_file_open", mode=f"{stat.S_IMODE(mode):03o}")
    return _read(text, str(path))


def with_new_key(keys: Keys | None) -> Keys:
    """Return the keys with one more, which is the active one."""
    key_id = token_hex(_ID // 2)
    return Keys(key_id, {**(keys.known if keys else {}), key_id: new_key()})


def keep_keys(folder: Path, keys: Keys, centre: bytes) -> None:
    """Write ``keys.json``, whole or not at all; ``centre`` is the centre's key."""
    wrapped = {}
    for key_id, key in sorted(keys.known.items()):
        nonce = token_bytes(_NONCE)
        wrapped[key_id] = written(nonce + _sealed(centre, nonce, key, _MAGIC, key_id))
    body = json.dumps({"version": 1, "active": keys.active, "keys": wrapped}, indent=1)
    replace_file(folder / KEYS_FILE, body.encode())


def replace_file(path: Path, content: bytes) -> None:
    """Write a file aside, have the disk hold it, and put it in the place of the old one."""
    aside = path.with_name(f".{path.name}.writing")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    place = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _read(text: str, place: str) -> bytes:
    try:
        key = b64decode(text.strip(), validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != _BYTES:
        raise WarehouseProblem(place, "key_unfit")
    return key


@lru_cache(maxsize=8)
def _unlocked(place: str, content: bytes, centre: bytes) -> Keys:
    try:
        body = json.loads(content)
        wrapped = {str(key_id): b64decode(text) for key_id, text in body["keys"].items()}
        active = str(body["active"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WarehouseProblem(place, "keys_damaged", error=type(error).__name__) from None
    if active not in wrapped:
        raise WarehouseProblem(place, "keys_damaged", error=f"no {active}")
    try:
        known = {key_id: _opened(centre, w, _MAGIC, key_id) for key_id, w in wrapped.items()}
    except Damaged:
        raise WarehouseProblem(place, "key_wrong") from None
    return Keys(active, known)


def _sealed(key: bytes, nonce: bytes, content: bytes, head: bytes, about: str) -> bytes:
    # plain centres do without the library
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    return AESGCM(key).encrypt(nonce, content, head + about.encode())


def _opened(key: bytes, content: bytes, head: bytes, about: str) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        return AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], head + about.encode())
    except (InvalidTag, ValueError):
        raise Damaged from None
