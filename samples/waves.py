"""What is planted into the days' volume: two real rises, and two traps that look like rises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from interactions.interaction import Language
from samples.script import Scenario, scenarios


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Contacts that come on top of the usual ones.

    Attributes:
        kind: ``spike``: many customers. ``trap``: one or two customers write very often.
        until_days: Its last day, in days before the last day of the sample.
        extra: Contacts on top, day by day.
        region: Only customers of this region; None: all.
        customers: Only these customers (the trap's); empty: all.
        why: What happened, for people.
    """

    name: str
    kind: str
    scenario: str
    until_days: int
    extra: tuple[int, ...]
    why: str
    region: str | None = None
    customers: tuple[int, ...] = ()

    def on(self, day: date, last_day: date) -> int:
        """Return how many contacts come on top on ``day``."""
        place = (day - self.since(last_day)).days
        return self.extra[place] if 0 <= place < len(self.extra) else 0

    def since(self, last_day: date) -> date:
        """Return its first day."""
        return last_day - timedelta(days=self.until_days + len(self.extra) - 1)

    def about(self) -> Scenario:
        """Return its scenario."""
        return scenarios(Language.ZH)[self.scenario]

    def truth(self, last_day: date, first_day: date) -> dict[str, object]:
        """Return what ``truth/spikes.json`` says of it; days before the sample are left out."""
        since = self.since(last_day)
        days = {
            (since + timedelta(days=place)).isoformat(): extra
            for place, extra in enumerate(self.extra)
            if since + timedelta(days=place) >= first_day
        }
        scenario = self.about()
        return {
            "name": self.name,
            "kind": self.kind,
            "why": self.why,
            "scenario": self.scenario,
            "terms": list(scenario.terms),
            "queue": scenario.queue,
            "products": list(scenario.products),
            "region": self.region,
            "customers": [f"C{number:06d}" for number in self.customers],
            "extra_contacts": days,
        }


WAVES = (
    Wave(
        name="firmware_e6",
        kind="spike",
        scenario="ac_e6",
        until_days=0,
        extra=(9, 14, 21, 25, 22, 24),
        region="广东",
        why="空调固件 3.2.1 在广东推送后报 E6、漏氟",
    ),
    Wave(
        name="delivery_delay",
        kind="spike",
        scenario="delivery_delay",
        until_days=27,
        extra=(8, 15, 22, 26, 24, 18, 12, 8),
        why="中转仓爆仓，配送延误",
    ),
    Wave(
        name="two_customers_filter",
        kind="trap",
        scenario="filter_smell",
        until_days=0,
        extra=(12, 16, 19),
        customers=(9_001, 9_002),
        why="两位客户反复反映同一件事：净水器滤芯异味",
    ),
    Wave(
        name="one_customer_invoice",
        kind="trap",
        scenario="invoice",
        until_days=12,
        extra=(14, 11),
        customers=(9_003,),
        why="一位客户为同一张发票反复联系",
    ),
)
