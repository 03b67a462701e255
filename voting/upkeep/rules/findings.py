"""What a check can find, each with its sentence."""

from dataclasses import dataclass, field
from typing import Any

SENTENCES = {
    "unreadable": "%(where)s读不出来（%(why)s）",
    "pages": "数据库文件损坏：%(what)s",
    "guards": "数据库的保护触发器不对：%(what)s",
    "settings": "数据库的安全设置不对：%(what)s",
    "advice": "数据库可以设得更稳：%(what)s",
    "journal": "操作记录第 %(index)s 条和它的链接对不上",
    "journal_head": "第 %(size)s 条封存时的操作记录链头，现在的操作记录里没有",
    "stray_ballots": "票箱里有 %(number)s 张选票不属于任何轮次",
    "config": "规则文本和公告时的摘要对不上",
    "rules": "“%(what)s”和公告时封存的规则不一样",
    "frozen_at": "规则封存的时间和操作记录对不上",
    "closing": "截止时间和公开账本里的延长记录对不上",
    "roll": "名册和公告时封存的摘要对不上",
    "ledger_missing": "规则已经封存，却没有公开账本",
    "ledger_name": "公开账本的名称、钥匙或开始时间和第一条记录对不上",
    "entry": "公开账本第 %(index)s 条和它的摘要对不上",
    "entry_gap": "公开账本缺了第 %(index)s 条",
    "entry_source": "公开账本第 %(index)s 条和产生它的事对不上",
    "root": "第 %(size)s 条为止的封存点和账本内容对不上",
    "note": "第 %(size)s 条为止的封存点，签名或内容不对",
    "uncovered": "公开账本末尾有 %(number)s 条没有封存点",
    "batch": "第 %(number)s 批投票卡和公开账本里封存的对不上",
    "batch_count": "第 %(number)s 批投票卡的张数对不上",
    "ballot": "票箱里回执 %(receipt)s 的选票和公开账本对不上",
    "ballot_length": "票箱里回执 %(receipt)s 的选票长度不对",
    "ballots_missing": "公开账本里有 %(entries)s 张选票，票箱里对得上的有 %(found)s 张",
    "rights": "票箱里有 %(ballots)s 张选票，用掉的投票权是 %(least)s 到 %(most)s 个",
    "tally_entry": "计票结果和公开账本里封存的对不上",
    "channels": "各渠道的得票不是计票时存下的那些",
    "tally": "计票结果和开箱的选票对不上：%(what)s",
    "opened": "开箱的选票里有一行和它的摘要对不上",
}
REMARKS = frozenset({"advice"})


@dataclass(frozen=True)
class Finding:
    """Something that does not fit: its code, the values of its sentence, and the round it is about."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    round_id: str | None = None

    @property
    def msgid(self) -> str:
        """The sentence, with places for the values."""
        return SENTENCES[self.code]

    @property
    def is_remark(self) -> bool:
        """Whether it is no fault, only worth saying."""
        return self.code in REMARKS


def found(code: str, round_id: str | None = None, **values: object) -> Finding:
    """Return a finding."""
    return Finding(code, values, round_id)
