"""Inspection of what is kept: which interactions, in which parts, under which rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import time_ns

import pyarrow as pa

from detectors.inspection import ENGINE, Plan, compile_plan, inspect
from detectors.mood.mood import Mood
from detectors.reason.taxonomy import Taxonomy
from detectors.rules import load_rules, pack_paths
from interactions.interaction import Interaction
from pipelines.corrections import corrected
from pipelines.keeping import keep_state, key_of
from pipelines.reasons import taxonomy_of
from pipelines.sentiment import mood_of
from pipelines.settings import FILE_NAME, Settings, SettingsError, Wrong
from warehouse.holding import held_in, holding
from warehouse.read import inspected_ids, known_ids, said, uninspected
from warehouse.rows import inspection_tables, interactions_from, plan_tables
from warehouse.said import Correction, event_id
from warehouse.spool import ShardRef, Spool
from warehouse.store import open_warehouse

# A part is one task: large enough that the task's own cost (about 10 ms) vanishes, small enough
# that a killed one costs seconds.
PART = 500


@dataclass(frozen=True, slots=True)
class Part:
    """Interactions of one shard that are to be inspected.

    Attributes:
        corrections: What people corrected in them.
    """

    shard: ShardRef
    ids: tuple[str, ...]
    corrections: tuple[Correction, ...] = ()


def rule_files(settings: Settings) -> tuple[Path, ...]:
    """Return the files of the packs in use, then the centre's own in the order of their names.

    Raises:
        SettingsError: A pack that is not shipped.
    """
    packs = pack_paths()
    for name in settings.rules.packs:
        if name not in packs:
            known = ", ".join(sorted(packs))
            path = settings.folder / FILE_NAME
            message = f"{path}: rules.packs: there is no pack {name!r}; there are {known}"
            raise SettingsError(message, path, Wrong("no_pack", "rules.packs", repr(name), known))
    own = sorted(settings.rule_folder.glob("*.y*ml"))
    return (*(packs[name] for name in settings.rules.packs), *own)


def plan_of(settings: Settings) -> Plan:
    """Return the centre's rules, compiled.

    Raises:
        SettingsError: A pack that is not shipped.
        detectors.rule_errors.RuleErrors: A rule file, or the taxonomy, that cannot be used; nothing
            is half-loaded.
    """
    files = rule_files(settings)
    stamps = tuple((file, file.stat().st_mtime_ns) for file in files)
    return _plan(stamps, mood_of(settings), taxonomy_of(settings))


@lru_cache(maxsize=4)
def _plan(files: tuple[tuple[Path, int], ...], mood: Mood, taxonomy: Taxonomy) -> Plan:
    return compile_plan(load_rules([file for file, _ in files]).rules, mood, taxonomy)


def parts_never_inspected(settings: Settings) -> list[Part]:
    """Return what no plan has inspected yet: the night's own, and what a killed one left over."""
    with open_warehouse(settings.warehouse) as warehouse:
        ids = known_ids(warehouse).keys() - set(inspected_ids(warehouse))
        corrections = said(warehouse, Correction)
    return list(_parts(Spool(settings.spool), ids, corrections))


def parts_in(settings: Settings, shards: Sequence[ShardRef]) -> list[Part]:
    """Return what shards that were taken in just now hold, in parts."""
    with open_warehouse(settings.warehouse) as warehouse:
        corrections = said(warehouse, Correction)
    return [
        Part(shard, part, tuple(c for c in corrections if c.interaction_id in part))
        for shard in shards
        for part in _each(sorted(held_in(shard)))
    ]


def parts_for_plan(settings: Settings) -> list[Part]:
    """Return all kept interactions that the centre's rules, as they are now, have not inspected."""
    plan = plan_of(settings)
    with open_warehouse(settings.warehouse) as warehouse:
        ids = set(uninspected(warehouse, plan.key, engine=ENGINE))
        corrections = said(warehouse, Correction)
    return list(_parts(Spool(settings.spool), ids, corrections))


def put_in_force(settings: Settings) -> None:
    """Make the rules as they are now those whose findings count."""
    plan = plan_of(settings).key
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.put_in_force(plan)
    keep_state(Spool(settings.spool), "plans", plan_tables(plan, at_ns=time_ns()))


def inspect_part(settings: Settings, part: Part) -> ShardRef:
    """Inspect one part and write what was found; a part that was inspected before is not again."""
    plan = plan_of(settings)
    spool = Spool(settings.spool)
    told = (event_id(one) for one in part.corrections)
    key = key_of("inspections", ENGINE, plan.key, part.shard.key, *part.ids, *told)
    if spool.has("inspections", key):
        return spool.write("inspections", key, {})
    wanted = frozenset(part.ids)
    inspections = [
        inspect(corrected(one, _of(part, one.interaction_id)), plan)
        for one in interactions_from(spool.read(part.shard))
        if one.interaction_id in wanted
    ]
    return spool.write("inspections", key, inspection_tables(inspections, rules=plan.rules))


def inspect_corrected(settings: Settings, interaction: Interaction) -> dict[str, pa.Table]:
    """Return the tables of an inspection of one interaction as people heard it."""
    plan = plan_of(settings)
    return inspection_tables([inspect(interaction, plan)], rules=plan.rules)


def _each(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(ids), PART):
        yield tuple(ids[start : start + PART])


def _of(part: Part, interaction_id: str) -> list[Correction]:
    return [one for one in part.corrections if one.interaction_id == interaction_id]


def _parts(spool: Spool, ids: Collection[str], corrections: Sequence[Correction]) -> Iterator[Part]:
    for shard, held in holding(spool, ids):
        for part in _each(held):
            yield Part(shard, part, tuple(c for c in corrections if c.interaction_id in part))
