"""Real count series with labelled rises, from the evaluation data."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from benchmarks._series import DATA, PAST_DAYS, Alarms, Case, Counts, five_in_four_weeks


def epidemics() -> Case | None:
    """Read the weekly counts with outbreak flags of R's ``surveillance``: two years of past."""
    folder = DATA / "surveillance" / "csv"
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    rows = [_flagged(file) for file in files]
    known = [row for row in rows if row is not None]
    if not known:
        return None
    counts = np.array([row[0] for row in known])
    return Case(
        counts=counts,
        is_rise=np.array([row[1] for row in known]),
        past=104,
        alpha=0.01,
        cycle=1,
        supported=five_in_four_weeks(counts),
        runs=(1, 2),
    )


def _flagged(file: Path) -> tuple[Counts, Alarms] | None:
    """Return one series of 209 weeks with its flags; None for a file of another kind."""
    with file.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    if len(rows) != 209 or "obs2" in rows[0]:
        return None
    counts = np.array([int(float(row["obs1"])) for row in rows])
    return counts, np.array([float(row["state1"]) > 0 for row in rows])


def tweets() -> Case | None:
    """Read ten series of tweets an hour with labelled windows: two weeks of past."""
    folder = DATA / "nab"
    if not (folder / "combined_windows.json").is_file():
        return None
    windows = json.loads((folder / "combined_windows.json").read_text(encoding="utf-8"))
    counts, flags = [], []
    for file in sorted((folder / "realTweets").glob("*.csv")):
        hours, marks = _hourly(file, windows[f"realTweets/{file.name}"])
        counts.append(hours)
        flags.append(marks)
    length = min(map(len, counts))
    return Case(
        counts=np.array([one[:length] for one in counts]),
        is_rise=np.array([one[:length] for one in flags]),
        past=336,
        alpha=0.001,
        cycle=24,
        supported=np.ones((len(counts), length), dtype=np.bool_),
        runs=(1, 2, 4),
    )


def _hourly(file: Path, windows: list[list[str]]) -> tuple[Counts, Alarms]:
    with file.open(encoding="utf-8") as lines:
        rows = [(row["timestamp"][:13], int(row["value"])) for row in csv.DictReader(lines)]
    hours = sorted({hour for hour, _ in rows})
    place = {hour: index for index, hour in enumerate(hours)}
    counts = np.zeros(len(hours), dtype=np.int64)
    for hour, value in rows:
        counts[place[hour]] += value
    inside = [any(a[:13] <= hour <= b[:13] for a, b in windows) for hour in hours]
    return counts, np.array(inside)


# The two affairs that are known in the complaints to a city, by words of their own.
_AFFAIRS = {
    "2019-07-01 2019-09-30": ("伊景园", "滨河苑", "捆绑"),
    "2019-11-01 2020-01-31": ("丽发", "丽发新城", "搅拌站"),
}


def complaints(words: int = 300) -> Case | None:
    """Read the complaints to a city per word and day: the most frequent words, and two affairs.

    What rises beside the two known affairs counts as false, though some of it is real: the rate
    is an upper bound.
    """
    folder = DATA / "complaint_words"
    if not (folder / "word_daily.csv").is_file():
        return None
    total = _by_day(folder / "total_daily.csv")
    table = _by_word(folder / "word_daily.csv", {day: i for i, day in enumerate(total)})
    of_affair = {word: span for span, some in _AFFAIRS.items() for word in some}
    frequent = sorted(table, key=lambda word: (-int(table[word].sum()), word))[:words]
    chosen = sorted({*frequent, *(word for word in of_affair if word in table)})
    days = list(total)
    rises = [
        [word in of_affair and _within(day, of_affair[word]) for day in days] for word in chosen
    ]
    counts = np.array([table[word] for word in chosen])
    return Case(
        counts=counts,
        is_rise=np.array(rises),
        past=PAST_DAYS,
        alpha=0.01,
        cycle=7,
        supported=five_in_four_weeks(counts),
        exposure=np.array(list(total.values())),
    )


def _within(day: str, span: str) -> bool:
    first, last = span.split()
    return first <= day <= last


def _by_day(file: Path) -> dict[str, int]:
    with file.open(encoding="utf-8") as lines:
        return {row["d"]: int(row["n"]) for row in csv.DictReader(lines)}


def _by_word(file: Path, place: dict[str, int]) -> dict[str, Counts]:
    table: dict[str, Counts] = {}
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            series = table.setdefault(row["tok"], np.zeros(len(place), dtype=np.int64))
            series[place[row["d"]]] = int(row["n"])
    return table
