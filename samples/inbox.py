"""The files beside the recordings: manifest, sidecars and transcripts made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from interactions.sound import Party
from samples.broken import Broken
from samples.calls import CallPlan, TranscriptKind
from samples.contacts import Contact
from samples.recorder import Recorded
from samples.tables import write_csv
from samples.transcripts import amazon, plain
from samples.truth import write_json

_ATTRIBUTES = ("direction", "region", "team_kind", "order", "firmware")
_COLUMNS = (
    *("interaction_id", "file", "agent_file", "customer_file", "agent_track", "started_at"),
    *("agent", "team", "queue", "customer", "product", "language", "transcript"),
    *_ATTRIBUTES,
)
_TRANSCRIPTS = "transcripts"
_FIRST_BROKEN = 9_001


def write_manifest(
    folder: Path, calls: Sequence[Recorded], broken: Sequence[Broken], manifest: str
) -> None:
    """Write the manifest: the calls in the order they began, then the broken files.

    Args:
        folder: Of the calls.
        calls: What was recorded; calls with a sidecar are left out.
        broken: Broken files take the metadata of one call after the other, with ids of their own.
        manifest: Its file name.
    """
    began = sorted(calls, key=lambda call: call.plan.contact.started_at)
    rows = [_row(call) for call in began if not call.plan.sidecar]
    known = [entry for entry in broken if entry.in_manifest]
    for place, entry in enumerate(known):
        about = _about(began[place % len(began)].plan.contact)
        day, _ = about["interaction_id"].removeprefix("call-").split("-")
        own = {"interaction_id": f"call-{day}-{_FIRST_BROKEN + place}", "file": entry.name}
        rows.append({**about, **own})
    write_csv(folder / manifest, _COLUMNS, [[row.get(name) for name in _COLUMNS] for row in rows])


def write_beside(folder: Path, call: Recorded) -> tuple[str, ...]:
    """Write the call's sidecar and transcript, where it has them; return their names."""
    written = []
    if call.plan.sidecar:
        name = f"{call.plan.stem}.meta.json"
        row = {key: value for key, value in _row(call).items() if value and key != "file"}
        write_json(folder / name, row)
        written.append(name)
    transcript = _transcript_of(call.plan)
    if transcript is not None:
        is_amazon = call.plan.transcript is TranscriptKind.AMAZON
        (folder / _TRANSCRIPTS).mkdir(exist_ok=True)
        write_json(folder / transcript, amazon(call) if is_amazon else plain(call))
        written.append(transcript)
    return tuple(written)


def _row(call: Recorded) -> Mapping[str, str]:
    plan = call.plan
    apart = len(call.files) > 1
    row = {**_about(plan.contact), "transcript": _transcript_of(plan) or ""}
    if apart:
        row["agent_file"], row["customer_file"] = call.files
    else:
        row["file"] = call.files[0]
        row["agent_track"] = "left" if plan.tracks[0] is Party.AGENT else "right"
    return MappingProxyType(row)


def _about(contact: Contact) -> dict[str, str]:
    return {
        "interaction_id": contact.interaction_id,
        "started_at": contact.started_at.strftime("%Y-%m-%d %H:%M:%S"),
        "agent": contact.agent.agent_id,
        "team": contact.agent.team.name,
        "queue": contact.scenario.queue,
        "customer": contact.customer.customer_id,
        "product": contact.product,
        "language": str(contact.language),
        **{key: str(value) for key, value in contact.attributes.items()},
    }


def _transcript_of(plan: CallPlan) -> str | None:
    if plan.transcript is TranscriptKind.NONE:
        return None
    return f"{_TRANSCRIPTS}/{plan.contact.interaction_id}.json"
