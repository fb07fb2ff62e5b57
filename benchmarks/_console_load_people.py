"""People at work for ``console_load``: they page, filter, search, open and judge over HTTP."""

from __future__ import annotations

import asyncio
import math
import random
import re
import time
from dataclasses import dataclass, field

import httpx

from benchmarks._console_load_centre import WORDS
from console.web.access import COOKIE

_FORM = re.compile(r'name="finding" value="(\w+)"><input type="hidden" name="seen" value="(\w*)"')
_TOKEN = re.compile(r'name="csrf" value="(\w+)"')
_LINK = re.compile(r"/interaction\?id=([\w-]+)")
_REST_S = 0.1


@dataclass
class Seen:
    """What the reviewers met.

    Attributes:
        took: Latencies in ms by kind of page, errors left out.
        errors: Answers that nobody should get.
        cut: Requests that were cut off while the server was down.
        acknowledged: Findings whose verdict the server acknowledged.
        heaviest: The largest page in bytes, by kind.
        is_down: Whether the server was killed and is not back yet.
        enough: So many verdicts end the work before its time.
    """

    took: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    cut: int = 0
    acknowledged: set[str] = field(default_factory=set)
    heaviest: dict[str, int] = field(default_factory=dict)
    is_down: bool = False
    enough: float = math.inf

    def is_over(self, until: float) -> bool:
        """Whether the work ends."""
        return time.monotonic() >= until or len(self.acknowledged) >= self.enough


class CutOff(Exception):  # noqa: N818 - the server was killed, as it should be
    """No answer: the server is down."""


@dataclass
class Reviewer:
    """One person's browser, as far as the server knows; the hasty ones judge and do not search."""

    number: int
    seen: Seen
    client: httpx.AsyncClient
    think_s: float
    is_hasty: bool = False
    csrf: str = ""

    async def asked(
        self, kind: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Ask for a page and note how long it took.

        Raises:
            CutOff: The server was killed.
        """
        begun = time.perf_counter()
        try:
            answer = await (self.client.post(path, data=form) if form else self.client.get(path))
        except httpx.TransportError as error:
            if not self.seen.is_down:
                self.seen.errors.append(f"{kind} {type(error).__name__}")
            self.seen.cut += 1
            raise CutOff from None
        self.seen.took.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
        if answer.status_code not in {200, 303, 409}:
            self.seen.errors.append(f"{kind} {answer.status_code}")
        largest = max(self.seen.heaviest.get(kind, 0), len(answer.content))
        self.seen.heaviest[kind] = largest
        return answer.status_code, answer.text

    async def work(self, until: float) -> None:
        """Page, filter, search, open and judge until the time is over."""
        drawing = random.Random(self.number)  # noqa: S311 - a drawing, no secret
        await asyncio.sleep(self.think_s * drawing.random())
        while not self.seen.is_over(until):
            try:
                await self.round(drawing)
            except CutOff:
                while self.seen.is_down and not self.seen.is_over(until):
                    await asyncio.sleep(_REST_S)

    async def round(self, drawing: random.Random) -> None:
        """Look for an interaction in one of four ways, and judge one finding of it."""
        _, page = await self.asked(
            "worklist", f"/worklist?state=open&after={drawing.randrange(900)}"
        )
        token = _TOKEN.search(page)
        self.csrf = token[1] if token else self.csrf
        await asyncio.sleep(self.think_s * drawing.random())
        if not self.is_hasty:
            await self.look_around(drawing)
        about = drawing.choice(_LINK.findall(page) or [""])
        _, page = await self.asked("interaction", f"/interaction?id={about}")
        await asyncio.sleep(self.think_s * drawing.random())
        form = _FORM.search(page)
        if form:
            await self.judge(about, form[1], form[2])

    async def look_around(self, drawing: random.Random) -> None:
        """Filter and search."""
        filters = (
            f"queue=Q{drawing.randrange(12)}&severity=critical",
            f"agent=A{drawing.randrange(800)}&rule=rule-{drawing.randrange(40)}",
            f"product=P{drawing.randrange(30)}&from=2026-03-02&to=2026-03-04",
        )
        await self.asked("filter", f"/worklist?state=open&{drawing.choice(filters)}")
        if drawing.random() < 1 / 4:
            await self.asked("measure", "/worklist?state=&measure=talk_share&least=0.99")
        await self.asked("search", f"/worklist?state=open&q={drawing.choice(WORDS)}")

    async def judge(self, about: str, finding: str, seen: str) -> None:
        """Give a verdict; somebody may have been faster."""
        form = {
            "id": about, "finding": finding, "seen": seen, "cause": "", "decision": "confirmed",
            "note": "", "csrf": self.csrf,
        }  # fmt: skip
        status, _ = await self.asked("verdict", "/verdict", form)
        if status == 303:
            self.seen.acknowledged.add(finding)


async def working(address: str, number: int, until: float, seen: Seen, *, think_s: float) -> None:
    """Let one person work until the time is over."""
    async with httpx.AsyncClient(
        base_url=address, cookies={COOKIE: f"t{number}"}, timeout=60
    ) as client:
        is_hasty = seen.enough < math.inf
        await Reviewer(number, seen, client, think_s, is_hasty).work(until)
