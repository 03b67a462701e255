"""What leads a round aside: a pause, an end, a void vote that is called again, an objection."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from voting.clock import at_local
from voting.conduct.rules import Given
from voting.conduct.service import advance, repeat
from voting.demo.rules.stories.shape import VOTE_LENGTH
from voting.demo.service.keeping import keep_key
from voting.demo.service.preparing import Preparing
from voting.demo.service.scene import Act, Part
from voting.demo.service.voting import Voting
from voting.rounds.models import Round
from voting.rounds.rules import Phase


class Ending:
    """Tells what happens to a round beside the straight path, and how it comes to its end."""

    def __init__(self, part: Part, preparing: Preparing, voting: Voting) -> None:
        self._part = part
        self._days = part.story.days
        self._preparing = preparing
        self._voting = voting
        self._again: Round | None = None

    def acts(self) -> Iterator[Act]:
        """Yield the acts of this chapter."""
        tell = {
            Phase.PAUSED: self._paused,
            Phase.TERMINATED: self._terminated,
            Phase.VOTE_VOID: self._void,
            Phase.OBJECTION: self._objected,
        }.get(self._part.story.ends)
        if tell:
            yield from tell()

    def _paused(self) -> Iterator[Act]:
        reason = "地下管网要先改造，等改造方案定了再继续征集。"
        pause = partial(self._preparing.advance, Phase.PAUSED, self._part.street, reason=reason)
        yield Act(at_local(self._days.aside or self._days.opens, 9), pause, 5)

    def _terminated(self) -> Iterator[Act]:
        reason = "候选项目只剩一项，达不到两项，这一轮不再投票，建议列入储备库。"
        end = partial(
            self._preparing.advance,
            Phase.TERMINATED,
            self._part.street,
            reason=reason,
            key="too-few",
        )
        yield Act(at_local(self._days.aside or self._days.opens, 16), end, 5)

    def _void(self) -> Iterator[Act]:
        """The papers did not add up; a day later the vote is called again, and then announced."""
        day, again = self._days.aside or self._days.closes, self._days.again
        found = Given(day=day, person="居民代表甲（监票人）")
        reason = "清票时发现收回的选票比发出的多 2 张，按规则整轮投票无效。"
        void = partial(
            self._preparing.advance, Phase.VOTE_VOID, self._part.street, reason=reason, given=found
        )
        yield Act(at_local(day, 18, 30), void, 5)
        if again:
            yield Act(at_local(day + timedelta(days=1), 9), self._repeat, 10)
            yield Act(at_local(again - timedelta(days=7), 9), self._announce_again, 20)

    def _repeat(self, now: datetime) -> None:
        part, again = self._part, self._days.again
        assert again is not None  # noqa: S101 -- only then is this act told
        self._again = repeat(
            part.scene.session, now=now, actor=part.street.actor, keys=part.scene.keys,
            round_id=part.round.id, opens_at=at_local(again, 8),
            closes_at=at_local(again + timedelta(days=VOTE_LENGTH - 1), 17),
            reason="原候选名单和名册不变，重新组织一次投票。",
        )  # fmt: skip

    def _announce_again(self, now: datetime) -> None:
        scene = self._part.scene
        assert self._again is not None  # noqa: S101 -- it was called again before
        keep_key(scene, self._part.street, self._again, now)
        advance(
            scene.session, now=now, actor=self._part.street.actor, keys=scene.keys,
            round_id=self._again.id, to=Phase.VOTE_ANNOUNCED, config=scene.config,
        )  # fmt: skip
        self._voting.issue_paper(now, self._again)

    def _objected(self) -> Iterator[Act]:
        day = self._days.aside or self._days.closes
        given = Given(day=day, person="社区服务台")
        words = "居民实名反映：第 3 号项目的施工地点占用了消防通道，要求重新核实。"
        object_ = partial(
            self._preparing.advance, Phase.OBJECTION, self._part.worker, reason=words, given=given
        )
        yield Act(at_local(day, 15), object_, 5)
