"""From a scenario and what is planted to the lines that are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from interactions.interaction import Channel, Language
from interactions.sound import Party
from samples.script import Feature, Line, Manner, Pause, Scenario, phrases

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
        stated: list[Sequence[str]] = [self._scenario.problem]
        stated += [self._phrases["again"]] if Feature.AGAIN in self._features else []
        stated += [self._scenario.angry] if Feature.ANGRY in self._features else []
        threats = (Feature.REGULATOR_THREAT, Feature.CHURN_THREAT)
        made = [threat for threat in threats if threat in self._features]
        stated += [self._phrases[threat] for threat in made]
        labels = tuple(threat.value for threat in made)
        if Feature.AGAIN in self._features:
            labels = ("repeat_contact", *labels)
        answer = (self._phrases["empathy"], self._scenario.resolution)
        space = " " if self._scenario.language is Language.EN else ""
        for party, parts, planted in (
            (Party.CUSTOMER, stated, labels),
            (Party.AGENT, answer, ()),
        ):
            text = space.join(self._wording(part) for part in parts)
            self.lines.append(Line(party=party, text=text, labels=planted))

    def opening(self) -> None:
        if not self._spoken:
            self._chat_hello()
        self._greeting()
        self._customer(self._scenario.problem)
        if Feature.AGAIN in self._features:
            self._customer("again", labels=("repeat_contact",))

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
            self._customer((*self._scenario.angry, *self._phrases["angry"]))
        if Feature.FORBIDDEN_WORDS in self._features:
            raised = Feature.AGENT_RAISED in self._features
            manner = Manner.ANGRY if raised else Manner.CALM
            self._agent("forbidden_words", labels=("forbidden_words",), manner=manner)
            self._customer("rude_reaction")
        elif self._mood is Manner.ANGRY:
            self._agent("empathy")
        self._threats()

    def _threats(self) -> None:
        for feature in (Feature.REGULATOR_THREAT, Feature.CHURN_THREAT):
            if feature in self._features:
                self._customer(feature.value, labels=(feature.value,))
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

    def _customer(
        self,
        wordings: str | Sequence[str],
        *,
        labels: tuple[str, ...] = (),
        cuts_in: bool = False,
    ) -> None:
        self.lines.append(
            Line(
                party=Party.CUSTOMER,
                text=self._wording(wordings),
                manner=self._mood,
                labels=labels,
                cuts_in=cuts_in,
            )
        )

    def _say(self, party: Party, wordings: str) -> None:
        self.lines.append(Line(party=party, text=self._wording(wordings)))

    def _wording(self, wordings: str | Sequence[str]) -> str:
        choices = self._phrases[wordings] if isinstance(wordings, str) else wordings
        return self._rng.choice(choices).format_map(self._slots)
