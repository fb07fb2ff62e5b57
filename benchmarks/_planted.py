"""The sample centre's written contacts as interactions, without its inbox in between."""

from __future__ import annotations

from datetime import timedelta

from interactions.interaction import Interaction, Utterance
from samples.centre import LAST_DAY
from samples.chats import contacts_of
from samples.contacts import Contact

SEED = 1


def planted(days: int) -> list[Contact]:
    """Return the written contacts of the last ``days`` days of the sample centre."""
    every = (LAST_DAY - timedelta(days=n) for n in reversed(range(days)))
    return [one for day in every for one in contacts_of(SEED, day, LAST_DAY)]


def as_interaction(one: Contact) -> Interaction:
    """Return a contact as the night would read it, with a second between its messages."""
    return Interaction(
        interaction_id=one.interaction_id,
        channel=one.channel,
        started_at=one.started_at,
        duration_ms=1000 * len(one.lines),
        source="sample",
        content_hash=one.interaction_id,
        language=one.language,
        product=one.product,
        utterances=tuple(
            Utterance(seq, line.party, seq * 1000, seq * 1000, line.text)
            for seq, line in enumerate(one.lines)
        ),
    )
