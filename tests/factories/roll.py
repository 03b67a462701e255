"""Rolls: sheets of people who do not exist, files of them, and electors already listed.

Every identity number made here has an address code that no county has (369999), so that it is nobody's.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import openpyxl
from sqlalchemy.orm import Session
from stdnum.iso7064 import mod_11_2

from tests.factories.listing import list_person
from voting.areas.models import Area
from voting.persistence.base import new_id
from voting.roll.models import Elector
from voting.rounds.models import Round

HEADER = ("姓名", "证件号码", "类型", "楼栋房号", "手机号")
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
REFERENCE = date(2026, 11, 30)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡"
_GIVEN = "一二三四五六七八九十"

Cells = Sequence[object]


def identity_number(born: date = date(1980, 5, 17), *, order: int = 1, area: str = "369999") -> str:
    """Return a number whose check digit fits."""
    body = f"{area}{born:%Y%m%d}{order:03d}"
    return body + mod_11_2.calc_check_digit(body)


def person(index: int = 0) -> list[object]:
    """Return the cells of one listable person; another index is another person."""
    born = date(1950, 1, 1) + timedelta(days=index % 18_000)
    given = _GIVEN[index // 15 % 10] + _GIVEN[index // 150 % 10]
    return [
        _SURNAMES[index % 15] + given,
        identity_number(born, order=1 + index // 18_000),
        "居住",
        f"{index // 60 + 1}栋{index % 3 + 1}单元{index % 20 + 1}01",
        f"138{index:08d}",
    ]


def sheet(people: Iterable[Cells] = (), *, header: Cells = HEADER) -> list[Cells]:
    """Return the cells of a whole sheet."""
    return [header, *(people or [person()])]


def rows(cells: Iterable[Cells]) -> Iterator[tuple[int, Cells]]:
    """Return the rows of a sheet as the adapter would."""
    return enumerate(cells, start=1)


def xlsx(cells: Iterable[Cells]) -> bytes:
    """Return a sheet as Excel would save it."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("名册")
    for row in cells:
        page.append(list(row))
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def csv_file(cells: Iterable[Cells], *, encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    """Return a sheet as a CSV; no cell may hold the separator."""
    lines = [
        separator.join("" if cell is None else str(cell) for cell in row) + "\r\n" for row in cells
    ]
    return "".join(lines).encode(encoding)


def make_round(session: Session, *, frozen: bool = False, **changes: object) -> Round:
    """Make a round whose voting is open at NOW if it is ``frozen``, and a draft otherwise."""
    area = Area(id=new_id(), level="district", name=f"西湖区{new_id()[:6]}", path="")
    area.path = f"{area.id}/"
    session.add(area)
    session.flush()
    facts: dict[str, object] = {
        "area_id": area.id,
        "title": "南烟小区2026年第一轮“幸福微实事”",
        "phase": "vote_announced" if frozen else "draft",
        "created_at": NOW,
        "created_by": "factory",
        "budget": 300_000_00,
        "reference_day": REFERENCE,
        "opens_at": NOW - timedelta(days=1),
        "closes_at": NOW + timedelta(days=6),
        "max_choices": 10,
        "help_number": "0791-86543210",
        "office_name": "南站街道办事处",
        "office_address": "站前路1号",
        "office_contact": "社区服务台",
    }
    if frozen:
        facts |= {"frozen_at": NOW, "config": "{}", "config_hash": b"config"}
    round = Round(**(facts | changes))
    session.add(round)
    session.flush()
    return round


def freeze(round: Round) -> None:
    """Announce the vote of a round, without what that takes."""
    round.phase = "vote_announced"
    round.config, round.config_hash, round.frozen_at = "{}", b"config", NOW


def make_elector(session: Session, round_id: str, **changes: object) -> Elector:
    """List a person without a room."""
    facts: dict[str, object] = {
        "round_id": round_id,
        "id_key": new_id().encode(),
        "name_key": new_id().encode(),
        "name_masked": "张*",
        "id_kind": "resident",
        "id_masked": "3699**********1234",
        "basis": "live",
        "building": "3栋",
        "age_band": "35-59",
        "added_at": NOW,
    }
    return list_person(session, Elector(**(facts | changes)))
