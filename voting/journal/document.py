"""How an entry of the journal reads: acts, details and values in words.

The journal is older than every stage and knows their codes by name only; a test finds what has none.
"""

import json
import re
from dataclasses import dataclass

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
    "candidate.put_back": lazy_("恢复候选项目"),
    "candidate.renumber": lazy_("调整候选项目编号"),
    "candidate.shortlist": lazy_("列为候选项目"),
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
    "notice.issue": lazy_("发出公示、通告"),
    "pabulib.load": lazy_("载入外地投票数据"),
    "proposal.change": lazy_("修改建议"),
    "proposal.enter": lazy_("录入建议"),
    "result.declare": lazy_("审定结果"),
    "roll.import": lazy_("导入名册"),
    "roll.undo_hand_out": lazy_("撤销领卡记录"),
    "round.announce_vote": lazy_("发布投票公告"),
    "round.approve": lazy_("批准轮次，开始征集"),
    "round.change": lazy_("修改轮次方案"),
    "round.confirm": lazy_("确认结果"),
    "round.create": lazy_("新建轮次"),
    "round.deliberate": lazy_("开始协商推选"),
    "round.hand_over": lazy_("移交轮次方案"),
    "round.publish": lazy_("开始结果公示"),
    "round.return": lazy_("退回轮次方案"),
    "round.screen": lazy_("征集结束，开始审核整理"),
    "round.shortlist": lazy_("确认候选名单"),
    "round.submit": lazy_("送街道审批"),
    "round.submit_result": lazy_("计票结果送审"),
    "round.terminate": lazy_("终止轮次"),
    "tally.approve": lazy_("同意开箱"),
    "tally.count": lazy_("开箱计票"),
    "tally.withdraw": lazy_("撤回开箱同意"),
}
DETAIL_NAMES = {
    "after": lazy_("改为"),
    "appointments": lazy_("委任的人"),
    "ballots": lazy_("选票"),
    "batches": lazy_("投票卡批次"),
    "before": lazy_("原来"),
    "changed": lazy_("改动"),
    "count": lazy_("数量"),
    "digest": lazy_("摘要"),
    "drafts": lazy_("起草的轮次"),
    "duty": lazy_("职责"),
    "help_number": lazy_("求助电话"),
    "last": lazy_("到"),
    "last_good": lazy_("最后一张好的"),
    "level": lazy_("层级"),
    "mode": lazy_("方式"),
    "name": lazy_("名称"),
    "new": lazy_("新的"),
    "number": lazy_("编号"),
    "officer": lazy_("原来由谁负责"),
    "openings": lazy_("开箱同意"),
    "paper": lazy_("文书"),
    "reason": lazy_("理由"),
    "role": lazy_("角色"),
    "serial": lazy_("卡号"),
    "sign_in_name": lazy_("登录名"),
    "turn": lazy_("第几位"),
    "voided": lazy_("作废"),
    "works": lazy_("上班"),
}
_CODE_NAMES = {
    "administrator": lazy_("管理员"),
    "assigned": lazy_("记名"),
    "auditor": lazy_("审计员"),
    "bearer": lazy_("不记名"),
    "community": lazy_("社区（村）"),
    "community_secretary": lazy_("社区书记"),
    "community_worker": lazy_("社区工作者"),
    "district": lazy_("区"),
    "district_observer": lazy_("区级观察员"),
    "estate": lazy_("小区"),
    "first": lazy_("第一位"),
    "monitor": lazy_("监票人"),
    "second": lazy_("第二位"),
    "street": lazy_("街道（镇）"),
    "street_officer": lazy_("街道工作人员"),
    "supervisor": lazy_("监督员"),
    "teller": lazy_("计票人"),
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
        # Between which phases a round moved, the act says already.
        and not (entry.act.startswith("round.") and name in _STEPS)
    ]
    return Line(entry, act_name(entry.act), details)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "、".join(_shown(part) for part in value)
    return str(_CODE_NAMES.get(str(value), value))
