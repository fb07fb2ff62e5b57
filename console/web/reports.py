"""Reports: score cards of agents, teams, queues, products, and of own against outsourced teams."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from console.web.access import desk_of, may, tell
from console.web.export import Cell, as_csv, as_xlsx
from console.web.rendering import Words, page, words_of
from console.web.roles import Person
from pipelines.desk import Desk
from pipelines.standings import Standing, standings
from warehouse.read import latest_day

router = APIRouter()
Reader = Annotated[Person, Depends(may("see_reports"))]
PER = ("agent", "team", "queue", "product", "source")
DAYS = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _days(desk: Desk, first: str, last: str) -> tuple[date, date]:
    """Return the days asked for; otherwise the last thirty that have interactions."""
    end = latest_day(desk.warehouse, timezone=desk.settings.centre.timezone) or date(1970, 1, 1)
    try:
        return (
            date.fromisoformat(first) if first else end - timedelta(days=DAYS - 1),
            date.fromisoformat(last) if last else end,
        )
    except ValueError:
        return end - timedelta(days=DAYS - 1), end


def _rows(desk: Desk, per: str, days: tuple[date, date]) -> list[Standing]:
    return standings(desk.warehouse, desk.settings, per=per, days=days)


def behind(per: str, name: str | None, days: tuple[date, date]) -> str:
    """Return the address of the interactions behind a line; empty where filters cannot say it."""
    if name is None or per == "source":
        return ""
    asked = {"state": "", per: name, "from": days[0].isoformat(), "to": days[1].isoformat()}
    return f"/worklist?{urlencode(asked)}"


@router.get("/reports")
def reports(
    request: Request, person: Reader, per: str = "agent", first: str = "", last: str = ""
) -> Response:
    """Show score cards, the lowest mean first."""
    desk = desk_of(request)
    chosen = per if per in PER else "agent"
    days = _days(desk, first, last)
    return page(
        request, "reports", person, rows=_rows(desk, chosen, days), per=chosen, pers=PER, days=days,
        behind=lambda name: behind(chosen, name, days), outsourced=desk.settings.console.outsourced,
    )  # fmt: skip


@router.get("/reports/file")
def file(
    request: Request, person: Reader, per: str = "agent", first: str = "", last: str = "",
    form: str = "xlsx",
) -> Response:  # fmt: skip
    """Answer with the same table as XLSX or CSV."""
    desk = desk_of(request)
    chosen = per if per in PER else "agent"
    days = _days(desk, first, last)
    t = words_of(request, person)
    head, rows = table(_rows(desk, chosen, days), t)
    name = f"{chosen}-{days[0]}-{days[1]}"
    tell(desk, person.person_id, "export", about=f"reports/{name}", detail=form[:10])
    if form == "csv":
        content, kind, ending = as_csv(head, rows), "text/csv; charset=utf-8", "csv"
    else:
        content, kind, ending = as_xlsx(head, rows, chosen), XLSX, "xlsx"
    disposition = f'attachment; filename="{name}.{ending}"'
    return Response(content, media_type=kind, headers={"Content-Disposition": disposition})


def table(rows: list[Standing], t: Words) -> tuple[list[str], list[list[Cell]]]:
    """Return the table as it is taken away."""
    names = ("sheet", "who", "n", "mean", "low", "high", "lowest", "lowest_id", "zeros")
    head = [t(f"reports.{name}") for name in names]
    return head, [
        [
            one.sheet_id, one.name or t("reports.unknown"), one.n, one.mean, one.low, one.high,
            one.lowest, one.lowest_id, one.zeros,
        ]
        for one in rows
    ]  # fmt: skip
