"""Proposals from phones, each told to its own end: passed, returned, refused, appealed against."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from voting.clock import at_local
from voting.demo.rules.fates import Fate, Outcome
from voting.demo.service.scene import Act, Part
from voting.proposals.rules import ProposalState
from voting.proposals.rules.screening import Answer, Answers, Verdict
from voting.proposals.rules.sending import SentFacts
from voting.proposals.service import accept, decide_appeal, screen, supplement
from voting.proposals.service.following import lodge_appeal
from voting.proposals.service.sending import Sent, send_proposal

_PHONE = "0791-0000{number}"
_FIRST_PHONE = 1500
_APPEALED = (Outcome.APPEALED, Outcome.UPHELD, Outcome.DISMISSED)
_VERDICTS = {
    Outcome.PASSED: ProposalState.PASSED,
    Outcome.RETURNED: ProposalState.RETURNED,
    Outcome.SUPPLEMENTED: ProposalState.RETURNED,
    Outcome.MERGED: ProposalState.MERGED,
    Outcome.PASSED_ON: ProposalState.PASSED_ON,
    **dict.fromkeys((Outcome.REFUSED, *_APPEALED), ProposalState.REFUSED),
}
_YES = Answers(legal=Answer.YES, feasible=Answer.YES, beneficial=Answer.YES, affordable=Answer.YES)


class Fates:
    """Tells what becomes of a round's proposals from phones."""

    def __init__(self, part: Part, yesterday: date) -> None:
        self._part = part
        self._yesterday = yesterday
        self._sent: dict[str, Sent] = {}

    def acts(self) -> Iterator[Act]:
        """Yield what proposers and officers did, until yesterday."""
        days = self._part.story.days
        last = min(days.collecting_until, self._yesterday)
        screened = days.screened
        for turn, fate in enumerate(self._part.story.fates):
            minutes = timedelta(minutes=7 * turn)
            send = partial(self._send, fate, turn)
            yield Act(at_local(last, 19) + minutes, send, 5)
            if fate.outcome is Outcome.WAITING:
                continue
            yield Act(at_local(screened, 13) + minutes, partial(self._accept, fate), 3)
            if fate.outcome in _VERDICTS:
                yield Act(at_local(screened, 15) + minutes, partial(self._screen, fate), 4)
            yield from self._after(fate, minutes)

    def _after(self, fate: Fate, minutes: timedelta) -> Iterator[Act]:
        screened = self._part.story.days.screened
        if fate.outcome is Outcome.SUPPLEMENTED:
            again = partial(self._supplement, fate)
            yield Act(at_local(screened + timedelta(days=1), 11) + minutes, again, 3)
        if fate.outcome in _APPEALED:
            appeal = partial(self._appeal, fate)
            yield Act(at_local(screened + timedelta(days=1), 20) + minutes, appeal, 3)
        if fate.answer:
            answer = partial(self._answer, fate)
            yield Act(at_local(screened + timedelta(days=2), 10) + minutes, answer, 3)

    def _send(self, fate: Fate, turn: int, now: datetime) -> None:
        part = self._part
        facts = SentFacts(
            title=fate.title, category=fate.category, place=fate.place, reason=fate.words,
            proposer_name=part.random.choice("张王李刘陈") + "某某",
            phone=_PHONE.format(number=_FIRST_PHONE + turn), basis="live",
        )  # fmt: skip
        self._sent[fate.title] = send_proposal(
            part.scene.session, now=now, keys=part.scene.keys, round_id=part.round.id, facts=facts,
            sending_key=f"demo-{turn}",
        )  # fmt: skip

    def _id(self, fate: Fate) -> str:
        return self._sent[fate.title].proposal.id

    def _accept(self, fate: Fate, now: datetime) -> None:
        part = self._part
        accept(
            part.scene.session, now=now, actor=part.worker.actor, round_id=part.round.id,
            proposal_ids=[self._id(fate)],
        )  # fmt: skip

    def _screen(self, fate: Fate, now: datetime) -> None:
        part, outcome = self._part, _VERDICTS[fate.outcome]
        into = self._passed() if outcome is ProposalState.MERGED else None
        verdict = Verdict(
            outcome=outcome, reason=fate.reason, passed_to=fate.passed_to, proposal_id=into
        )
        screen(
            part.scene.session, now=now, actor=part.worker.actor, round_id=part.round.id,
            proposal_id=self._id(fate), verdict=verdict,
            answers=_YES if outcome is ProposalState.PASSED else Answers(),
        )  # fmt: skip

    def _passed(self) -> str:
        """Return the proposal with which others are put together."""
        fates = self._part.story.fates
        return self._id(next(one for one in fates if one.outcome is Outcome.PASSED))

    def _supplement(self, fate: Fate, now: datetime) -> None:
        part = self._part
        supplement(
            part.scene.session, now=now, actor=part.worker.actor, round_id=part.round.id,
            proposal_id=self._id(fate),
        )  # fmt: skip

    def _appeal(self, fate: Fate, now: datetime) -> None:
        scene = self._part.scene
        code = self._sent[fate.title].code
        lodge_appeal(scene.session, now=now, keys=scene.keys, code=code, words=fate.appeal)

    def _answer(self, fate: Fate, now: datetime) -> None:
        part = self._part
        upheld = fate.outcome is Outcome.UPHELD
        decide_appeal(
            part.scene.session, now=now, actor=part.street.actor, round_id=part.round.id,
            proposal_id=self._id(fate), reason=fate.answer,
            verdict=Verdict(outcome=ProposalState.PASSED, reason=fate.answer) if upheld else None,
        )  # fmt: skip
