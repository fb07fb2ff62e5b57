"""Pages from templates, in the person's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from console.messages.texts import LANGUAGES, Texts
from console.session import clock
from console.web.access import desk_of
from console.web.roles import Person

LANGUAGE_COOKIE = "tingjian_lang"


@cache
def words() -> Mapping[str, tuple[str, str]]:
    """Return every text of the pages: key → zh, en."""
    source = files("console.web") / "words.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        f"{section}.{key}": (value[0], value[1])
        for section, entries in table.items()
        for key, value in entries.items()
    }


class Words:
    """The texts of the pages in one language; behind them those of the command line.

    Args:
        language: ``zh`` or ``en``.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.texts = _texts(language)
        self._place = LANGUAGES.index(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of ``key``, its ``{name}`` places filled."""
        pair = words().get(key)
        if pair is None:
            return self.texts(key, **values)
        return pair[self._place].format(**values)

    def known(self, key: str, otherwise: str) -> str:
        """Return the text of ``key``; ``otherwise`` where there is none."""
        pair = words().get(key)
        return pair[self._place] if pair else self.texts.known(key, otherwise=otherwise)

    def own(self, title: Mapping[str, str]) -> str:
        """Return a title that is written in both languages."""
        return title.get(self.language) or title.get("zh") or title.get("en") or ""


@cache
def _texts(language: str) -> Texts:
    return Texts(language)


def language_of(request: Request, person: Person | None) -> str:
    """Return the language to answer in: chosen on this machine, the person's, the centre's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    own = person.language if person else ""
    wanted = (chosen, own, desk_of(request).settings.centre.language)
    return next(one for one in wanted if one in LANGUAGES)


@cache
def environment() -> Environment:
    """Return what renders templates; everything that they show is escaped."""
    environment = Environment(
        loader=PackageLoader("console.web", "pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clock"] = clock
    return environment


def page(
    request: Request,
    template: str,
    person: Person | None,
    /,
    *,
    status: int = 200,
    **values: object,
) -> HTMLResponse:
    """Return the page ``template`` with ``values``.

    Args:
        request: What was asked.
        template: Name in ``pages/``, without its ending.
        person: Whoever asks; None: nobody is signed in.
        status: HTTP status.
        **values: What the template shows; all of it is escaped.
    """
    settings = desk_of(request).settings
    zone = ZoneInfo(settings.centre.timezone)

    def local(moment: datetime, form: str = "%Y-%m-%d %H:%M") -> str:
        return moment.astimezone(zone).strftime(form)

    text = (
        environment()
        .get_template(f"{template}.html")
        .render(
            t=Words(language_of(request, person)),
            me=person,
            centre=settings.centre,
            path=request.url.path,
            local=local,
            **values,
        )
    )
    return HTMLResponse(text.encode("utf-8", "replace"), status_code=status)


def words_of(request: Request, person: Person | None) -> Words:
    """Return the texts in the language to answer in."""
    return Words(language_of(request, person))
