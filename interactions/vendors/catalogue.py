"""The one list of transcript formats. A new one is one module and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from interactions.problems import Unreadable
from interactions.tables.json_lines import whole_json
from interactions.vendors import amazon_transcribe, contact_lens, plain
from interactions.vendors.transcript import Transcript

__all__ = ["VENDORS", "Transcript", "Vendor", "read_transcript", "vendor_of"]


class Vendor(Protocol):
    """What a module of ``interactions.vendors`` offers."""

    NAME: str

    def recognises(self, body: Mapping[str, object]) -> bool:
        """Say whether this JSON is in the vendor's format."""
        ...

    def read(self, body: Mapping[str, object], *, item: str) -> Transcript:
        """Return the transcript, or raise ``Unreadable``."""
        ...


# In this order: Contact Lens's files also answer to most of what Call Analytics' have.
VENDORS: Mapping[str, Vendor] = MappingProxyType(
    {vendor.NAME: vendor for vendor in (plain, contact_lens, amazon_transcribe)}
)


def read_transcript(path: Path, *, item: str) -> Transcript:
    """Read a transcript made elsewhere; its format is told by its content.

    Raises:
        Unreadable: It is none of the formats, its job failed, or something in it is wrong.
    """
    body = whole_json(path, item=item)
    vendor = _vendor(body)
    if vendor is None or not isinstance(body, dict):
        raise Unreadable(item, "not_a_transcript", known=", ".join(VENDORS))
    return vendor.read(body, item=item)


def vendor_of(path: Path, *, item: str) -> str | None:
    """Return the name of the format that the file is in, or None where it is no transcript.

    Raises:
        Unreadable: It cannot be read as JSON at all.
    """
    vendor = _vendor(whole_json(path, item=item))
    return None if vendor is None else vendor.NAME


def _vendor(body: object) -> Vendor | None:
    if not isinstance(body, dict):
        return None
    return next((vendor for vendor in VENDORS.values() if vendor.recognises(body)), None)
