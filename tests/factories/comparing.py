"""A real round with votes by three channels and a roll of several buildings, counted and sent for review."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from tests.factories.ballots import NOW
from tests.factories.listing import unguarded_roll
from tests.factories.tally import fill, make_real_round, open_by_two
from voting.adapters.keyring import Keyring
from voting.persistence.base import new_id
from voting.roll.models import Channel, Elector, Participation
from voting.rounds.models import Round
from voting.tally.service import count

BY_CHANNEL: dict[str, Sequence[tuple[int, ...]]] = {
    "card": (*[(1, 2, 4)] * 60, *[(2, 3)] * 40, *[(4,)] * 50, *[(5, 7)] * 30, *[(9,)] * 20),
    "paper": (*[(1, 3)] * 25, *[(4,)] * 20, *[(9, 11)] * 15),
    "assisted": (*[(1,)] * 8, *[(4,)] * 6),
}
# building, band, listed, marked
PEOPLE: list[tuple[str, str | None, int, int]] = [
    ("1栋", "18-34", 60, 30), ("1栋", "35-59", 60, 50), ("2栋", "35-59", 60, 30), ("2栋", "70+", 40, 30),
    ("3栋", "60-69", 25, 8), ("", "15-17", 12, 4), ("", None, 8, 5),
]  # fmt: skip


def make_compared_round(
    session: Session,
    keys: Keyring,
    *,
    ballots: dict[str, Sequence[tuple[int, ...]]] | None = None,
    people: Iterable[tuple[str, str | None, int, int]] = PEOPLE,
    compare_public: bool = True,
    allocation: str = "greedy",
    phase: str = "result_review",
) -> Round:
    """Make a round whose count was sent for review, with votes by channel and people by building and band."""
    round = make_real_round(session, keys, compare_public=compare_public, allocation=allocation)
    for channel, chosen in (BY_CHANNEL if ballots is None else ballots).items():
        fill(session, round.id, chosen, channel=channel)
    list_people(session, round.id, people)
    open_by_two(session, round)
    count(session, now=NOW, keys=keys, round_id=round.id)
    round.phase = phase
    session.flush()
    return round


def list_people(session: Session, round_id: str, people: Iterable[Sequence[object]]) -> None:
    """Put people of buildings and bands on the roll, the first of each marked as having voted."""
    marked: list[str] = []
    with unguarded_roll(session):
        for building, band, listed, took_part in people:
            for number in range(int(str(listed))):
                elector = Elector(
                    round_id=round_id, elector_id=new_id(), id_key=new_id().encode(),
                    name_key=new_id().encode(), name_masked="张*", id_kind="resident",
                    id_masked="3601**********1234", basis="live", building=building, age_band=band,
                    added_at=NOW,
                )  # fmt: skip
                session.add(elector)
                if number < int(str(took_part)):
                    marked.append(elector.elector_id)
    session.add_all(
        Participation(
            round_id=round_id, elector_id=one, channel=Channel.CARD_HANDED.value, day=NOW.date()
        )
        for one in marked
    )
    session.flush()
