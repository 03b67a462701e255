"""Every step of a round (practice.md §1.9); docs/2_rules/phases.md says the same in prose."""

from functools import partial

from voting.conduct.rules.steps import LONG, Step
from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.rules import Phase


class NoSuchStep(Refusal):
    """No step leads there from where the round stands."""

    msgid = "这个轮次现在是“%(phase)s”，不能这样办。请刷新页面再看。"


# A draft is nobody's business yet, and what waits for approval is simply not approved.
PAUSABLE = (
    Phase.COLLECTING, Phase.SCREENING, Phase.DELIBERATING, Phase.SHORTLISTED, Phase.VOTE_ANNOUNCED,
    Phase.VOTING, Phase.COUNTING, Phase.VOTE_VOID, Phase.RESULT_REVIEW, Phase.PUBLICITY,
    Phase.OBJECTION, Phase.CONFIRMED,
)  # fmt: skip
# Once a result is confirmed, its projects are ended one by one and not with the round.
ENDABLE = (*(phase for phase in PAUSABLE if phase is not Phase.CONFIRMED), Phase.PAUSED)

_BEFORE_THE_VOTE = (
    Step(Phase.DRAFT, Phase.PENDING_APPROVAL, "round.submit", Permission.ROUND_EDIT, "送街道审批"),
    Step(Phase.PENDING_APPROVAL, Phase.COLLECTING, "round.approve", Permission.ROUND_APPROVE,
         "批准，开始征集"),
    Step(Phase.PENDING_APPROVAL, Phase.DRAFT, "round.return", Permission.ROUND_APPROVE,
         "退回修改", needs_reason=True),
    Step(Phase.PENDING_APPROVAL, Phase.TERMINATED, "round.reject", Permission.ROUND_APPROVE,
         "不予批准，终止这个轮次", needs_reason=True, is_final=True),
    Step(Phase.COLLECTING, Phase.SCREENING, "round.screen", Permission.ROUND_EDIT,
         "征集结束，开始审核整理"),
    Step(Phase.SCREENING, Phase.DELIBERATING, "round.deliberate", Permission.ROUND_EDIT,
         "审核完毕，开始协商推选"),
    Step(Phase.DELIBERATING, Phase.SHORTLISTED, "round.shortlist", Permission.ROUND_APPROVE,
         "推选大会开过了，确认候选名单", needs_reason=True, needs_day=True, needs_person=True,
         needs_file="may", reason_label="会议纪要", reason_most=LONG, day_label="会议日期",
         person_label="主持人", file_label="纪要扫描件或照片"),
    Step(Phase.DELIBERATING, Phase.TERMINATED, "round.too_few", Permission.ROUND_APPROVE,
         "候选项目不足，终止这个轮次", key="too-few", needs_reason=True, is_final=True),
    Step(Phase.SHORTLISTED, Phase.VOTE_ANNOUNCED, "round.announce_vote", Permission.ROUND_APPROVE,
         "确定规则和名单，进入投票公告期", is_final=True),
)  # fmt: skip

_THE_VOTE = (
    Step(Phase.COUNTING, Phase.RESULT_REVIEW, "round.submit_result", Permission.URN_OPEN,
         "把计票结果送街道审定"),
    *(
        Step(phase, Phase.VOTE_VOID, "round.void", Permission.ROUND_APPROVE, label, needs_reason=True,
             needs_day=True, needs_person=True, needs_file="may", is_final=True,
             reason_label="为什么无效", reason_most=LONG, day_label="发现日期",
             person_label="发现的监票人", file_label="清票记录扫描件或照片")
        for phase, label in (
            (Phase.COUNTING, "清票不合格或没有达到门槛，投票无效"),
            # Only where custody says that nobody can ever open the urn.
            (Phase.VOTING, "钥匙丢失、票箱永远打不开，投票无效"),
        )
    ),
    *(
        Step(phase, phase, "round.extend", Permission.ROUND_APPROVE, "延长投票时间", key="extension",
             needs_reason=True, is_final=True, asks_times=True, reason_label="延长的理由")
        for phase in (Phase.VOTING, Phase.PAUSED)
    ),
    Step(Phase.COUNTING, Phase.VOTING, "round.reopen", Permission.ROUND_APPROVE,
         "补足中断的时间，恢复投票", key="reopen", needs_reason=True, is_final=True, asks_times=True,
         reason_label="中断的情况"),
    Step(Phase.COUNTING, Phase.COUNTING, "round.keep_closing", Permission.ROUND_APPROVE,
         "不补时间，按原时间截止", key="keep-closing", needs_reason=True, is_final=True,
         reason_label="不补的理由"),
    Step(Phase.VOTE_VOID, Phase.VOTE_VOID, "round.repeat", Permission.ROUND_APPROVE, "重新组织投票",
         key="repeat", needs_reason=True, is_final=True, asks_times=True),
)  # fmt: skip

