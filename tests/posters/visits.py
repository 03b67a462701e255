"""A resident's walk by the poster, a step at a time."""

from sqlalchemy import func, select

from tests.factories.posters import NAME, NUMBER
from tests.visiting import read, submit, visit

RIGHT = {"name": NAME, "number": NUMBER, "consent": "y"}
SAME = "没有核对上。请检查姓名、证件号码和 6 位数字"


def claim(client, made, way="screen", **changes):
    address = f"/p/{made.round_id}"
    page = visit(client, f"{address}?way={way}")
    return submit(client, page, address, **(RIGHT | changes))


def vote(client, choices=("1", "2")):
    """Walk from the ballot to the receipt."""
    confirm = read(submit(client, visit(client, "/ballot"), "/ballot", choice=list(choices)))
    assert "验证码" not in confirm.text
    answer = submit(client, confirm, "/ballot/cast")
    assert answer.status_code == 303
    return answer.location


def rows(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))
