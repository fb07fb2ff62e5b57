"""Opening the warehouse file: plain, or with DuckDB's own encryption.

DuckDB writes encrypted files (AES-256-GCM, ATTACH … ENCRYPTION_KEY) only with OpenSSL's random
numbers, which its extension ``httpfs`` brings; it reads them without. The extension is not in
DuckDB's wheel and nothing is downloaded: it is taken from the wheel ``duckdb-extension-httpfs`` of
the same version, or from DuckDB's own folder. DuckDB checks who signed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from warehouse.keys import KEYS_FILE, Keys, keys_of
from warehouse.problems import WarehouseBusy, WarehouseProblem

# Nothing is fetched from a network, ever; and DuckDB 2 writes what DuckDB 1.5 can read.
STORAGE = "v1.5.0"
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "storage_compatibility_version": STORAGE,
}
NAME = "kept"
"""Of an attached warehouse."""
_WRONG, _NOT_ENCRYPTED = "Wrong encryption key", "is not encrypted"
_NO_KEY = "without a key"


def connected(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Return a connection to a warehouse file; of one that is encrypted by ``attached``.

    Raises:
        WarehouseProblem: The file is encrypted and there is no key for it.
        duckdb.Error: As DuckDB has it.
    """
    keys = keys_of(path.parent)
    if keys is not None:
        return attached(path, keys, read_only=read_only)
    try:
        return duckdb.connect(str(path), read_only=read_only, config=dict(CONFIG))
    except duckdb.CatalogException as error:
        if _NO_KEY not in str(error):
            raise
        raise WarehouseProblem(str(path.parent / KEYS_FILE), "keys_gone", about=path.name) from None


def attached(path: Path, keys: Keys, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Return a connection with the file attached as ``NAME``; a new one with the active key.

    One that is plain still, or has an older key, is opened as it is (``warehouse.rekeying``).

    Raises:
        WarehouseBusy: This process has it open in the other mode.
        WarehouseProblem: No key fits, or DuckDB lacks what writing needs.
        duckdb.Error: As DuckDB has it.
    """
    place = path.resolve()
    instance = sha256(str(place).encode()).hexdigest()[:24]
    # all who open one file in one process share its one instance, as with a plain file
    spilling = {"temp_directory": f"{place}.tmp", "temp_file_encryption": "true"}
    config: dict[str, Any] = {**CONFIG, **spilling}
    connection = duckdb.connect(f":memory:{instance}", config=config)
    try:
        if not read_only:
            make_ready(connection, place)
        for key in _tried(keys, place):
            if _attach(connection, place, key, read_only=read_only):
                _check_mode(connection, path, read_only=read_only)
                return connection
        raise WarehouseProblem(str(path.parent / KEYS_FILE), "keys_gone", about=path.name)  # noqa: TRY301
    except BaseException:
        connection.close()
        raise


def is_attached(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a connection looks at an attached file: its cursors must be told to."""
    return connection.execute("SELECT current_database()").fetchone() == (NAME,)


def make_ready(connection: duckdb.DuckDBPyConnection, place: Path) -> None:
    """Have DuckDB able to write encrypted files.

    Raises:
        WarehouseProblem: The extension is not there.
    """
    for name in _extensions():
        try:
            connection.execute(f"LOAD {name}")
        except duckdb.Error:
            continue
        return
    raise WarehouseProblem(str(place), "cipher_missing", version=duckdb.__version__)


def check_ready(path: Path) -> None:
    """Check that an encrypted warehouse could be written.

    Raises:
        WarehouseProblem: As ``make_ready``.
    """
    with closing(duckdb.connect(":memory:", config=dict(CONFIG))) as connection:
        make_ready(connection, path)


def _extensions() -> Iterator[str]:
    spec = find_spec("duckdb_extension_httpfs")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(folder) / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
        if file.is_file():
            yield quoted(str(file))
    yield "httpfs"


def quoted(text: str) -> str:
    """Return a text as a string of SQL: ATTACH and LOAD take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _tried(keys: Keys, place: Path) -> list[str]:
    """Return the keys to try, the likeliest first; empty for none."""
    active = keys.database(keys.active)
    if not place.exists():
        return [active]
    return [active, *(keys.database(one) for one in keys.known if one != keys.active), ""]


def _attach(
    connection: duckdb.DuckDBPyConnection, place: Path, key: str, *, read_only: bool
) -> bool:
    """Attach the file; False where it has another key."""
    options = [f"ENCRYPTION_KEY {quoted(key)}"] if key else []
    options += ["READ_ONLY"] if read_only else [f"STORAGE_VERSION '{STORAGE}'"]
    try:
        connection.execute(
            f"ATTACH IF NOT EXISTS {quoted(str(place))} AS {NAME} ({', '.join(options)})"
        )
    except duckdb.Error as error:
        if any(one in str(error) for one in (_WRONG, _NOT_ENCRYPTED, _NO_KEY)):
            return False
        raise
    connection.execute(f"USE {NAME}")
    return True


def _check_mode(connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
    found = connection.execute(
        "SELECT readonly FROM duckdb_databases() WHERE database_name = $name", {"name": NAME}
    ).fetchone()
    if found is not None and bool(found[0]) != read_only:
        raise WarehouseBusy(str(path), "warehouse_open_here")
