"""How long a night will take, in words."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from console.messages.texts import Texts
from console.session import clock, lasting
from pipelines.progress import Forecast


def forecast_lines(forecast: Forecast, texts: Texts) -> Iterator[Text]:
    """Yield what is to be heard and how long that takes; nothing where there is nothing to hear."""
    if not forecast.calls:
        return
    yield Text(texts("forecast.calls", calls=forecast.calls, length=clock(forecast.sound_ms)))
    if not forecast.unheard_ms:
        return
    length = clock(forecast.unheard_ms)
    if forecast.work_ms is None:
        yield Text(texts("forecast.unknown", length=length), style="yellow")
        return
    yield Text(
        texts(
            f"forecast.{forecast.basis}",
            length=length,
            work=lasting(forecast.work_ms, texts),
            factor=f"{forecast.factor:.2g}",
        )
    )
