from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.ballots import NOW, keyring, make_open_round
from tests.factories.paper import make_paper, serials_of
from voting.journal.rules import COMMAND_LINE
from voting.paper.models import PaperBallot, PaperBundle
from voting.paper.rules.serials import is_serial
from voting.paper.service import PaperBatchSize, make_batch, printing
from voting.rounds.models import Round


@pytest.fixture
def round(session: Session, tmp_path: Path) -> Round:
    return make_open_round(session, keyring(tmp_path / "var"))


def test_a_batch_is_divided_into_bundles_and_every_paper_has_a_serial(
    any_database: str, session: Session, round: Round
):
    batch = make_paper(session, round, 120, versions=2)
    bundles = session.scalars(select(PaperBundle).order_by(PaperBundle.number)).all()
    assert [(one.number, one.count, one.handed) for one in bundles] == [
        (1, 50, 0), (2, 50, 0), (3, 20, 0),
    ]  # fmt: skip
    assert len(set(serials_of(session, batch))) == 120
    assert all(map(is_serial, serials_of(session, batch)))
    papers = session.execute(select(PaperBallot.bundle, PaperBallot.version))
    assert Counter(map(tuple, papers)) == {
        (1, 1): 25, (1, 2): 25, (2, 1): 25, (2, 2): 25, (3, 1): 10, (3, 2): 10,
    }  # fmt: skip


def test_batches_of_a_round_are_numbered(session: Session, round: Round):
    assert [make_paper(session, round, 2).number for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("count", [0, -1, 20_001])
def test_a_batch_has_a_size(session: Session, round: Round, count: int):
    with pytest.raises(PaperBatchSize):
        make_batch(session, now=NOW, actor=COMMAND_LINE, round=round, count=count, versions=1)


def test_a_serial_that_is_taken_is_drawn_anew(
    any_database: str, session: Session, round: Round, monkeypatch: pytest.MonkeyPatch
):
    first = make_paper(session, round, 1)
    taken = serials_of(session, first)[0]
    drawn = iter([taken, taken, "123456788"])
    monkeypatch.setattr(printing, "draw_serial", lambda: next(drawn))
    assert serials_of(session, make_paper(session, round, 1)) == ["123456788"]
