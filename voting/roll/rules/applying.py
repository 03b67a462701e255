"""Asking to be put on the roll: when, with which paper, and what a worker may answer. Plain values."""

from voting.errors import Refusal
from voting.rounds.rules import Phase

# More than a desk can look at in a day.
MOST_WAITING = 500
WORDS_MOST = 100

_BEFORE = frozenset({Phase.COLLECTING, Phase.SCREENING, Phase.DELIBERATING, Phase.SHORTLISTED})
_AFTER = frozenset({Phase.VOTE_ANNOUNCED, Phase.VOTING})

# Which paper shows that somebody lives, works or studies here, by the basis.
PROOFS = {
    "live": {
        "household": "户口簿",
        "residence_permit": "居住证",
        "deed": "房产证或不动产权证",
        "lease": "租赁合同",
        "certificate": "社区出具的居住证明",
    },
    "work": {
        "employer": "单位证明",
        "insurance": "社保缴纳证明",
        "licence": "营业执照（经营地址在本辖区）",
        "staff_list": "单位盖章的在岗名单",
    },
    "study": {
        "enrolment": "学籍证明",
        "school_list": "学校盖章的名单",
        "student_card": "学生证",
    },
}
PROOF_NAMES = {code: name for papers in PROOFS.values() for code, name in papers.items()}

# Why somebody is not put on the roll, and what they can do.
ANSWERS = {
    "listed": ("您已经在名册上，不用再申请。", "投票公告发布以后，带身份证到社区服务台领票就行。"),
    "not_shown": (
        "没有看到证件，或者证件不全。",
        "请带齐证件，到社区服务台当面办理，或者重新申请。",
    ),
    "differs": ("填的内容和证件对不上。", "请对照证件重新申请，或者带证件到社区服务台办理。"),
    "not_here": ("看不出您在本辖区居住、工作或学习。", "有别的证明，请带到社区服务台再看一次。"),
    "too_young": (
        "到规定的那一天还没有满年龄。",
        "可以由监护人代提建议，本人可以报名当小小观察员。",
    ),
    "other": ("这次没有列入名册。", "不明白的，请打求助电话，或者到社区服务台问。"),
    # Said by the clock, not by a worker.
    "too_late": (
        "投票截止以前没有办理，申请已经结束。",
        "下一轮请早一点申请，或者到社区服务台登记。",
    ),
}
BY_WORKER = tuple(code for code in ANSWERS if code != "too_late")


class NotApplying(Refusal):
    """Applications are taken while a round lives and its vote is not over."""

    msgid = "这一轮现在不收名册申请。有疑问，请打求助电话，或者到社区服务台问。"


class TooManyApplications(Refusal):
    """So many wait that nobody can look at them."""

    msgid = "等着办理的申请太多，暂时收不下了。请带身份证直接到社区服务台登记，当场就能办。"
    status = 429


class AlreadyApplied(Refusal):
    """For this number an application waits."""

    msgid = "这个证件号码已经有一份申请在等着办理，不用再交。请带证件到社区服务台，当面就能办完。"
    field = "number"


class AlreadyDecided(Refusal):
    """Somebody decided the application before."""

    msgid = "这份申请已经办完了，不用再办。"


def takes_applications(phase: Phase) -> bool:
    """Tell whether residents may apply in a phase."""
    return phase in _BEFORE | _AFTER


def is_living(phase: Phase) -> bool:
    """Tell whether a frozen roll may be changed in a phase."""
    return phase in _AFTER
