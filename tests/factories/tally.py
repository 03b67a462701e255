"""Rounds whose vote is over, with ballots in the urn, and the officers who open it."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.areas import make_chain
from tests.factories.ballots import NOW, make_listed_elector, make_open_round
from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.adapters.sealing import seal
from voting.areas.models import Area
from voting.ballots.models import UrnEntry
from voting.ballots.rules import Ballot, leaf_of, padded_length, seal_info, slot_of
from voting.ballots.service import drop_into_urn, load_paper
from voting.ledger.models import Checkpoint
from voting.ledger.service import find_head
from voting.permissions import Role
from voting.proposals.models import Candidate
from voting.roll.models import Channel
from voting.roll.service import mark_participation
from voting.rounds.models import Round
from voting.tally.service import approve_opening, count

VOTES: tuple[tuple[int, ...], ...] = ((1, 2), (1, 2, 3), (1,), (2, 4), (1, 5))
CLOSED = NOW - timedelta(hours=1)


def make_closed_round(
    session: Session,
    keys: Keyring,
    *,
    votes: Iterable[Sequence[int]] = VOTES,
    phase: str = "voting",
    **changes: Any,
) -> Round:
    """Make a round whose voting time is over; the clock, not its row, says that it is counting."""
    round = make_open_round(
        session, keys, phase=phase, opens_at=CLOSED - timedelta(days=7), closes_at=CLOSED, **changes
    )
    fill(session, round.id, votes)
    return round


def fill(
    session: Session, round_id: str, votes: Iterable[Sequence[int]], *, channel: str = "card"
) -> None:
    """Drop ballots into the urn, whatever they say."""
    paper = load_paper(session, round_id)
    for choices in votes:
        slot = slot_of(secrets.token_bytes(16))
        drop_into_urn(session, paper=paper, slot=slot, ballot=Ballot(channel, tuple(choices)))


def drop_raw(
    session: Session,
    round_id: str,
    text: bytes,
    *,
    public: bytes | None = None,
    leaf: bytes | None = None,
    length: int | None = None,
    slot: bytes | None = None,
) -> None:
    """Put something into the urn that no voter could: other content, another key, another leaf."""
    paper = load_paper(session, round_id)
    put = slot or slot_of(secrets.token_bytes(16))
    padded = text.ljust(paper.ballot_length if length is None else length)
    salt = secrets.token_bytes(16)
    info = seal_info(round_id, paper.config_hash, put)
    row = {
        "round_id": round_id,
        "slot": put,
        "sealed": seal(public or paper.seal_public, salt + padded, info),
        "leaf": leaf or leaf_of(round_id, paper.config_hash, put, salt, padded),
        "batch_no": None,
    }
    table = UrnEntry.__table__
    assert isinstance(table, Table)
    session.execute(insert(table), [row])


def make_openers(session: Session, area: Area, count: int = 2) -> list[Officer]:
    """Make officers who may open an urn in this area."""
    names = ("李敏", "周强", "吴丽")
    roles = (Role.COMMUNITY_SECRETARY, Role.STREET_OFFICER, Role.STREET_OFFICER)
    return [
        make_officer(session, area=area, role=roles[index], name=names[index])
        for index in range(count)
    ]


def open_by_two(session: Session, round: Round, *, now: datetime = NOW) -> list[Officer]:
    """Let two officers agree to open the urn of a round."""
    openers = make_openers(session, round.area)
    for officer in openers:
        approve_opening(session, now=now, officer_id=officer.id, round_id=round.id)
    return openers


def make_counted_round(session: Session, keys: Keyring, **changes: Any) -> Round:
    """Make a round that two officers have opened and that has been counted."""
    round = make_closed_round(session, keys, **changes)
    open_by_two(session, round)
    count(session, now=NOW, keys=keys, round_id=round.id)
    return round


def mark_on(
    session: Session, round_id: str, days: Sequence[int], *, electors: int, now: datetime = NOW
) -> None:
    """Put people on the roll; mark one for each of ``days``, so many days ago."""
    for number in range(electors):
        elector = make_listed_elector(session, round_id)
        if number < len(days):
            mark_participation(
                session, round_id=round_id, elector_id=elector, channel=Channel.CARD_HANDED,
                day=now.date() - timedelta(days=days[number]),
            )  # fmt: skip


def make_reviewed_round(
    session: Session,
    keys: Keyring,
    *,
    electors: int = 8,
    days: Sequence[int] = (0,) * 5,
    **changes: Any,
) -> Round:
    """Make a counted round with people on the roll that has been sent to the street for review.

    ``days`` tells for each person who was marked how many days ago that was.
    """
    round = make_closed_round(session, keys, **changes)
    mark_on(session, round.id, days, electors=electors)
    open_by_two(session, round)
    count(session, now=NOW, keys=keys, round_id=round.id)
    round.phase = "result_review"
    session.flush()
    return round


REAL = (
    ("雨污分流改造", "engineering", "南烟小区全区", 98_000_00, 1346),
    ("化粪池清淤", "service", "1—8栋", 12_500_00, 900),
    ("站南巷12栋至18栋之间空中弱电飞线入地及强电线路归整改造", "engineering", "12—18栋", 86_400_00, 620),
    ("楼道感应灯更换", "equipment", "各单元", 9_800_00, 1100),
    ("停车位重新规划（由120个增至141个）", "engineering", "中心道路", 45_000_00, 480),
    ("休闲凉亭修缮", "engineering", "小花园", 7_600_00, 700),
    ("老年食堂送餐车", "equipment", "社区食堂", 15_000_00, 260),
    ("120㎡活动室翻新", "engineering", "党群服务中心", 38_000_00, 800),
    ("周末四点半课堂", "service", "活动室", 20_000_00, 150),
    ("电动车充电棚", "equipment", "3栋北侧", 31_200_00, 540),
    ("健身器材更新", "equipment", "小花园", 22_500_00, 650),
    ("高龄老人居家巡诊", "service", "入户", 18_000_00, 210),
)  # fmt: skip


def make_real_round(
    session: Session,
    keys: Keyring,
    *,
    allocation: str = "greedy",
    closes_at: datetime = CLOSED,
    kind: str = "real",
    compare_public: bool = False,
) -> Round:
    """Make a round of 南烟小区 with candidates as people propose them, opened for votes last week."""
    chain = make_chain(session)
    round = Round(
        area=chain.estate,
        title="南站街道南烟小区2026年第二轮“幸福微实事”",
        kind=kind,
        phase="voting",
        created_at=NOW,
        created_by="factory",
        budget=300_000_00,
        reference_day=closes_at.date(),
        opens_at=closes_at - timedelta(days=7),
        closes_at=closes_at,
        max_choices=4,
        allocation=allocation,
        funded_count=6 if allocation == "top-k" else None,
        compare_public=compare_public,
        help_number="0791-86543210",
        office_name="站南巷社区居民委员会",
        office_address="站南巷15号社区服务大厅",
        office_contact="社区服务台",
        polling_place="社区服务大厅，9:00—17:00。",
    )
    session.add(round)
    session.flush()
    for number, (title, category, place, cost, beneficiaries) in enumerate(REAL, 1):
        session.add(
            Candidate(
                round_id=round.id, ballot_number=number, title=title, category=category, place=place,
                sentence="居民座谈会上提得最多的一件事", cost=cost, beneficiaries=beneficiaries,
            )
        )  # fmt: skip
    session.flush()
    round.config = "{}"
    round.config_hash = hashlib.sha256(b"{}").digest()
    round.seal_public = keys.make_seal_key(round.id)
    round.ballot_length = padded_length(
        kind="approval", max_choices=4, highest_number=len(REAL), max_points=None
    )
    round.frozen_at = NOW
    session.flush()
    return round


def head_of(session: Session, round_id: str) -> Checkpoint:
    """Return the newest checkpoint of a round, which must have one."""
    head = find_head(session, round_id)
    assert head is not None
    return head
