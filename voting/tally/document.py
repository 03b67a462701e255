"""The papers about a vote: the one that calls to it, and the one that announces a lot drawn in public."""

from dataclasses import dataclass
from datetime import datetime

from voting.adapters.pdf import Paper
from voting.notices.document import (
    CandidateRow,
    PollingPlace,
    Render,
    Signature,
    VoteNotice,
    heading_lines,
    official,
)
from voting.notices.rules import named_round, short_category, whereabouts
from voting.proposals.models import Candidate
from voting.proposals.service.rivals import rival_numbers
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import RoundChannel, SecondFactor
from voting.tally.rules.phrases import declared_phrases, tie_phrases
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
    rule = declared_phrases(declared, rivals=rival_numbers(given.candidates))
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
        tie_rule="依次比较：" + "，".join(map(str, tie_phrases(round.tie_steps, round.lot_source))),
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


@dataclass(frozen=True)
class TiedRow:
    """A project that waits for the lot: its ballot number and title, and nothing of its votes."""

    number: int
    title: str


@dataclass(frozen=True)
class DrawNotice:
    """Everything the 抽签公告 says; no votes, and the order in a group is that of the ballot numbers.

    ``root`` is in hex, that of the checkpoint of ``entries`` entries which covers the count.
    """

    round_title: str
    groups: tuple[tuple[TiedRow, ...], ...]
    source: str
    counted_at: datetime
    entries: int
    root: str
    place: str
    help_phone: str
    signature: Signature
    url: str
    number: str = ""
    demo: bool = False
    rehearsal: bool = False

    @property
    def title(self) -> str:
        """The paper's full title."""
        return f"关于{self.round_title}并列项目公开抽签的公告"

    @property
    def heading(self) -> list[str]:
        """The title in lines."""
        return heading_lines(self.title)

    @property
    def head(self) -> str:
        """The first 16 digits of the root in groups of four, as the notice board shows them."""
        return " ".join(self.root[at : at + 4] for at in range(0, 16, 4))


def draw_notice(facts: DrawNotice, *, render: Render) -> Paper:
    """Return the 抽签公告 as a paper."""
    return official("tally/print/draw.html", facts, url=facts.url, render=render)
