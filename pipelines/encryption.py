"""Encrypting a centre, and changing its keys."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.settings import Settings
from warehouse.keys import KEY_FILE, KEYS_FILE, centre_key, key_in, keys_of, new_key, written
from warehouse.problems import WarehouseProblem
from warehouse.rekeying import Rekeyed, rekey
from warehouse.spool import Spool


def is_encrypted(settings: Settings) -> bool:
    """Whether what the centre keeps is encrypted."""
    return (settings.folder / KEYS_FILE).exists()


def opens(settings: Settings, key_file: Path) -> bool:
    """Whether the key in a file is the centre's."""
    try:
        return keys_of(settings.folder, {KEY_FILE: str(key_file)}) is not None
    except WarehouseProblem:
        return False


def make_key(path: Path) -> None:
    """Write a new centre's key that only the owner may read.

    Raises:
        WarehouseProblem: The file is there already, or cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WarehouseProblem(str(path), "key_file_there") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise WarehouseProblem(str(path), "key_file_closed", error=why) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{written(new_key())}\n")
        file.flush()
        os.fsync(file.fileno())


def encrypt_anew(settings: Settings, new_key_file: Path | None = None) -> Rekeyed:
    """Put everything that is kept under a new data key: a plain centre's too.

    What can be made again from what is kept (sound for listeners, the index of the console's
    search) is removed. The recordings and texts in the inbox stay as they are: they are yours.

    Args:
        settings: The centre's; no night and no console may be running.
        new_key_file: Of the key that opens the centre from now on; None: the one that does.

    Raises:
        WarehouseProblem: As ``warehouse.rekeying.rekey``.
    """
    keys_of(settings.folder)  # the key that it has now, before anything else is asked
    centre = key_in(new_key_file) if new_key_file else centre_key(os.environ)
    warehouses = (settings.warehouse, settings.console_warehouse)
    done = rekey(settings.folder, warehouses, Spool(settings.spool), centre=centre)
    remade = [*settings.sound.glob("*"), *settings.folder.glob(f"{settings.search_index.name}*")]
    for path in remade:
        path.unlink(missing_ok=True)
    return done
