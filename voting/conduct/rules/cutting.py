"""When the budget of a declared result may be cut (预算核减), and what is asked for it."""

from voting.conduct.rules.steps import Step
from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.rules import Phase

CUTTABLE = (Phase.PUBLICITY, Phase.OBJECTION)
CUT = "round.cut"

# Like a withdrawal it moves no round.
CUTS = tuple(
    Step(
        phase, phase, "round.cut", Permission.RESULT_DECLARE, "预算核减", key="cut", needs_reason=True,
        needs_day=True, needs_person=True, needs_file="may", is_final=True, reason_label="核减的理由",
        day_label="决定日期", person_label="由谁决定", file_label="决定的扫描件或照片",
    )
    for phase in CUTTABLE
)  # fmt: skip


class NotWhilePublic(Refusal):
    """Before the declaration there is nothing to cut; afterwards projects are ended one by one."""

    msgid = (
        "只有结果公示期间（包括处理异议期间）才能核减预算。公示以前还没有结果；"
        "结果确认以后项目已经建档，办不成的请在“项目实施”里逐个终止。"
    )


class NotACut(Refusal):
    """The new sum is not below the old one."""

    msgid = "核减后的资金要少于原来的资金总额 %(budget)s。"
    status = 422
    field = "budget"


class NothingLeaves(Refusal):
    """The new sum still pays everything that was funded."""

    msgid = "核减后的资金仍然够付全部入选项目（共 %(spent)s），结果不变，不用办。"
    status = 422
    field = "budget"


class EqualsParted(Refusal):
    """Of two projects that nothing puts in order one would keep its money and the other lose it."""

    msgid = (
        "%(stays)s 号和 %(leaves)s 号得票相同，先后没有抽过签，不能一个留下、一个退出。"
        "请把核减后的资金改到两个都够，或者两个都不够。"
    )
    status = 422
    field = "budget"


class CutAlready(Refusal):
    """One cut is all there is, or somebody has asked for one."""

    msgid = "这一轮已经有人提出核减，或者已经核减过了。一轮只核减一次。"


class SameCutter(Refusal):
    """Who asked does not confirm."""

    msgid = "核减是您提出的，要请街道的另一位工作人员确认。"


class CutDecided(Refusal):
    """Somebody decided it before."""

    msgid = "这件事刚刚已经有人办过了。请刷新这一页看结果。"


def cut_step(phase: Phase) -> Step:
    """Return the act as it is taken from a phase; raise NotWhilePublic where it cannot be taken."""
    found = next((step for step in CUTS if step.before is phase), None)
    if found is None:
        raise NotWhilePublic
    return found
