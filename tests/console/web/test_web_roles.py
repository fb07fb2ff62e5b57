"""Every route and every role: who gets in, and that nobody else does."""

from __future__ import annotations

import httpx
import pytest
from fastapi.routing import APIRoute

from console.web.app import ROUTERS

NAMES = {"reviewer": "rui", "lead": "lead", "trainer": "tutor", "agent": "a1", "admin": "root"}
EVERYBODY = set(NAMES)
OPEN = {"GET /alive", "GET /sign-in", "POST /sign-in", "GET /language/{language}"}
MAY = {
    "GET /": EVERYBODY,
    "GET /me": EVERYBODY,
    "POST /me": EVERYBODY,
    "POST /sign-out": EVERYBODY,
    "GET /today": {"reviewer", "lead", "trainer", "admin"},
    "GET /worklist": {"reviewer", "lead", "trainer"},
    "POST /worklist/next": {"reviewer", "lead"},
    "POST /worklist/assign": {"lead"},
    "POST /worklist/views": {"reviewer", "lead", "trainer"},
    "GET /interaction": {"reviewer", "lead", "trainer", "agent"},
    "GET /sound": {"reviewer", "lead", "trainer", "agent"},
    "POST /reveal": {"reviewer", "lead"},
    "POST /verdict": {"reviewer", "lead"},
    "POST /verdict/undo": {"reviewer", "lead"},
    "POST /review": {"reviewer", "lead"},
    "POST /answers": {"reviewer", "lead"},
    "POST /correction": {"reviewer", "lead"},
    "GET /appeals": {"reviewer", "lead", "agent"},
    "POST /appeals": {"agent"},
    "POST /appeals/withdraw": {"agent"},
    "POST /appeals/decide": {"reviewer", "lead"},
    "GET /mine": {"agent"},
    "GET /mine/lesson": {"agent"},
    "POST /mine/acknowledge": {"agent"},
    "GET /sampling": {"lead", "trainer", "admin"},
    "GET /calibration": {"reviewer", "lead"},
    "POST /calibration": {"lead"},
    "POST /calibration/close": {"lead"},
    "GET /calibration/round": {"reviewer", "lead"},
    "POST /calibration/answers": {"reviewer", "lead"},
    "GET /coaching": {"lead", "trainer"},
    "GET /coaching/new": {"lead", "trainer"},
    "POST /coaching/case": {"lead", "trainer"},
    "POST /coaching/collection": {"lead", "trainer"},
    "POST /coaching/collection/remove": {"lead", "trainer"},
    "POST /coaching/give": {"lead", "trainer"},
    "GET /coaching/clip": EVERYBODY,
    "GET /coaching/export": {"lead", "trainer"},
    "GET /rules": {"reviewer", "lead", "trainer", "admin"},
    "GET /rules/one": {"reviewer", "lead", "trainer", "admin"},
    "GET /rules/draft": {"lead", "admin"},
    "POST /rules/draft": {"lead", "admin"},
    "GET /hotwords": {"reviewer", "lead", "trainer", "admin"},
    "POST /hotwords": {"lead"},
    "GET /reports": {"lead", "trainer", "admin"},
    "GET /reports/file": {"lead", "trainer", "admin"},
    "GET /people": {"admin"},
    "POST /people": {"admin"},
    "GET /audit": {"admin"},
}


def routes() -> set[str]:
    return {
        f"{method} {route.path}"
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }


def test_the_table_names_every_route() -> None:
    assert routes() == MAY.keys() | OPEN


@pytest.mark.parametrize("role", NAMES)
def test_who_may_do_what(web, role: str) -> None:
    signed = web(NAMES[role])
    for route, roles in MAY.items():
        if route == "POST /sign-out":
            continue
        method, path = route.split()
        answer = signed.get(path) if method == "GET" else signed.post(path)
        assert answer.status_code < 500, route
        if role in roles:
            assert answer.status_code != 403, route  # 400 and 404: let in, nothing asked for
        else:
            assert answer.status_code == 403, route
            assert "您没有这项权限" in answer.text
    assert signed.post("/sign-out").status_code == 303


def test_nobody_gets_in_without_signing_in(webcentre) -> None:
    with httpx.Client(base_url=webcentre.address) as client:
        for route in MAY:
            method, path = route.split()
            answer = client.request(method, path, data={} if method == "POST" else None)
            if method == "GET":
                assert answer.status_code == 303, route
                assert answer.headers["location"].startswith("/sign-in?next=")
            else:
                assert answer.status_code in {400, 401}, route


@pytest.mark.parametrize("route", sorted(route for route in MAY if route.startswith("POST")))
def test_no_post_without_the_token_of_the_form(web, route: str) -> None:
    path = route.split()[1]
    for role in NAMES.values():
        answer = web(role).client.post(path, data={"csrf": "0" * 64})
        assert answer.status_code == 403


def test_agents_see_only_their_own(web) -> None:
    a1 = web("a1")
    assert a1.get("/interaction", id="call-0").status_code == 200  # of agent A1
    assert a1.get("/interaction", id="call-1").status_code == 404
    assert a1.get("/sound", id="call-1").status_code == 404
    assert "call-1" not in a1.get("/mine").text
    assert "call-0" in a1.get("/mine").text
