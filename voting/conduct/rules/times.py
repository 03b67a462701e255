"""Which voting times an extension, or a vote held again, may have."""

from datetime import datetime, timedelta

from voting.clock import SHANGHAI
from voting.errors import Refusal
from voting.rounds.rules import LONGEST_VOTING, ClosesBeforeOpening, VotingTooLong


class NotVoting(Refusal):
    """Only a vote that is on can be extended."""

    msgid = "只有投票期间才能延长投票时间。"


class ExtendedAlready(Refusal):
    """Once is all there is."""

    msgid = "投票时间只能延长一次，这一轮已经延长过了。"


class ClosingNotLater(Refusal):
    """The new end is not later than the old."""

    msgid = "新的截止时间要晚于原来的截止时间。"
    status = 422
    field = "closes_day"


class ClosingPassed(Refusal):
    """The new end has passed."""

    msgid = "新的截止时间已经过了，请往后改。"
    status = 422
    field = "closes_day"


class ExtensionTooShort(Refusal):
    """An outage took more than would be given back."""

    msgid = "投票中断了 %(minutes)d 分钟，新的截止时间不能早于%(least)s。"
    status = 422
    field = "closes_day"


class OpensTooSoonAgain(Refusal):
    """People would have no time to hear of it."""

    msgid = "投票开始时间要晚于现在，还要留出至少 1 天公告。"
    status = 422
    field = "opens_day"


def check_extension(
    *, now: datetime, opens_at: datetime, closing: datetime, closes_at: datetime
) -> None:
    """Raise the first refusal for a later ``closes_at`` of a vote that would end at ``closing``."""
    if closes_at <= closing:
        raise ClosingNotLater
    if closes_at <= now:
        raise ClosingPassed
    if closes_at - opens_at > LONGEST_VOTING:
        raise VotingTooLong(days=LONGEST_VOTING.days)


def check_made_up(*, now: datetime, closing: datetime, closes_at: datetime, minutes: int) -> None:
    """Raise ExtensionTooShort unless people get back what was lost, counted from when they can vote again."""
    least = max(now, closing) + timedelta(minutes=minutes)
    if minutes and closes_at < least:
        local = (least + timedelta(seconds=59)).astimezone(SHANGHAI)
        said = f"{local.month}月{local.day}日{local.hour}:{local.minute:02d}"
        raise ExtensionTooShort(minutes=minutes, least=said)


def check_again(*, now: datetime, opens_at: datetime, closes_at: datetime) -> None:
    """Raise the first refusal for the times of a vote held again."""
    if opens_at <= now:
        raise OpensTooSoonAgain
    if closes_at <= opens_at:
        raise ClosesBeforeOpening
    if closes_at - opens_at > LONGEST_VOTING:
        raise VotingTooLong(days=LONGEST_VOTING.days)
