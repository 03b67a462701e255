"""How an entry of the journal reads: acts, details and values in words.

The journal is older than every stage and knows their codes by name only; a test finds what has none.
"""

import json
import re
from dataclasses import dataclass

from voting.journal.document.codes import CODE_NAMES
from voting.journal.models import JournalEntry
from voting.web.text import lazy_

ACT_NAMES = {
    "accounts.add": lazy_("添加工作人员"),
    "accounts.change_password": lazy_("修改自己的密码"),
    "accounts.lock": lazy_("账号锁定（密码输错太多次）"),
    "accounts.reset_password": lazy_("重设密码"),
    "accounts.retire": lazy_("办理离任"),
    "accounts.sign_in": lazy_("登录"),
    "accounts.unlock": lazy_("解锁账号"),
    "appointment.appoint": lazy_("委任监票人等"),
    "appointment.end": lazy_("解除委任"),
    "appointment.hand_over": lazy_("移交委任的人"),
    "appointment.replace": lazy_("更换委任的人"),
    "areas.add": lazy_("添加区域"),
    "areas.rename": lazy_("区域改名"),
    "areas.set_help_number": lazy_("修改求助电话"),
    "areas.set_public_url": lazy_("修改平台地址"),
    "calendar.add_holidays": lazy_("添加节假日"),
    "calendar.remove_holiday": lazy_("删除节假日"),
    "candidate.change": lazy_("修改候选项目"),
    "candidate.list": lazy_("列入候选名单"),
    "candidate.merge": lazy_("合并到候选项目"),
    "candidate.nominate": lazy_("合并成候选项目"),
    "candidate.put_back": lazy_("恢复候选项目"),
    "candidate.remove": lazy_("因异议移除项目"),
    "candidate.renumber": lazy_("调整候选项目编号"),
    "candidate.reserve": lazy_("转入储备库"),
    "candidate.review": lazy_("联审候选项目"),
    "candidate.shortlist": lazy_("列为候选项目"),
    "candidate.split": lazy_("拆开候选项目"),
    "candidate.take": lazy_("从储备库拿到本轮"),
    "candidate.take_off": lazy_("撤下候选项目"),
    "cards.charge": lazy_("移交投票卡"),
    "cards.download": lazy_("下载投票卡印张"),
    "cards.issue": lazy_("制作一批投票卡"),
    "cards.printed": lazy_("确认投票卡已印好"),
    "cards.replace_card": lazy_("补发投票卡"),
    "cards.reprint": lazy_("重印投票卡"),
    "cards.sheets": lazy_("生成投票卡印张"),
    "cards.void_batch": lazy_("作废一批投票卡"),
    "cards.void_card": lazy_("作废投票卡"),
    "custody.destroy": lazy_("登记销毁开箱钥匙"),
    "custody.find": lazy_("登记找到钥匙纸"),
    "custody.forget": lazy_("服务器忘掉开箱钥匙"),
    "custody.lose": lazy_("登记钥匙纸丢失"),
    "custody.make": lazy_("生成开箱钥匙"),
    "custody.print": lazy_("打印钥匙纸或恢复袋"),
    "custody.prove": lazy_("试开票箱，核对钥匙"),
    "custody.renew": lazy_("换一套新的钥匙纸"),
    "emergency.give_up": lazy_("作废应急选票的第一遍录入"),
    "emergency.mark": lazy_("补登停电期间领票的人"),
    "emergency.pack": lazy_("生成应急包"),
    "emergency.take": lazy_("下载应急包"),
    "ledger.add_witness": lazy_("添加公开账本见证人"),
    "ledger.remove_witness": lazy_("去掉公开账本见证人"),
    "notice.issue": lazy_("发出公示、通告"),
    "pabulib.load": lazy_("载入外地投票数据"),
    "project.accept": lazy_("项目验收合格"),
    "project.approve": lazy_("批准立项"),
    "project.approve_change": lazy_("同意项目变更"),
    "project.archive": lazy_("项目归档"),
    "project.close": lazy_("项目办结"),
    "project.complete": lazy_("项目完工"),
    "project.contract": lazy_("登记项目合同"),
    "project.design": lazy_("开始方案设计"),
    "project.hand_over": lazy_("项目移交管护"),
    "project.milestone_add": lazy_("添加节点"),
    "project.milestone_change": lazy_("修改节点"),
    "project.milestone_done": lazy_("登记节点完成"),
    "project.milestone_raise": lazy_("调整节点次序"),
    "project.open": lazy_("项目建档"),
    "project.pack": lazy_("项目整合打包"),
    "project.packed_away": lazy_("项目并入别的项目"),
    "project.photo_add": lazy_("添加项目照片"),
    "project.photo_remove": lazy_("去掉项目照片"),
    "project.prepare": lazy_("填写责任和目标"),
    "project.procure": lazy_("项目开始采购"),
    "project.progress": lazy_("记录项目进展"),
    "project.publish_final": lazy_("公示决算"),
    "project.rectified": lazy_("整改完成，申请复验"),
    "project.rectify": lazy_("要求整改"),
    "project.refuse_change": lazy_("不同意项目变更"),
    "project.request_change": lazy_("申请项目变更"),
    "project.resume": lazy_("项目复工"),
    "project.settle": lazy_("开始结算审核"),
    "project.spend": lazy_("登记支出"),
    "project.spending_void": lazy_("作废支出"),
    "project.start": lazy_("项目开工"),
    "project.survey": lazy_("开始满意度测评"),
    "project.suspend": lazy_("项目停工"),
    "project.terminate": lazy_("终止项目"),
    "project.unpack": lazy_("拆开项目"),
    "proposal.accept": lazy_("受理建议"),
    "proposal.appeal": lazy_("复核建议"),
    "proposal.change": lazy_("修改建议"),
    "proposal.enter": lazy_("录入建议"),
    "proposal.screen": lazy_("初审建议"),
    "proposal.show_phone": lazy_("查看建议人电话"),
    "proposal.supplement": lazy_("重新收建议"),
    "result.declare": lazy_("审定结果"),
    "roll.accept_application": lazy_("同意名册申请"),
    "roll.answer": lazy_("答复本人登记情况"),
    "roll.ask_change": lazy_("提出名册更改"),
    "roll.confirm_change": lazy_("确认名册更改"),
    "roll.correct": lazy_("更正名册上的人"),
    "roll.enter": lazy_("补登记"),
    "roll.import": lazy_("导入名册"),
    "roll.look": lazy_("查看房号和电话"),
    "roll.look_application": lazy_("查看名册申请"),
    "roll.refuse_application": lazy_("不同意名册申请"),
    "roll.refuse_change": lazy_("不同意名册更改"),
    "roll.restore": lazy_("恢复除名的人"),
    "roll.strike": lazy_("从名册中除名"),
    "roll.take_over": lazy_("照新名册更改"),
    "roll.undo_hand_out": lazy_("撤销领卡记录"),
    "round.announce_vote": lazy_("确定规则和名单，进入投票公告期"),
    "round.approve": lazy_("批准轮次，开始征集"),
    "round.void": lazy_("投票无效"),
    "round.too_few": lazy_("候选项目不足，终止轮次"),
    "round.resume": lazy_("恢复轮次"),
    "round.repeat": lazy_("重新组织投票"),
    "round.reject": lazy_("不予批准轮次"),
    "round.pause": lazy_("暂停轮次"),
    "round.open_vote": lazy_("投票开始"),
    "round.object": lazy_("登记异议"),
    "round.implement": lazy_("开始实施"),
    "round.extend": lazy_("延长投票时间"),
    "round.dismiss": lazy_("异议不成立，继续公示"),
    "round.correct": lazy_("异议成立，更正后重新公示"),
    "round.close_vote": lazy_("投票截止"),
    "round.close": lazy_("轮次办结"),
    "round.archive": lazy_("轮次移交归档"),
    "round.change": lazy_("修改轮次方案"),
    "round.confirm": lazy_("确认结果"),
    "round.create": lazy_("新建轮次"),
    "round.delete_rehearsal": lazy_("删除演练轮次"),
    "round.deliberate": lazy_("开始协商推选"),
    "round.hand_over": lazy_("移交轮次方案"),
    "round.publish": lazy_("开始结果公示"),
    "round.rehearse": lazy_("照方案建演练轮次"),
    "round.reopen": lazy_("补足中断的时间，恢复投票"),
    "round.keep_closing": lazy_("决定不补中断的时间"),
    "round.return": lazy_("退回轮次方案"),
    "round.screen": lazy_("征集结束，开始审核整理"),
    "round.set_officers": lazy_("更换轮次的工作人员"),
    "round.shortlist": lazy_("确认候选名单"),
    "round.submit": lazy_("送街道审批"),
    "round.submit_result": lazy_("计票结果送审"),
    "round.terminate": lazy_("终止轮次"),
    "audits.draw_calls": lazy_("抽取回访"),
    "audits.draw_cards": lazy_("抽暗访卡"),
    "audits.note_answers": lazy_("登记回访结果"),
    "audits.print_calls": lazy_("打印回访登记表"),
    "audits.reveal": lazy_("公布暗访卡"),
    "bundle.monitors": lazy_("做监票人核对包"),
    "tally.approve": lazy_("同意开箱"),
    "tally.count": lazy_("开箱计票"),
    "tally.withdraw": lazy_("撤回开箱同意"),
}
DETAIL_NAMES = {
    "after": lazy_("改为"),
    "amount": lazy_("金额（分）"),
    "appointments": lazy_("委任的人"),
    "ballots": lazy_("选票"),
    "batches": lazy_("投票卡批次"),
    "before": lazy_("原来"),
    "changed": lazy_("改动"),
    "code": lazy_("项目编号"),
    "successor": lazy_("新的轮次"),
    "closes": lazy_("新的截止时间"),
    "confirmed": lazy_("确认投过"),
    "count": lazy_("数量"),
    "day": lazy_("日期"),
    "denied": lazy_("说没投过"),
    "digest": lazy_("摘要"),
    "done_on": lazy_("实际完成"),
    "drafts": lazy_("起草的轮次"),
    "duty": lazy_("职责"),
    "file": lazy_("附件摘要"),
    "help_number": lazy_("求助电话"),
    "into": lazy_("并入"),
    "last": lazy_("到"),
    "last_good": lazy_("最后一张好的"),
    "level": lazy_("层级"),
    "mode": lazy_("方式"),
    "name": lazy_("名称"),
    "new": lazy_("新的"),
    "number": lazy_("编号"),
    "officers": lazy_("工作人员"),
    "title": lazy_("名称"),
    "officer": lazy_("原来由谁负责"),
    "old": lazy_("原来的"),
    "opened": lazy_("新项目"),
    "openings": lazy_("开箱同意"),
    "origin": lazy_("储备库里的原项目"),
    "outcome": lazy_("结论"),
    "packed": lazy_("并入的项目"),
    "paper": lazy_("文书"),
    "passed": lazy_("通过"),
    "planned_on": lazy_("计划完成"),
    "proposals": lazy_("建议条数"),
    "reason": lazy_("理由"),
    "shown": lazy_("出示的证件"),
    "way": lazy_("做法"),
    "role": lazy_("角色"),
    "serial": lazy_("卡号"),
    "sign_in_name": lazy_("登录名"),
    "stage": lazy_("时段"),
    "turn": lazy_("第几位"),
    "unreached": lazy_("联系不上"),
    "unreviewed": lazy_("未经联审的理由"),
    "upheld": lazy_("改变原结论"),
    "voided": lazy_("作废"),
    "works": lazy_("上班"),
}
# Ids and digests say nothing to a reader; the object's own page does.
_OPAQUE = re.compile(r"[a-z2-7]{26}|[0-9a-f]{64}")
_STEPS = {"before", "after"}


@dataclass(frozen=True)
class Line:
    """An entry as it is read."""

    entry: JournalEntry
    act: str
    details: list[tuple[str, str]]


def act_name(act: str) -> str:
    """Return the name of an act, or its code."""
    return str(ACT_NAMES.get(act, act))


def line(entry: JournalEntry) -> Line:
    """Return an entry as it is read."""
    details = [
        (str(DETAIL_NAMES.get(name, name)), _shown(value))
        for name, value in json.loads(entry.details).items()
        if value not in ("", None)
        and not _OPAQUE.fullmatch(str(value))
        # Between which phases a round or project moved, the act says already.
        and not (entry.act.startswith(("round.", "project.")) and name in _STEPS)
    ]
    return Line(entry, act_name(entry.act), details)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "、".join(_shown(part) for part in value)
    return str(CODE_NAMES.get(str(value), value))
