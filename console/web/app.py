"""The application: every route, and what is answered when something is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from console.web import (
    appeals,
    calibration,
    coaching,
    hotwords,
    interaction,
    judging,
    mine,
    people,
    reports,
    rules,
    sampling,
    signing,
    sound,
    today,
    worklist,
)
from console.web.access import NotAllowed, SignInFirst, signed_in
from console.web.rendering import page
from console.web.shield import SAFE, Shield
from pipelines.desk import Desk

STATIC = Path(__file__).parent / "static"
ROUTERS = (
    appeals.router,
    calibration.router,
    coaching.router,
    hotwords.router,
    interaction.router,
    judging.router,
    mine.router,
    people.router,
    reports.router,
    rules.router,
    sampling.router,
    signing.router,
    sound.router,
    today.router,
    worklist.router,
)
Answer = Callable[[Request, Exception], Awaitable[Response] | Response]


def application(desk: Desk) -> FastAPI:
    """Return the console of a centre.

    Args:
        desk: The open desk; whoever opened it closes it.
    """
    app = FastAPI(title="Tingjian", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(SignInFirst, _sign_in)
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(RequestValidationError, _not_there)
    app.add_exception_handler(HTTPException, _refused)
    app.add_middleware(Shield)
    return app


def _sign_in(request: Request, _error: Exception) -> Response:
    if request.method not in SAFE:
        return page(request, "refused", None, status=401, why="sign_in_first")
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", status_code=303)


def _not_allowed(request: Request, error: Exception) -> Response:
    why = error.why if isinstance(error, NotAllowed) else "not_allowed"
    status = {"bad_form": 400, "not_there": 404}.get(why, 403)
    return page(request, "refused", signed_in(request), status=status, why=why)


def _not_there(request: Request, _error: Exception) -> Response:
    return page(request, "refused", signed_in(request), status=404, why="not_there")


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    why = "not_there" if status in {404, 405} else "bad_form"
    return page(request, "refused", signed_in(request), status=status, why=why)
