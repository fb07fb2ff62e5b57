"""What a centre needs of this machine, and whether it is here. Nothing is loaded or changed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

OLDEST, NEWEST = (3, 11), (3, 12)
GIB = 1 << 30
# A night's shards and whisper's largest weights (turbo: 1.6 GB) fit side by side.
LEAST_FREE = 5 * GIB
_EXTRA = re.compile(r"extra == ['\"]([^'\"]+)['\"]")
BASE = "base"  # what Tingjian cannot do without; the others are its extras


class State(StrEnum):
    """Whether something is in order."""

    OK = "ok"
    ADVICE = "advice"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: Key of its name among the texts (``doctor.name.*``).
        says: Key of what was found (``doctor.says.*``); ``values`` fill its places.
        remedy: Key of what to do (``doctor.remedy.*``); empty where nothing is to be done.
    """

    name: str
    state: State
    says: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    remedy: str = ""


def of_machine(centre: Path) -> Iterator[Check]:
    """Look at what does not depend on the centre's settings."""
    yield _python()
    for group, requirements in needed().items():
        yield _packages(group, requirements)
    yield _disk(centre)
    yield _writing(centre)


def _python() -> Check:
    here = ".".join(str(part) for part in sys.version_info[:3])
    fits = OLDEST <= sys.version_info[:2] <= NEWEST
    state = State.OK if fits else State.MISSING
    return Check("python", state, "python", {"version": here}, "" if fits else "python")


def needed() -> dict[str, list[Requirement]]:
    """Return the packages that the project asks for: ``base``, and those of each extra."""
    found: dict[str, list[Requirement]] = {BASE: []}
    for line in _of_sources() or requires("tingjian") or []:
        requirement = Requirement(line)
        extra = _EXTRA.search(str(requirement.marker or ""))
        if extra is not None or requirement.marker is None or requirement.marker.evaluate():
            found.setdefault(extra[1] if extra else BASE, []).append(requirement)
    return found


def _of_sources() -> list[str]:
    """What the sources ask for, where Tingjian runs from them: an editable install is older."""
    path = Path(__file__).parents[1] / "pyproject.toml"
    if not path.is_file():
        return []
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    lines = list(project["dependencies"])
    for extra, more in project["optional-dependencies"].items():
        lines += [f'{line}; extra == "{extra}"' for line in more]
    return lines


def _packages(group: str, requirements: Sequence[Requirement]) -> Check:
    missing = [str(one).partition(";")[0].strip() for one in requirements if not _is_met(one)]
    values: dict[str, str | int] = {"group": group, "count": len(requirements)}
    if not missing:
        return Check("packages", State.OK, "packages", values)
    values["names"] = ", ".join(missing)
    values["quoted"] = shlex.join(missing)
    state = State.MISSING if group == BASE else State.ADVICE
    says = "espeak_missing" if group == "samples" else "packages_missing"
    return Check("packages", state, says, values, "packages")


def _is_met(requirement: Requirement) -> bool:
    try:
        return requirement.specifier.contains(version(requirement.name), prereleases=True)
    except PackageNotFoundError:
        return False


def _disk(centre: Path) -> Check:
    place = _nearest(centre)
    free = shutil.disk_usage(place).free
    enough = free >= LEAST_FREE
    values: dict[str, str | int] = {"free": f"{free / GIB:.1f}", "path": str(place)}
    state = State.OK if enough else State.ADVICE
    return Check("disk", state, "disk", values, "" if enough else "disk")


def _writing(centre: Path) -> Check:
    """Write and remove a file: what the rights say and what a share allows may differ."""
    place = _nearest(centre)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        values: dict[str, str | int] = {"path": str(place), "reason": reason}
        return Check("writing", State.MISSING, "writing_refused", values, "writing")
    return Check("writing", State.OK, "writing", {"path": str(place)})


def _nearest(path: Path) -> Path:
    """The path itself, or the first folder above it that is there."""
    path = path.absolute()
    return next(place for place in (path, *path.parents) if place.is_dir())


def of_prefect() -> Iterator[Check]:
    """Look at which Prefect server a run would use, and whether it reports its use."""
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")  # as flows.py sets it
    os.environ.setdefault("DO_NOT_TRACK", "1")
    from prefect.settings import get_current_settings

    settings = get_current_settings()
    url = settings.api.url or ""
    if not url:
        yield Check("prefect", State.OK, "prefect_built_in")
    else:
        yield _server(url)
    yield _telemetry(url, is_on=settings.server.analytics_enabled)


def _telemetry(url: str, *, is_on: bool) -> Check:
    tracks = os.environ["DO_NOT_TRACK"].lower() not in {"1", "true", "yes", "on"}
    if is_on or tracks:
        return Check("telemetry", State.ADVICE, "telemetry_on", {}, "telemetry_on")
    if url:
        return Check("telemetry", State.ADVICE, "telemetry_there", {"url": url}, "telemetry_there")
    return Check("telemetry", State.OK, "telemetry")


def _server(url: str) -> Check:
    import httpx

    try:
        answer = httpx.get(f"{url.rstrip('/')}/health", timeout=3)
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        values: dict[str, str | int] = {"url": url, "reason": str(error) or type(error).__name__}
        return Check("prefect", State.MISSING, "prefect_unreachable", values, "prefect")
    return Check("prefect", State.OK, "prefect_reachable", {"url": url})
