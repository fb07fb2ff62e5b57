"""From a scenario and what is planted to the lines that are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from types import MappingProxyType

from interactions.interaction import Channel, Language
from interactions.sound import Party
from samples.script import Feature, Line, Manner, Pause, Scenario, phrases

# Wordings by what they say, as (list of wordings, truth label): one of all of them is drawn.
_Sayings = tuple[tuple[str, tuple[str, ...]], ...]
_AGAIN: _Sayings = (("again", ("repeat_contact",)),)
_ANGRY: _Sayings = (
    ("angry_again", ("repeat_contact",)),
    ("angry", ()),
    ("angry_complaint", ("complaint",)),
)
_RUDE_REACTION: _Sayings = (("rude_reaction", ()), ("rude_reaction_complaint", ("complaint",)))
_THREATS: Mapping[Feature, _Sayings] = MappingProxyType(
    {
        Feature.REGULATOR_THREAT: (
            ("regulator_threat", ("regulator_threat",)),
            ("media_threat", ("media_threat",)),
        ),
        Feature.CHURN_THREAT: (("churn_threat", ("churn_threat",)),),
    }
)
# Shares of dialogues that have the optional line.
_WELCOMED = 0.4
_GREETS_FIRST = 0.6
_EMPATHIC = 0.7


def compose(
    scenario: Scenario,
    features: frozenset[Feature],
    *,
    channel: Channel,
    slots: Mapping[str, str],
    rng: Random,
) -> tuple[Line, ...]:
    """Return one dialogue.

    Args:
        scenario: What it is about.
        features: What is planted.
        channel: Mail and tickets are one text and its answer; calls and chats go to and fro.
        slots: What the wordings' ``{name}`` places stand for.
        rng: Chooses the wordings.
    """
    dialogue = _Dialogue(scenario, features, channel=channel, slots=slots, rng=rng)
    if channel in (Channel.EMAIL, Channel.TICKET):
        dialogue.letter()
        return tuple(dialogue.lines)
    dialogue.opening()
    dialogue.identification()
    dialogue.talk()
    dialogue.resolution()
    dialogue.closing()
    return tuple(dialogue.lines)


class _Dialogue:
    def __init__(
        self,
        scenario: Scenario,
        features: frozenset[Feature],
        *,
        channel: Channel,
        slots: Mapping[str, str],
        rng: Random,
    ) -> None:
        self.lines: list[Line] = []
        self._scenario = scenario
        self._features = features
        self._spoken = channel is Channel.VOICE
        self._slots = slots
        self._rng = rng
        self._phrases = phrases(scenario.language)
        self._mood = Manner.CALM

    def letter(self) -> None:
        """One text and its answer."""
        stated = [self._said((), self._scenario.problem)]
        if Feature.AGAIN in self._features:
            stated.append(self._said(_AGAIN))
        if Feature.ANGRY in self._features:
            stated.append(self._said((), self._scenario.angry))
        made = [threat for threat in _THREATS if threat in self._features]
        stated += [self._said(_THREATS[threat]) for threat in made]
        answer = [self._said((("empathy", ()),)), self._said((), self._scenario.resolution)]
        space = " " if self._scenario.language is Language.EN else ""
        for party, parts in ((Party.CUSTOMER, stated), (Party.AGENT, answer)):
            text = space.join(wording for wording, _ in parts)
            labels = tuple(label for _, planted in parts for label in planted)
            self.lines.append(Line(party=party, text=text, labels=labels))

    def opening(self) -> None:
        if not self._spoken:
            self._chat_hello()
        self._greeting()
        self._customer(self._scenario.problem)
        if Feature.AGAIN in self._features:
            self._customer_says(self._said(_AGAIN))

    def _chat_hello(self) -> None:
        if self._rng.random() < _WELCOMED:
            self._say(Party.SYSTEM, "system_welcome")
        if self._rng.random() < _GREETS_FIRST:
            self._customer("chat_hello")

    def _greeting(self) -> None:
        kind = "call" if self._spoken else "chat"
        if Feature.MISSING_GREETING in self._features:
            self._agent(f"{kind}_no_greeting")
        elif Feature.OUTBOUND in self._features:
            self._customer("outbound_hello")
            self._agent("outbound_greeting")
            self._customer("outbound_answer")
            self._agent("outbound_ask")
        else:
            self._agent(f"{kind}_greeting")

    def identification(self) -> None:
        if self._rng.random() < _EMPATHIC:
            self._agent("empathy")
        if Feature.OUTBOUND not in self._features:
            self._agent("identify")
            self._customer("identified")

    def talk(self) -> None:
        for number, exchanges in enumerate(self._scenario.talk):
            exchange = self._rng.choice(exchanges)
            self._agent((exchange.agent,))
            self._customer(exchange.answers)
            if number == 0:
                self._trouble()
        self._waiting()

    def _trouble(self) -> None:
        if Feature.CUT_IN in self._features:
            self._mood = Manner.ANGRY
            self._agent("explain")
            self._customer("cut_in", cuts_in=True)
        if Feature.ANGRY in self._features:
            self._mood = Manner.ANGRY
            self._customer_says(self._said(_ANGRY, self._scenario.angry))
        if Feature.FORBIDDEN_WORDS in self._features:
            raised = Feature.AGENT_RAISED in self._features
            manner = Manner.ANGRY if raised else Manner.CALM
            self._agent("forbidden_words", labels=("forbidden_words",), manner=manner)
            self._customer_says(self._said(_RUDE_REACTION))
        elif self._mood is Manner.ANGRY:
            self._agent("empathy")
        self._threats()

    def _threats(self) -> None:
        for feature, sayings in _THREATS.items():
            if feature in self._features:
                self._customer_says(self._said(sayings))
                self._agent("empathy")

    def _waiting(self) -> None:
        if Feature.HOLD in self._features or Feature.HOLD_MUSIC in self._features:
            music = Feature.HOLD_MUSIC in self._features
            self._agent("hold_announce")
            self._customer("hold_agree")
            self._agent("hold_return", pause=Pause.HOLD_MUSIC if music else Pause.HOLD)
        if Feature.SILENCE in self._features:
            self._agent("silence_return", pause=Pause.SILENCE)
        if Feature.SLOW_REPLY in self._features:
            self._customer("slow_complaint")
            self._agent("empathy", pause=Pause.SLOW_REPLY, labels=("slow_reply",))

    def resolution(self) -> None:
        if Feature.ASKS_CODE in self._features:
            self._agent("asks_code", labels=("asks_code",))
            self._customer("code_refused")
        self._agent(self._scenario.resolution)
        if Feature.OVER_PROMISE in self._features:
            self._agent("over_promise", labels=("over_promise",))
        angry = self._mood is Manner.ANGRY
        self._mood = Manner.CALM
        self._customer("grumble" if angry else "accept")

    def closing(self) -> None:
        if Feature.MISSING_CLOSING in self._features:
            self._agent("no_closing")
            return
        self._agent("anything_else")
        self._customer("nothing_else")
        self._agent("closing" if self._spoken else "chat_closing")
        if self._spoken:
            self._customer("goodbye")

    def _agent(
        self,
        wordings: str | Sequence[str],
        *,
        labels: tuple[str, ...] = (),
        manner: Manner = Manner.CALM,
        pause: Pause = Pause.NONE,
    ) -> None:
        text = self._wording(wordings)
        line = Line(party=Party.AGENT, text=text, manner=manner, labels=labels, pause=pause)
        self.lines.append(line)

    def _customer(self, wordings: str | Sequence[str], *, cuts_in: bool = False) -> None:
        self._customer_says((self._wording(wordings), ()), cuts_in=cuts_in)

    def _customer_says(self, said: tuple[str, tuple[str, ...]], *, cuts_in: bool = False) -> None:
        text, labels = said
        self.lines.append(
            Line(party=Party.CUSTOMER, text=text, manner=self._mood, labels=labels, cuts_in=cuts_in)
        )

    def _said(self, sayings: _Sayings, others: Sequence[str] = ()) -> tuple[str, tuple[str, ...]]:
        """One of all these wordings, with what it plants; ``others`` plant nothing."""
        choices: list[tuple[str, tuple[str, ...]]] = [(wording, ()) for wording in others]
        choices += [
            (wording, labels) for name, labels in sayings for wording in self._phrases[name]
        ]
        wording, labels = self._rng.choice(choices)
        return wording.format_map(self._slots), labels

    def _say(self, party: Party, wordings: str) -> None:
        self.lines.append(Line(party=party, text=self._wording(wordings)))

    def _wording(self, wordings: str | Sequence[str]) -> str:
        choices = self._phrases[wordings] if isinstance(wordings, str) else wordings
        return self._rng.choice(choices).format_map(self._slots)
