"""Why nobody can vote now: one refusal for each phase."""

from voting.errors import Refusal
from voting.rounds.rules import (
    Phase,
)


class VotingNotOpen(Refusal):
    """The round is not taking ballots at this moment."""

    msgid = "现在不能投票。请看投票时间，或拨打帮助电话。"


class VotingNotYetOpen(VotingNotOpen):
    """The vote is announced, but its first moment has not come."""

    msgid = "投票还没有开始。请收好这张卡，到时候再扫一次。"


class VotingClosed(VotingNotOpen):
    """The round has stopped taking ballots."""

    msgid = "投票已经截止，这张卡不能再投。结果会在社区公示栏和本网站公布。"


class VotingPaused(VotingNotOpen):
    """The street has paused the round."""

    msgid = "投票暂停了，您的卡没有作废。请收好，恢复以后再扫一次；怎么安排请看社区公示栏，或拨打帮助电话。"


class VotingEnded(VotingNotOpen):
    """The street has ended the round."""

    msgid = "这个轮次已经终止，不再投票。原因请看社区公示栏里的终止公告，或拨打帮助电话。"


class VoteVoid(VotingNotOpen):
    """The vote counts for nothing; it may be held again, with new cards."""

    msgid = (
        "这次投票无效，这张卡不能再用。要重新投票的话，社区会重新发卡，请看公示栏，或拨打帮助电话。"
    )


_REFUSAL_BY_PHASE: dict[Phase, type[VotingNotOpen]] = {
    Phase.VOTE_ANNOUNCED: VotingNotYetOpen,
    Phase.PAUSED: VotingPaused,
    Phase.TERMINATED: VotingEnded,
    Phase.VOTE_VOID: VoteVoid,
}


def refusal_of_phase(phase: Phase) -> VotingNotOpen | None:
    """Return why a round in this phase takes no ballots, or None if it does."""
    return None if phase is Phase.VOTING else _REFUSAL_BY_PHASE.get(phase, VotingClosed)()
