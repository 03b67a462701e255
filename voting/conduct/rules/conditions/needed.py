"""What must be true before a step."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from voting.clock import local_day
from voting.conduct.rules.conditions.facts import Facts
from voting.conduct.rules.conditions.refusals import (
    HOW_TO_PROVE,
    AddressNotScanned,
    AlreadyRepeated,
    AnnouncedTooLate,
    AnsweredTooEarly,
    AppealsOpen,
    CandidateAboveQuota,
    CandidateOutOfReach,
    CandidateTooDear,
    EnoughCandidates,
    KeyNotProven,
    KeyStillThere,
    LeastBeyondLimit,
    MoreChoicesThanCandidates,
    MoreReturned,
    NoProposals,
    NotCompared,
    NotCounted,
    NotDeclared,
    NothingApproved,
    NothingLost,
    OfficeMissing,
    OpeningPassed,
    OutsidePublicity,
    PaperSigned,
    PostedTooEarly,
    ProjectsRunning,
    ProposalsUnresolved,
    ProposerCounts,
    PublicityRunning,
    RollEmpty,
    TieOpen,
    TooFewCandidates,
    TooManyCandidates,
    TurnoutTooLow,
    UrnOpened,
)
from voting.conduct.rules.steps import Step
from voting.conduct.rules.times import ExtendedAlready, NotVoting
from voting.errors import Refusal
from voting.paper.rules.sheet import Outcome
from voting.rounds.rules import MOST_LISTED, suggested_choices
from voting.tally.rules.thresholds import percent_text

LEAST_CANDIDATES = 2
LEAST_ANNOUNCEMENT = timedelta(days=1)


def missing(step: Step, facts: Facts) -> list[Refusal]:
    """Return everything that must be put right before a step, in the order in which it is put right."""
    return [refusal for condition in _CONDITIONS.get(step.act, ()) for refusal in condition(facts)]


def _opens_later(facts: Facts) -> Iterable[Refusal]:
    if facts.opens_at <= facts.now:
        yield OpeningPassed()


def _has_proposals(facts: Facts) -> Iterable[Refusal]:
    if not facts.proposals:
        yield NoProposals()


def _is_screened(facts: Facts) -> Iterable[Refusal]:
    if facts.unresolved:
        yield ProposalsUnresolved(number=facts.unresolved)
    if facts.open_appeals:
        yield AppealsOpen(number=facts.open_appeals)


def _has_candidates(facts: Facts) -> Iterable[Refusal]:
    if facts.candidates < LEAST_CANDIDATES:
        yield TooFewCandidates(least=LEAST_CANDIDATES, number=facts.candidates)
    if facts.candidates > facts.most_candidates:
        yield TooManyCandidates(most=facts.most_candidates, number=facts.candidates)


def _lacks_candidates(facts: Facts) -> Iterable[Refusal]:
    if facts.candidates >= LEAST_CANDIDATES:
        yield EnoughCandidates(number=facts.candidates)


def _fits_list(facts: Facts) -> Iterable[Refusal]:
    if LEAST_CANDIDATES <= facts.candidates < facts.max_choices < MOST_LISTED:
        yield MoreChoicesThanCandidates(
            most=facts.max_choices,
            number=facts.candidates,
            suggested=suggested_choices(facts.candidates),
        )
    if facts.too_dear:
        yield CandidateTooDear(number=facts.too_dear[0], title=facts.too_dear[1])
    if facts.above_quota:
        yield CandidateAboveQuota(number=facts.above_quota[0], title=facts.above_quota[1])
    if facts.out_of_reach:
        yield CandidateOutOfReach(number=facts.out_of_reach[0], title=facts.out_of_reach[1])
    if facts.least_beyond_limit:
        yield LeastBeyondLimit(least=facts.least_beyond_limit)


def _reaches_voters(facts: Facts) -> Iterable[Refusal]:
    if not facts.listed:
        yield RollEmpty()
    if not facts.is_scanned:
        yield AddressNotScanned()
    if not facts.has_office:
        yield OfficeMissing()


def _gives_notice(facts: Facts) -> Iterable[Refusal]:
    early = local_day(facts.opens_at) - local_day(facts.now) >= LEAST_ANNOUNCEMENT
    if facts.opens_at > facts.now and not early and not facts.is_rehearsal:
        yield AnnouncedTooLate()


def _counts_fairly(facts: Facts) -> Iterable[Refusal]:
    if facts.conflict:
        yield ProposerCounts(name=facts.conflict[0], number=facts.conflict[1])


def _is_key_proven(facts: Facts) -> Iterable[Refusal]:
    if not facts.is_key_proven:
        yield KeyNotProven(how=HOW_TO_PROVE[facts.seal_way])


def _is_over_or_lost(facts: Facts) -> Iterable[Refusal]:
    if facts.votes_now and not facts.is_key_lost:
        yield KeyStillThere()


def _is_counted(facts: Facts) -> Iterable[Refusal]:
    if not facts.is_counted:
        yield NotCounted()


def _took_part(facts: Facts) -> Iterable[Refusal]:
    if facts.low_turnout is not None:
        marked, roll, least = facts.low_turnout
        yield TurnoutTooLow(marked=marked, roll=roll, least=percent_text(least))


def _is_drawn(facts: Facts) -> Iterable[Refusal]:
    if facts.is_tied:
        yield TieOpen()


def _is_declared(facts: Facts) -> Iterable[Refusal]:
    if not facts.is_declared:
        yield NotDeclared()


def _is_compared(facts: Facts) -> Iterable[Refusal]:
    if facts.lacks_comparison:
        yield NotCompared()


def _was_public(facts: Facts) -> Iterable[Refusal]:
    if facts.publicity_to is None:
        yield NotDeclared()
    elif local_day(facts.now) <= facts.publicity_to:
        yield PublicityRunning(day=_written(facts.publicity_to))


def _is_in_time(facts: Facts) -> Iterable[Refusal]:
    first, last, day = facts.publicity_from, facts.publicity_to, facts.given_day
    if first and last and day and not first <= day <= last:
        yield OutsidePublicity(first=_written(first), last=_written(last))


def _is_posted(facts: Facts) -> Iterable[Refusal]:
    if facts.declared_on and facts.given_day and facts.given_day < facts.declared_on:
        yield PostedTooEarly(day=_written(facts.declared_on))


def _is_answer(facts: Facts) -> Iterable[Refusal]:
    if facts.objected_on and facts.given_day and facts.given_day < facts.objected_on:
        yield AnsweredTooEarly(day=_written(facts.objected_on))


def _is_voting(facts: Facts) -> Iterable[Refusal]:
    if not facts.is_voting:
        yield NotVoting()


def _is_not_extended(facts: Facts) -> Iterable[Refusal]:
    # What an outage took may be made up for whatever was granted before.
    if facts.is_extended and not facts.lost_minutes:
        yield ExtendedAlready()


def _has_lost_time(facts: Facts) -> Iterable[Refusal]:
    if not facts.lost_minutes:
        yield NothingLost()


def _is_unopened(facts: Facts) -> Iterable[Refusal]:
    if facts.is_opened or facts.is_counted:
        yield UrnOpened()


def _is_unsigned(facts: Facts) -> Iterable[Refusal]:
    if facts.sheet:
        yield PaperSigned()


def _is_not_void(facts: Facts) -> Iterable[Refusal]:
    if facts.sheet == Outcome.MORE_RETURNED:
        yield MoreReturned()


def _is_not_repeated(facts: Facts) -> Iterable[Refusal]:
    if facts.is_repeated:
        yield AlreadyRepeated()


def _has_started(facts: Facts) -> Iterable[Refusal]:
    # Where nothing was funded, or every project was ended before its approval, there is nothing to wait for.
    if not facts.projects_approved and facts.projects_ended < facts.projects:
        yield NothingApproved()


def _has_ended(facts: Facts) -> Iterable[Refusal]:
    if facts.projects_ended < facts.projects:
        yield ProjectsRunning(number=facts.projects - facts.projects_ended)


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


Condition = Callable[[Facts], Iterable[Refusal]]
_CONDITIONS: dict[str, tuple[Condition, ...]] = {
    "round.submit": (_opens_later,),
    "round.approve": (_opens_later,),
    "round.deliberate": (_has_proposals, _is_screened),
    "round.shortlist": (_has_candidates,),
    "round.too_few": (_lacks_candidates,),
    "round.announce_vote": (
        _has_candidates, _fits_list, _reaches_voters, _opens_later, _gives_notice, _counts_fairly,
        _is_key_proven,
    ),
    "round.void": (_is_over_or_lost,),
    "round.submit_result": (_is_not_void, _is_counted, _took_part, _is_drawn),
    "round.publish": (_is_declared, _is_compared, _is_posted),
    "round.object": (_is_in_time,),
    "round.dismiss": (_is_answer,),
    "round.correct": (_is_answer,),
    "round.confirm": (_was_public, _is_answer),
    "round.extend": (_is_voting, _is_not_extended),
    "round.reopen": (_has_lost_time, _is_unopened, _is_unsigned),
    "round.keep_closing": (_has_lost_time, _is_not_void),
    "round.pause": (_is_not_repeated,),
    "round.terminate": (_is_not_repeated,),
    "round.repeat": (_is_not_repeated,),
    "round.implement": (_has_started,),
    "round.close": (_has_ended,),
}  # fmt: skip
