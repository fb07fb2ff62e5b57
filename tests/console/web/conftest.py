"""A console that answers, and people who are signed in to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from console.web.access import COOKIE
from console.web.passwords import token_hash
from tests.desk_centre import Served, make, served
from warehouse.sessions import SignedIn, keep_session


@dataclass
class Signed:
    """One person's browser, as far as forms and links go."""

    client: httpx.Client
    csrf: str

    def get(self, path: str, **asked: str) -> httpx.Response:
        return self.client.get(path, params=asked or None)

    def post(self, path: str, **fields: object) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **fields})


@pytest.fixture(scope="session")
def webcentre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One console for all tests that do not stand in each other's way."""
    with served(make(tmp_path_factory.mktemp("web") / "centre")) as one:
        yield one


def sign_in(console: Served, name: str) -> Signed:
    now = datetime.now(UTC)
    keep_session(console.desk.warehouse, SignedIn(token_hash(f"token-{name}"), name, now, now))
    client = httpx.Client(base_url=console.address, cookies={COOKIE: f"token-{name}"}, timeout=60)
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get("/me").text)
    assert found
    return Signed(client, found[1])


@pytest.fixture
def web(webcentre: Served) -> Iterator[Callable[[str], Signed]]:
    """Sign somebody in."""
    opened: list[Signed] = []

    def signed(name: str) -> Signed:
        opened.append(sign_in(webcentre, name))
        return opened[-1]

    yield signed
    for one in opened:
        one.client.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    """A small console of one's own."""
    with served(make(tmp_path / "centre", calls=1, chats=4)) as one:
        yield one
