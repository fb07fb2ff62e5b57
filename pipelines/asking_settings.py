"""Whether people may ask a language model: the section ``[asking]`` of the settings."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator


class AskingSettings(BaseModel):
    """A language model of the centre's own that people may ask; none by default.

    Attributes:
        url: Where its API begins, as ``http://127.0.0.1:11434/v1``; empty: nobody is asked.
        model: Its name there.
        elsewhere: Whether it may be on another machine: then what is asked about leaves this one,
            without what is personal.
        timeout_s: Longest wait for an answer, in seconds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, Field(pattern=r"^(https?://[^\s/?#@]+(/[^\s?#]*)?)?$")] = ""
    model: str = ""
    elsewhere: bool = False
    timeout_s: Annotated[float, Field(gt=0, le=3600)] = 120.0

    @model_validator(mode="after")
    def _stays_here(self) -> Self:
        host = urlsplit(self.url).hostname or ""
        if host and not self.elsewhere and not _is_here(host):
            msg = f"{host!r} is not this machine; name 127.0.0.1, or set asking.elsewhere = true"
            raise ValueError(msg)
        return self


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
