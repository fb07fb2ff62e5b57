"""What stands before every page: security headers, a limit to bodies, and no cross-site posts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1_000_000
"""Bytes: the largest form is a rule file."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
)


class TooLarge(Exception):  # noqa: N818 - it is refused, nothing is wrong here
    """A body that is larger than any form."""


class Shield:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _with_headers(scope, send)
        refused = refusal(scope["method"], Headers(scope=scope))
        if refused is not None:
            await refused(scope, receive, guarded)
            return
        try:
            await self._app(scope, _limited(receive), guarded)
        except TooLarge:
            await PlainTextResponse("too large", status_code=413)(scope, receive, guarded)


def refusal(method: str, headers: Headers) -> PlainTextResponse | None:
    """Return why a request is refused before anybody looks at it; None where it is not.

    A post must come from a page of this very origin. Browsers say where it comes from in
    ``Sec-Fetch-Site`` and ``Origin``; what says neither is no browser, and carries no cookie that
    it was not given.
    """
    if method not in SAFE:
        site = headers.get("sec-fetch-site", "same-origin")
        origin = headers.get("origin")
        host = headers.get("host", "")
        if site not in {"same-origin", "none"} or not _is_same(origin, host):
            return PlainTextResponse("cross-site request refused", status_code=403)
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit():
        return PlainTextResponse("bad content-length", status_code=400)
    if len(length) > len(str(LARGEST_BODY)) or int(length) > LARGEST_BODY:
        return PlainTextResponse("too large", status_code=413)
    return None


def _is_same(origin: str | None, host: str) -> bool:
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == host
    except ValueError:
        return False


def _limited(receive: Receive) -> Receive:
    got = 0

    async def limited() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > LARGEST_BODY:
            raise TooLarge
        return message

    return limited


def _with_headers(scope: Scope, send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if not scope["path"].startswith("/static/"):
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return guarded
