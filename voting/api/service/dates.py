"""The dates of a round for a calendar."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from voting.adapters.calendars import Event
from voting.results.service import days_in_force, find_result
from voting.rounds.models import Round
from voting.rounds.rules import Phase

_HALTED = {Phase.PAUSED: "TENTATIVE", Phase.TERMINATED: "CANCELLED", Phase.VOTE_VOID: "CANCELLED"}


def round_events(session: Session, round: Round, *, site: str) -> list[Event]:
    """Return the dates of a round: proposing, the announcement, the vote, publicity."""
    status = _HALTED.get(Phase(round.phase), "CONFIRMED")
    url = f"{site}/rounds/{round.id}"
    vote = Event(
        key=f"vote/{round.id}",
        title=f"投票：{round.title}",
        first=round.opens_at,
        last=round.closing,
        url=url,
        words=f"{_choosing(round)}。不会操作请打 {round.help_number}。",
        place=round.polling_place,
        status=status,
    )
    days = [
        Event(f"{name}/{round.id}", f"{title}：{round.title}", first, last, url, status=status)
        for name, title, first, last in _days(session, round)
    ]
    return sorted([vote, *days], key=lambda one: (str(one.first), one.key))


def _choosing(round: Round) -> str:
    if round.spending:
        return f"每人选的项目预算{round.spending}"
    return f"每人最多选 {round.max_choices} 项"


def _days(session: Session, round: Round) -> Iterator[tuple[str, str, date, date]]:
    if round.collecting_from and round.collecting_until:
        yield "collecting", "征集建议", round.collecting_from, round.collecting_until
    if round.announce_on:
        yield "announcement", "发布投票公告", round.announce_on, round.announce_on
    stored = find_result(session, round.id)
    published = days_in_force(round, stored if stored and stored.declared_at else None)
    if published:
        yield "publicity", "结果公示", published.first, published.last
