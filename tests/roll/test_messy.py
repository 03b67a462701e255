from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.factories.roll import NOW, Cells, csv_file, make_round, xlsx
from tests.roll.messy import BUILDINGS, ELECTORS, FAULTS, HEADER, HOUSEHOLDS, community
from voting.adapters.keyring import Keyring
from voting.adapters.spreadsheets import read_table
from voting.journal.rules import COMMAND_LINE
from voting.persistence.session import Database
from voting.roll.rules.columns import guess
from voting.roll.service import buildings, import_roll, roll_counts


def test_the_sheet_is_as_large_and_as_spoilt_as_it_shall_be() -> None:
    made = community()
    places = {(row[3], row[1]) for row in made.people if row[3]}
    assert len(made.people) == ELECTORS
    assert len({place[0] for place in places}) == BUILDINGS
    assert HOUSEHOLDS == 1346
    assert set(made.kinds) == set(FAULTS)
    assert len({row for row, _column in made.faults}) + made.repeated >= ELECTORS // 20


def test_its_header_is_found_although_nothing_is_called_as_in_the_template() -> None:
    header = guess(list(enumerate(community().cells, start=1)))
    assert header.row == 4
    assert {column: HEADER[place] for column, place in header.places.items()} == {
        "姓名": "选民姓名", "证件号码": "身份证号", "类型": "人员类别", "楼栋": "楼栋",
        "单元": "单元", "房号": "房号", "手机号": "联系电话",
    }  # fmt: skip


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(xlsx, id="xlsx"),
        pytest.param(lambda cells: csv_file(cells, encoding="gb18030"), id="gb18030"),
    ],
)
@pytest.mark.parametrize("seed", [1, 20261124])
def test_each_seeded_fault_is_found_at_its_row_and_column_and_nothing_else_is_refused(
    database: Database,
    any_database: str,
    tmp_path: Path,
    write: Callable[[list[Cells]], bytes],
    seed: int,
) -> None:
    made = community(seed)
    table = read_table(write(made.cells))
    seen: list[int] = []
    with database.transaction() as session:
        round = make_round(session)
        report = import_roll(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=Keyring(tmp_path / "secrets"),
            round_id=round.id,
            rows=table,
            header=guess(table),
            progress=seen.append,
        )
        listed = roll_counts(session, round.id).listed
        named = [building.name for building in buildings(session, round.id) if building.name]
    assert {(fault.row, fault.column) for fault in report.faults} == made.faults
    assert {(fault.row, fault.column) for fault in report.remarks} == made.remarks
    assert report.duplicates == made.repeated
    assert report.accepted == listed == ELECTORS - report.rejected - made.repeated
    assert sum(seen) == len(table)
    assert len(named) == BUILDINGS
    assert {fault.letter for fault in report.faults} <= set("BCDEFGH")


def test_what_only_a_sheet_of_typed_cells_can_spoil_is_found_too(
    database: Database, tmp_path: Path
) -> None:
    made = community()
    made.people[20][5] = 369999198005170018
    made.people[20][5] = float(made.people[20][5])  # type: ignore[arg-type]  # just set
    made.people[21][1] = date(2026, 3, 2)
    table = read_table(xlsx(made.cells))
    with database.transaction() as session:
        report = import_roll(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=Keyring(tmp_path / "secrets"),
            round_id=make_round(session).id,
            rows=table,
            header=guess(table),
        )
    found = {(fault.row, fault.column) for fault in report.faults}
    assert found - made.faults == {(25, "证件号码"), (26, "楼栋房号")}
