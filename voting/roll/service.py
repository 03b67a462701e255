"""The roll's use cases; this file's first function is the only gate to the register of rights used."""

from datetime import date

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.errors import Refusal
from voting.roll.models import Channel, Participation


class RightAlreadyUsed(Refusal):
    """The person's right has been used through some channel."""

    msgid = "名册上已经记录这位居民领过票或投过票，不能再领再投。如有疑问，请到社区服务台核对。"


def mark_participation(
    session: Session, *, round_id: str, elector_id: str, channel: Channel, day: date
) -> None:
    """Use a person's right; raise RightAlreadyUsed. The primary key decides, not a look beforehand."""
    try:
        with session.begin_nested():
            session.execute(
                insert(Participation).values(
                    round_id=round_id, elector_id=elector_id, channel=channel.value, day=day
                )
            )
    except IntegrityError as taken:
        raise RightAlreadyUsed from taken