_answer = partial(
    Step, before=Phase.OBJECTION, needs_reason=True, needs_day=True, needs_person=True, needs_file="may",
    reason_label="处理意见", reason_most=LONG, person_label="处理人", file_label="处理意见书扫描件或照片",
)  # fmt: skip

_AFTER_THE_VOTE = (
    Step(Phase.RESULT_REVIEW, Phase.PUBLICITY, "round.publish", Permission.RESULT_DECLARE,
         "公示贴好了，开始公示", needs_day=True, needs_file="must", day_label="张贴日期",
         file_label="张贴照片"),
    Step(Phase.PUBLICITY, Phase.CONFIRMED, "round.confirm", Permission.ROUND_APPROVE,
         "公示期满，确认结果", is_final=True),
    Step(Phase.PUBLICITY, Phase.OBJECTION, "round.object", Permission.ROUND_EDIT, "登记一件异议",
         needs_reason=True, needs_day=True, needs_person=True, needs_file="may",
         reason_label="异议的事实", reason_most=LONG, day_label="提出日期", person_label="受理人",
         file_label="异议书扫描件或照片"),
    _answer(after=Phase.PUBLICITY, act="round.dismiss", permission=Permission.RESULT_DECLARE,
            label="异议不成立，继续公示", key="dismiss", day_label="答复日期"),
    _answer(after=Phase.PUBLICITY, act="round.correct", permission=Permission.RESULT_DECLARE,
            label="异议成立，更正后重新公示", key="correct", day_label="更正公示张贴日期", is_final=True),
    _answer(after=Phase.CONFIRMED, act="round.confirm", permission=Permission.ROUND_APPROVE,
            label="异议不成立，公示期满，确认结果", day_label="答复日期", is_final=True),
    Step(Phase.CONFIRMED, Phase.IMPLEMENTING, "round.implement", Permission.ROUND_APPROVE,
         "项目已立项，开始实施"),
    Step(Phase.IMPLEMENTING, Phase.CLOSED, "round.close", Permission.ROUND_APPROVE,
         "全部项目办结，本轮办结", is_final=True),
    Step(Phase.CLOSED, Phase.ARCHIVED, "round.archive", Permission.ROUND_APPROVE, "移交归档",
         needs_file="must", is_final=True, file_label="归档移交单扫描件或照片"),
)  # fmt: skip

_ASIDE = (
    *(
        Step(phase, Phase.PAUSED, "round.pause", Permission.ROUND_HALT, "暂停这个轮次", needs_reason=True)
        for phase in PAUSABLE
    ),
    *(
        Step(Phase.PAUSED, phase, "round.resume", Permission.ROUND_HALT, "恢复这个轮次", key="resume")
        for phase in PAUSABLE
    ),
    Step(Phase.DRAFT, Phase.TERMINATED, "round.terminate", Permission.ROUND_EDIT,
         "不办了，终止这个轮次", needs_reason=True, is_final=True),
    *(
        Step(phase, Phase.TERMINATED, "round.terminate", Permission.ROUND_HALT,
             "终止这个轮次", needs_reason=True, is_final=True)
        for phase in ENDABLE
    ),
)  # fmt: skip

STEPS = (*_BEFORE_THE_VOTE, *_THE_VOTE, *_AFTER_THE_VOTE, *_ASIDE)


def steps_from(phase: Phase, *, paused_in: Phase | None = None) -> list[Step]:
    """Return the steps that lead on from a phase, the straight path first.

    A paused round goes back only where it was paused.
    """
    return [
        step
        for step in STEPS
        if step.before is phase and (step.act != "round.resume" or step.after is paused_in)
    ]


def find_step(before: Phase, key: str, *, paused_in: Phase | None = None) -> Step | None:
    """Return the step with this address from a phase, if there is one."""
    return next((one for one in steps_from(before, paused_in=paused_in) if one.key == key), None)


def find_step_to(before: Phase, after: Phase, *, paused_in: Phase | None = None) -> Step | None:
    """Return the step between two phases that needs no key to be told apart, or the first of them."""
    found = [one for one in steps_from(before, paused_in=paused_in) if one.after is after]
    plain = (one for one in found if one.key == after.value.replace("_", "-"))
    return next(plain, found[0] if found else None)
