"""The four questions, the negative list, and what may be decided (docs/2_rules/screening.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from voting.errors import Refusal
from voting.proposals.rules.states import ProposalState

OFFICE_MOST = 40
NOTE_MOST = 200


class Answer(StrEnum):
    """What an officer answers to one of the four questions."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


ANSWER_NAMES = {Answer.YES: "符合", Answer.NO: "不符合", Answer.UNCLEAR: "待核实"}
QUESTIONS = {
    "legal": "合法性：不违法违规，权属、消防通道、绿地规划没有冲突，不在负面清单里",
    "feasible": "可行性：场地、管线、权属同意书都有着落，当年能完工",
    "beneficial": "受益面：受益的户数、人数清楚，不影响相邻的人，或已经征求他们的意见",
    "affordable": "预算：在类别限额以内，有估算依据，后期维护费有人出",
}
QUESTION_NAMES = {
    "legal": "合法性",
    "feasible": "可行性",
    "beneficial": "受益面",
    "affordable": "预算",
}
NEGATIVE_LIST = {
    "owner": "① 物业、业主或产权单位自己该做的",
    "planned": "② 和在建、拟建的政府项目重复",
    "department": "③ 政府部门的本职工作",
    "profit": "④ 经营性、营利性的",
    "private": "⑤ 宗教活动，或只让个人受益的",
}
OUTCOME_NAMES = {
    ProposalState.PASSED: "通过初审",
    ProposalState.RETURNED: "退回补充",
    ProposalState.MERGED: "合并到别的建议或候选项目",
    ProposalState.PASSED_ON: "转办给别的单位",
    ProposalState.REFUSED: "不予受理",
}
# Sentences of our own that an officer may pick; the proposer reads them.
SUGGESTED_REASONS = {
    ProposalState.PASSED: (
        "符合征集要求，进入街道联审。",
        "大家提得多，地点和做法都清楚，进入街道联审。",
    ),
    ProposalState.RETURNED: (
        "请补充具体地点，最好拍一张照片。",
        "请写清楚要做什么、大约多少户受益。",
        "需要相邻住户同意，请先问一问他们的意见。",
    ),
    ProposalState.MERGED: ("和别的居民提的是同一件事，合在一起办。",),
    ProposalState.PASSED_ON: (
        "这件事由别的单位负责，已经转过去办理。",
        "这属于物业的日常维修，已经转给物业办理。",
    ),
    ProposalState.REFUSED: (
        "这件事只关系到个别住户，不属于微实事的范围。",
        "这个地方已经有政府项目要做，不再重复安排。",
        "这个地方的权属还有争议，今年做不了。",
    ),
}


class AnswerMissing(Refusal):
    """A proposal passes only when all four questions were answered."""

    msgid = "要通过初审，四个问题都要回答。还没有回答：%(questions)s。"
    status = 422
    field = "outcome"


class AnswerIsNo(Refusal):
    """A proposal does not pass while one of the four questions is answered with no."""

    msgid = "“%(questions)s”选了“不符合”，不能通过。请改结论，或者核实后改回答。"
    status = 422
    field = "outcome"


class OnNegativeList(Refusal):
    """What is on the negative list is not lawful for this money."""

    msgid = "勾了负面清单，“合法性”就要选“不符合”。"
    status = 422
    field = "legal"


class DecisionReasonMissing(Refusal):
    """The proposer reads why."""

    msgid = "请写理由，建议人会看到。"
    status = 422
    field = "reason"


class OfficeToAskMissing(Refusal):
    """The proposer must know who acts instead."""

    msgid = "请写转给哪个单位办理，建议人会看到。"
    status = 422
    field = "passed_to"


class MergeTargetMissing(Refusal):
    """Merging needs something to merge with."""

    msgid = "请选择合并到哪个候选项目，或者哪条已通过初审的建议。"
    status = 422
    field = "target"


class OutcomeMissing(Refusal):
    """The act needs one of the five outcomes."""

    msgid = "请选择结论。"
    status = 422
    field = "outcome"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What was answered to the four questions; None where nothing was; notes are for the desk only."""

    legal: Answer | None = None
    feasible: Answer | None = None
    beneficial: Answer | None = None
    affordable: Answer | None = None
    negative: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)

    def by_question(self) -> dict[str, Answer | None]:
        """Return the answers by the name of the question."""
        return {name: getattr(self, name) for name in QUESTIONS}

    def notes_text(self) -> str:
        """Return the notes as they are kept: what of the negative list applies, a line for each question."""
        lines = [
            f"{QUESTION_NAMES[name]}：{self.notes[name]}"
            for name in QUESTIONS
            if self.notes.get(name)
        ]
        if self.negative:
            lines.insert(0, "负面清单：" + "；".join(NEGATIVE_LIST[one] for one in self.negative))
        return "\n".join(lines)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is decided, the reason the proposer reads, and what the outcome needs beside it.

    ``passed_to`` is the office asked to act instead; ``candidate_id`` or ``proposal_id`` is merged with.
    """

    outcome: ProposalState
    reason: str
    passed_to: str = ""
    candidate_id: str | None = None
    proposal_id: str | None = None


def check_verdict(verdict: Verdict) -> None:
    """Refuse a verdict that leaves out what its outcome needs."""
    if verdict.outcome not in OUTCOME_NAMES:
        raise OutcomeMissing
    if not verdict.reason:
        raise DecisionReasonMissing
    if verdict.outcome is ProposalState.PASSED_ON and not verdict.passed_to:
        raise OfficeToAskMissing
    if verdict.outcome is ProposalState.MERGED and not (
        verdict.candidate_id or verdict.proposal_id
    ):
        raise MergeTargetMissing


def check_answers(answers: Answers, outcome: ProposalState) -> None:
    """Refuse to let a proposal pass against the answers, and answers that contradict the negative list."""
    if answers.negative and answers.legal is not Answer.NO:
        raise OnNegativeList
    if outcome is not ProposalState.PASSED:
        return
    given = answers.by_question()
    absent = [QUESTION_NAMES[name] for name, answer in given.items() if answer is None]
    if absent:
        raise AnswerMissing(questions="、".join(absent))
    against = [QUESTION_NAMES[name] for name, answer in given.items() if answer is Answer.NO]
    if against:
        raise AnswerIsNo(questions="、".join(against))
