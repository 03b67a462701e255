"""Candidates of which only one may be funded: the officer puts them together before the announcement.

A group is a number beside the candidates. It freezes with the list, and the count goes by it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import Candidate
from voting.proposals.service.candidates import candidates_of, get_candidate
from voting.proposals.service.entering import open_round

_LEAST = 2


class TooFewRivals(Refusal):
    """One candidate excludes nobody."""

    msgid = "请至少勾选两个候选项目：勾选的只能入选一个。"
    status = 422
    field = "candidate"


class RivalAlready(Refusal):
    """A candidate stands in one group at most."""

    msgid = (
        "%(number)s 号“%(title)s”已经和别的项目排在一组，不能再排。请先把它移出那一组，再重新勾选。"
    )
    status = 422
    field = "candidate"


class NoRival(Refusal):
    """It stands in no group, or not on the list."""

    msgid = "这个候选项目不在任何一组里，不用移出。请刷新页面再看。"


def rival_groups(candidates: Iterable[Candidate]) -> list[list[Candidate]]:
    """Return the groups of which only one may be funded, by the first ballot number of each."""
    groups: defaultdict[int, list[Candidate]] = defaultdict(list)
    for one in sorted(candidates, key=lambda one: one.ballot_number or 0):
        if one.rival_group is not None and one.ballot_number is not None:
            groups[one.rival_group].append(one)
    return [group for group in groups.values() if len(group) >= _LEAST]


def rival_numbers(candidates: Iterable[Candidate]) -> tuple[tuple[int, ...], ...]:
    """Return the same groups as ballot numbers."""
    return tuple(
        tuple(one.ballot_number or 0 for one in group) for group in rival_groups(candidates)
    )


def rivals_by_number(candidates: Iterable[Candidate]) -> dict[int, tuple[int, ...]]:
    """Return for each candidate that still excludes others the ballot numbers of these."""
    standing = [one for one in candidates if one.withdrawn_at is None]
    return {
        mine: tuple(other for other in group if other != mine)
        for group in rival_numbers(standing)
        for mine in group
    }


def group_rivals(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    candidate_ids: Sequence[str],
) -> list[Candidate]:
    """Let only one of these candidates be funded, and return them by ballot number.

    Raises NotFound, RulesFrozen, NotTakingProposals, TooFewRivals or RivalAlready. Whoever changes the list
    holds the round's row, and once it is frozen a trigger refuses.
    """
    round = open_round(session, round_id)
    on_list = candidates_of(session, round_id)
    chosen = [one for one in on_list if one.id in set(candidate_ids)]
    if len(chosen) < _LEAST:
        raise TooFewRivals
    for one in chosen:
        if one.rival_group is not None and _stands_with_others(one, on_list):
            raise RivalAlready(number=one.ballot_number, title=one.title)
    highest = select(func.max(Candidate.rival_group)).where(Candidate.round_id == round_id)
    group = (session.scalar(highest) or 0) + 1
    for one in chosen:
        one.rival_group = group
    session.flush()
    record(
        session, actor, "candidate.group", now=now, kind="round", id=round_id,
        area_path=round.area.path, numbers=[one.ballot_number for one in chosen],
    )  # fmt: skip
    return chosen


def leave_rivals(
    session: Session, *, now: datetime, actor: Actor, round_id: str, candidate_id: str
) -> Candidate:
    """Take a candidate out of its group; who is left alone there leaves as well.

    Raises NotFound, RulesFrozen, NotTakingProposals or NoRival.
    """
    round = open_round(session, round_id)
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    on_list = candidates_of(session, round_id)
    if candidate not in on_list or not _stands_with_others(candidate, on_list):
        raise NoRival
    group, candidate.rival_group = candidate.rival_group, None
    left = [one for one in on_list if one.rival_group == group]
    if len(left) < _LEAST:
        for one in left:
            one.rival_group = None
    session.flush()
    record(
        session, actor, "candidate.ungroup", now=now, kind="round", id=round_id,
        area_path=round.area.path, number=candidate.ballot_number,
    )  # fmt: skip
    return candidate


def _stands_with_others(candidate: Candidate, on_list: Sequence[Candidate]) -> bool:
    group = candidate.rival_group
    return group is not None and sum(one.rival_group == group for one in on_list) >= _LEAST
