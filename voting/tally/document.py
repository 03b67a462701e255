"""The paper that calls to the vote: what is voted on, by which rule it is counted, when and before whom."""

from voting.notices.document import CandidateRow, PollingPlace, Signature, VoteNotice
from voting.notices.rules import named_round, short_category, whereabouts
from voting.proposals.models import Candidate
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import RoundChannel, SecondFactor
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
_POSTER = "没有投票卡的，扫海报上的二维码，输入姓名和证件号码，再用%s核实本人，选好项目，看到回执就是投好了"
_FACTORS = {
    SecondFactor.SCREEN: "投票点屏幕上的数字",
    SecondFactor.SMS: "名册上登记的手机收到的短信",
    SecondFactor.WORKER: "工作人员当面核对",
}
_PAPER = "不用手机的，带身份证件到投票点领取纸质票，填好投进票箱"
_ASSISTED = "看不清、写不了字、行动不便的，由两名工作人员当面协助投票，可以打电话预约上门"
_PLACE = "现场投票点：%s"


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
        channels=_channels(given),
        polling_places=_places(given),
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
        spending=round.spending,
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


def _places(given: Announcement) -> tuple[PollingPlace, ...]:
    return tuple(PollingPlace(place.name, place.address, place.hours) for place in given.places)


def _channels(given: Announcement) -> tuple[str, ...]:
    round = given.round
    said = {
        RoundChannel.CARD: _CARD if round.check_code else _CARD_WITHOUT_CODE,
        RoundChannel.POSTER: _POSTER % _factors(round),
        RoundChannel.PAPER: _PAPER,
        RoundChannel.ASSISTED: _ASSISTED,
    }
    ways = tuple(words for channel, words in said.items() if round.offers(channel))
    place = round.polling_place.strip().rstrip("。")
    return ways if given.places or not place else (*ways, _PLACE % place)


def _factors(round: Round) -> str:
    return "、".join(words for factor, words in _FACTORS.items() if round.proves_by(factor))


def _names(appointments: tuple[Appointment, ...], duty: str) -> tuple[str, ...]:
    return tuple(one.name for one in appointments if one.duty == duty and one.ended_at is None)
