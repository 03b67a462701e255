"""Everything that can stand in the way of a step, each with what to do about it."""

from voting.errors import Refusal


class OpeningPassed(Refusal):
    """Voting would have begun already."""

    msgid = "投票开始时间已经过了。请先修改方案里的投票时间。"


class NoProposals(Refusal):
    """There is nothing to deliberate on."""

    msgid = "还没有录入建议。请先录入居民的建议。"


class ProposalsUnresolved(Refusal):
    """Somebody still waits to hear what becomes of a proposal."""

    msgid = "还有 %(number)d 条建议没有结论。请先在“建议”里逐条办完。"


class AppealsOpen(Refusal):
    """Somebody still waits for the answer to an appeal."""

    msgid = "还有 %(number)d 件复核申请没有答复。请街道先在“建议”里答复。"


class TooFewCandidates(Refusal):
    """A vote needs a choice."""

    msgid = "候选项目至少要有 %(least)d 项，现在有 %(number)d 项。"


class TooManyCandidates(Refusal):
    """Nobody reads a longer list to its end."""

    msgid = "候选项目最多 %(most)d 项，现在有 %(number)d 项。请移出几项，或修改方案里的上限。"


class EnoughCandidates(Refusal):
    """Too few candidates are no reason where there are enough."""

    msgid = "候选项目有 %(number)d 项，够办投票，不能按“候选项目不足”终止。"


class MoreChoicesThanCandidates(Refusal):
    """Everybody could choose everything."""

    msgid = "每人最多选 %(most)d 项，候选项目只有 %(number)d 项。请修改方案，建议最多选 %(suggested)d 项。"


class CandidateTooDear(Refusal):
    """The budget was lowered below a candidate's cost."""

    msgid = "%(number)d 号“%(title)s”的预算超过了本轮资金总额，不可能入选。请核对。"


class CandidateAboveQuota(Refusal):
    """Its category gets less money than it costs."""

    msgid = (
        "%(number)d 号“%(title)s”的预算超过了这一类最多安排的资金，不可能入选。请修改方案里的类别限额，"
        "或者把它移出名单。"
    )


class LeastBeyondLimit(Refusal):
    """Whoever keeps to the limit could not choose as many as they must."""

    msgid = (
        "每人至少选 %(least)d 项，最便宜的 %(least)d 项合计也超过每人可选的金额，谁也投不了票。"
        "请在方案里改少“每人最少选几项”，或者提高金额。"
    )


class CandidateOutOfReach(Refusal):
    """On a ballot inside a budget nobody could tick it."""

    msgid = "%(number)d 号“%(title)s”的预算超过了每人可选的金额，谁也选不了。请修改方案，或者去掉这一项。"


class RollEmpty(Refusal):
    """Nobody may vote."""

    msgid = "名册还是空的。请先导入名册。"


class AddressNotScanned(Refusal):
    """Cards would lead nowhere."""

    msgid = "还没有用手机扫过测试二维码。请管理员在“平台设置”里扫一次，再发布公告。"


class AnnouncedTooLate(Refusal):
    """People would have no time to read."""

    msgid = "公告最晚要在投票开始前 1 天发布。请把投票开始时间往后改。"


class OfficeMissing(Refusal):
    """The announcement says where objections go."""

    msgid = "受理异议的单位、地址、联系人还没有填全。请修改方案补上。"


HOW_TO_PROVE = {
    "server": "请到“钥匙”一页打印两份恢复袋，封好，再读回其中一份。",
    "monitors": "请到“钥匙”一页生成钥匙纸，打印好，让服务器忘掉钥匙，再读入两张试开。",
}


class KeyNotProven(Refusal):
    """Nobody has shown that the urn could be opened again."""

    msgid = "开箱的钥匙还没有备好。%(how)s"


class KeyStillThere(Refusal):
    """While people vote a vote is void only when nobody can ever count it."""

    msgid = "投票还在进行，票箱也打得开，不能宣布无效。要停下来，请用“暂停”。"


class ProposerCounts(Refusal):
    """A candidate's proposer would monitor or tell."""

    msgid = "%(name)s是 %(number)d 号项目的建议人，不能做监票人、计票人。请先换人。"


class TurnoutTooLow(Refusal):
    """The round declared a least turnout before the vote, and it was missed."""

    msgid = (
        "投票率没有达到最低投票率 %(least)s（名册 %(roll)d 人，已登记投票 %(marked)d 人），结果不能送审。"
        "请街道办“清票不合格或没有达到门槛，投票无效”，再决定重新组织投票还是终止。"
    )


class NotCounted(Refusal):
    """The urn has not been opened and counted."""

    msgid = "还没有计票。请先由两名工作人员开箱计票。"


class TieOpen(Refusal):
    """Equal votes decide who is funded, and their lot has not been drawn."""

    msgid = "有项目得票相同，谁入选要抽签决定。请先在“计票”里公布并列、公开抽签。"


class NotDeclared(Refusal):
    """The street has not declared the result."""

    msgid = "结果还没有审定。请街道先审定结果。"


class NotCompared(Refusal):
    """The plan promised to show what other rules would have given, and nobody has worked it out."""

    msgid = "本轮说好要公布“换一种算法会怎样”，还没有算。请先到“换一种算法”一页点“算一算”。"


class PublicityRunning(Refusal):
    """The days of publicity are not over."""

    msgid = "公示到%(day)s为止。期满以后才能确认结果。"


class OutsidePublicity(Refusal):
    """An objection is made while the result hangs on the board."""

    msgid = "异议要在公示期内提出：公示期是%(first)s到%(last)s。请核对提出日期。"
    status = 422
    field = "day"


class PostedTooEarly(Refusal):
    """A paper cannot hang before it says what it says."""

    msgid = "结果是%(day)s审定的，张贴日期不能更早。请核对。"
    status = 422
    field = "day"


class AnsweredTooEarly(Refusal):
    """Nobody answers before they are asked."""

    msgid = "异议是%(day)s提出的，这里的日期不能更早。请核对。"
    status = 422
    field = "day"


class AlreadyRepeated(Refusal):
    """The vote is held again already."""

    msgid = "这次投票已经重新组织，新的轮次已经建好，请到轮次列表里办理。"


class NothingApproved(Refusal):
    """There is nothing to carry out."""

    msgid = "还没有项目立项。请先在“项目”里批准至少一项。"


class ProjectsRunning(Refusal):
    """Something is still being built."""

    msgid = "还有 %(number)d 个项目没有办结。全部办结或终止以后，才能办结本轮。"


class NothingLost(Refusal):
    """No outage stands open."""

    msgid = "没有等着决定的中断，不用补时间。"


class UrnOpened(Refusal):
    """Two officers have opened the urn: whoever knows the outcome cannot let the vote go on."""

    msgid = "票箱已经由两名工作人员同意打开，不能再恢复投票。"


class PaperSigned(Refusal):
    """The paper was reconciled: nobody votes after its figures were signed."""

    msgid = "清票记录已经两人签字，不能再恢复投票。"


class MoreReturned(Refusal):
    """More paper came back than went out: the vote can only be void."""

    msgid = "清票结果是收回的纸质票多于发出的票。这次投票只能宣布无效，请办理“投票无效”。"
