"""When people were marked, as pages and paper tell it: after the declaration, and from the facts alone."""

import json

from sqlalchemy import delete, select

from tests.papers import running_text
from tests.visiting import visit
from voting.notices.models import Notice
from voting.results.models import Result
from voting.roll.models import Participation

TOLD = (
    "11月16日（周一）至11月18日（周三） 新登记 11 人，累计 11 人，占名册 12.2%",
    "11月19日（周四）至11月20日（周五） 新登记 20 人，累计 31 人，占名册 34.4%",
    "11月21日（周六）至11月23日（周一） 新登记 34 人，累计 65 人，占名册 72.2%",
)


def test_small_days_are_told_with_their_neighbours_after_the_roll_has_gone(
    street, client, database
):
    assert "新登记" not in visit(client, street.public, status=404).text
    street.declare()
    with database.transaction() as session:
        session.execute(delete(Participation))
    page = visit(client, street.public).text
    notice = visit(client, "/notices/2026-0001").text
    paper = running_text(client.get("/notices/2026-0001.pdf").data)
    for line in TOLD:
        assert line in page
        assert line in notice
        assert line.replace(" ", "") in paper
    assert "附件：得票和资金情况图" in paper
    assert page.count("新登记 ") == len(TOLD)


def test_a_result_from_before_there_were_charts_is_shown_as_it_was_declared(
    street, client, database
):
    street.declare()
    with database.transaction() as session:
        for guard in ("result_declared_update", "notice_no_update"):
            session.connection().exec_driver_sql(f"DROP TRIGGER {guard}")
        result = session.scalars(select(Result)).one()
        notice = session.scalars(select(Notice)).one()
        for row, name in ((result, "days"), (notice, "charts")):
            facts = json.loads(row.facts)
            assert facts.pop(name)
            row.facts = json.dumps(facts)
    page = visit(client, street.public).text
    assert "39 票，得票率 60.0%" in page
    assert "每天有多少人登记投票" not in page
    assert "附件" not in visit(client, "/notices/2026-0001").text
