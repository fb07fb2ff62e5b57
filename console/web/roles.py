"""Who may do what: the one table of roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person is in the console; one person may be several."""

    REVIEWER = "reviewer"
    LEAD = "lead"
    TRAINER = "trainer"
    AGENT = "agent"
    ADMIN = "admin"


_R, _L, _T, _A, _O = Role.REVIEWER, Role.LEAD, Role.TRAINER, Role.AGENT, Role.ADMIN
MAY: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "see_today": frozenset({_R, _L, _T, _O}),
        "see_worklist": frozenset({_R, _L, _T}),
        "listen": frozenset({_R, _L, _T, _A}),  # agents to their own
        "reveal": frozenset({_R, _L}),
        "judge": frozenset({_R, _L}),
        "assign": frozenset({_L}),
        "appeal": frozenset({_A}),
        "see_appeals": frozenset({_R, _L, _A}),
        "decide_appeals": frozenset({_R, _L}),
        "see_sampling": frozenset({_L, _T, _O}),
        "calibrate": frozenset({_R, _L}),
        "open_rounds": frozenset({_L}),
        "coach": frozenset({_T, _L}),
        "learn": frozenset({_A}),
        "see_rules": frozenset({_R, _L, _T, _O}),
        "edit_rules": frozenset({_L, _O}),
        "see_hotwords": frozenset({_R, _L, _T, _O}),
        "act_on_hotwords": frozenset({_L}),
        "see_reports": frozenset({_L, _T, _O}),
        "keep_people": frozenset({_O}),
        "see_audit": frozenset({_O}),
        "be_here": frozenset(Role),
    }
)
"""Permission → the roles that have it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks.

    Attributes:
        agent: Which agent of the centre they are; None: no agent.
        session: Hash of their session's token; empty where a proxy signed them in.
        csrf: What every form of theirs must carry.
    """

    person_id: str
    name: str
    roles: frozenset[Role]
    agent: str | None
    language: str
    session: str
    csrf: str

    def may(self, permission: str) -> bool:
        """Whether one of their roles has the permission."""
        return bool(self.roles & MAY[permission])

    @property
    def is_agent_only(self) -> bool:
        """Whether they may see nothing but what is their own."""
        return self.roles <= {Role.AGENT}
