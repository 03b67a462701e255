"""The paper that calls to the vote: what is voted on, by which rule it is counted, when and before whom."""

from voting.notices.document import CandidateRow, Signature, VoteNotice
from voting.notices.rules import named_round, short_category, whereabouts
from voting.proposals.models import Candidate
from voting.rounds.models import Appointment, Round
from voting.tally.rules.phrases import rule_phrases, tie_phrases
from voting.tally.service import Announcement, declared_by

VOTE = "vote"
_PROOFS = "身份证件；只在这里工作或者学习的，再带相应的证明"
_CARD = (
    "到社区领取投票卡，用手机扫卡上的二维码，选好项目，输入卡上的验证码，看到回执就是投好了。"
    "不用下载软件，不用注册"
)
_CARD_WITHOUT_CODE = (
    "到社区领取投票卡，用手机扫卡上的二维码，选好项目，看到回执就是投好了。不用下载软件，不用注册"
)
_PLACE = "不会用手机的，带上投票卡到现场投票点，工作人员当面协助。现场投票点：%s"


def vote_facts(given: Announcement, *, number: str, url: str, head: str = "") -> VoteNotice:
    """Return the facts of the 通告 (or 公告) of a frozen round."""
    round, declared = given.round, declared_by(given.round)
    rule = rule_phrases(
        declared.allocation, funded_count=declared.funded_count, least_votes=declared.least_votes
    )
    return VoteNotice(
        form=round.notice_form,
        round_title=named_round(round.title),
        scope=whereabouts(round.scope, round.area.name),
        opens_at=round.opens_at,
        closes_at=round.closing,
        reference_day=round.reference_day,
        min_age=round.min_age,
        birthday_counts=round.birthday_counts,
        proofs=_PROOFS,
        max_choices=round.max_choices,
        min_choices=round.min_choices,
        budget=round.budget,
        rule="；".join(map(str, rule)),
        tie_rule="依次比较：" + "，".join(map(str, tie_phrases(round.tie_steps))),
        candidates=tuple(map(_row, given.candidates)),
        channels=_channels(round),
        polling_places=(),
        count_at=round.closing,
        count_place=round.office_name
        + (f"（{round.office_address}）" if round.office_address else ""),
        supervision_phone=round.help_number,
        monitors=_names(given.appointments, "monitor"),
        tellers=_names(given.appointments, "teller"),
        help_phone=round.help_number,
        signature=Signature((given.issuer,), given.issued_on),
        url=url,
        number=number,
        head=head,
        demo=given.demo,
        rehearsal=round.kind == "rehearsal",
    )


def _row(candidate: Candidate) -> CandidateRow:
    return CandidateRow(
        number=candidate.ballot_number or 0,
        title=candidate.title,
        category=short_category(candidate.category_name),
        place=candidate.place,
        beneficiaries=candidate.beneficiaries,
        cost=candidate.cost,
    )


def _channels(round: Round) -> tuple[str, ...]:
    card = _CARD if round.check_code else _CARD_WITHOUT_CODE
    place = round.polling_place.strip().rstrip("。")
    return (card, _PLACE % place) if place else (card,)


def _names(appointments: tuple[Appointment, ...], duty: str) -> tuple[str, ...]:
    return tuple(one.name for one in appointments if one.duty == duty and one.ended_at is None)
