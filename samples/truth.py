"""What really is in each interaction, written beside the inbox and never into it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from interactions.interaction import Channel
from samples.contacts import Contact
from samples.layout import Event, Spoken
from samples.messages import Message
from samples.recorder import Recorded
from samples.script import Feature, Pause

Json = dict[str, object]
# Planted things that are nowhere in the words: they hold for the whole interaction.
_ABSENT = (Feature.MISSING_GREETING, Feature.MISSING_CLOSING)


def of_call(recorded: Recorded, files: Sequence[str]) -> Json:
    """Return the truth about a call; ``files`` are its items in the inbox."""
    plan, layout = recorded.plan, recorded.layout
    utterances = [
        {**_utterance(seq, spoken), "words": [_word(spoken, i) for i in range(len(spoken.words))]}
        for seq, spoken in enumerate(layout.spoken)
    ]
    labels = [
        _label(label, seq, spoken.start_ms, spoken.end_ms)
        for seq, spoken in enumerate(layout.spoken)
        for label in spoken.line.labels
    ]
    return {
        **_about(plan.contact),
        "files": list(files),
        "form": plan.form,
        "tracks": [str(party) for party in plan.tracks],
        "oddity": str(plan.oddity),
        "transcript": str(plan.transcript),
        "duration_ms": layout.duration_ms,
        "speech_db": {str(party): level for party, level in recorded.levels_db.items()},
        "noise_db": {str(party): level for party, level in recorded.noise_db.items()},
        "labels": [*_absent(plan.contact), *labels],
        "events": [_event(event) for event in layout.events],
        "utterances": utterances,
    }


def of_text(contact: Contact, messages: Sequence[Message], item: str) -> Json:
    """Return the truth about a chat, e-mail or ticket; ``item`` is where it lies in the inbox."""
    start = messages[0].sent_at
    at_ms = [round((m.sent_at - start).total_seconds() * 1000) for m in messages]
    utterances = [
        {
            "seq": seq,
            "party": str(message.line.party),
            "start_ms": at_ms[seq],
            "end_ms": at_ms[seq],
            "text": message.line.text,
        }
        for seq, message in enumerate(messages)
    ]
    # A reply is late from the message that waits for it.
    late = [seq for seq, m in enumerate(messages) if m.line.pause is Pause.SLOW_REPLY]
    labels = [
        _label(label, seq, at_ms[seq - 1] if seq in late else at_ms[seq], at_ms[seq])
        for seq, message in enumerate(messages)
        for label in message.line.labels
    ]
    return {
        **_about(contact),
        "item": item,
        "duration_ms": at_ms[-1],
        "labels": [*(_absent(contact) if contact.channel is Channel.CHAT else []), *labels],
        "utterances": utterances,
    }


def write_json(path: Path, value: object) -> None:
    """Write one JSON file, readable by people."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_lines(path: Path, values: Iterable[Mapping[str, object]]) -> None:
    """Write one JSON object a line."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def _about(contact: Contact) -> Json:
    return {
        "interaction_id": contact.interaction_id,
        "channel": str(contact.channel),
        "language": str(contact.language),
        "started_at": contact.started_at.isoformat(),
        "scenario": contact.scenario.name,
        "product": contact.product,
        "queue": contact.scenario.queue,
        "agent": contact.agent.agent_id,
        "team": contact.agent.team.name,
        "customer": contact.customer.customer_id,
        "attributes": dict(contact.attributes),
        "planted": sorted(str(feature) for feature in contact.features),
    }


def _absent(contact: Contact) -> list[Json]:
    return [
        {"label": str(feature), "seq": None, "start_ms": None, "end_ms": None}
        for feature in _ABSENT
        if feature in contact.features
    ]


def _label(label: str, seq: int, start_ms: int, end_ms: int) -> Json:
    return {"label": label, "seq": seq, "start_ms": start_ms, "end_ms": end_ms}


def _event(event: Event) -> Json:
    found: Json = {
        "kind": event.kind,
        "party": None if event.party is None else str(event.party),
        "start_ms": event.start_ms,
        "end_ms": event.end_ms,
    }
    return found if event.announced is None else {**found, "announced": event.announced}


def _utterance(seq: int, spoken: Spoken) -> Json:
    return {
        "seq": seq,
        "party": str(spoken.line.party),
        "start_ms": spoken.start_ms,
        "end_ms": spoken.end_ms,
        "text": spoken.line.text,
        "manner": str(spoken.line.manner),
    }


def _word(spoken: Spoken, index: int) -> Json:
    word = spoken.words[index]
    return {"start_ms": word.start_ms, "end_ms": word.end_ms, "text": word.text}
