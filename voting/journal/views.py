"""The journal page: who did what, and whether the book is whole."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from flask import Blueprint, current_app, render_template, request
from flask_login import current_user
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from voting.clock import at_local
from voting.journal.models import JournalEntry
from voting.journal.service import first_broken
from voting.permissions import Permission
from voting.web.access import needs
from voting.web.db import get_session
from voting.web.text import lazy_

bp = Blueprint("journal", __name__)
PAGE = 50
_CHECK_SECONDS = 60.0
_LONGEST = 64

ACT_NAMES = {
    "accounts.add": lazy_("添加工作人员"),
    "accounts.change_password": lazy_("修改自己的密码"),
    "accounts.lock": lazy_("账号锁定（密码输错太多次）"),
    "accounts.reset_password": lazy_("重设密码"),
    "accounts.retire": lazy_("办理离任"),
    "accounts.sign_in": lazy_("登录"),
    "accounts.sign_out": lazy_("退出"),
    "accounts.unlock": lazy_("解锁账号"),
    "areas.add": lazy_("添加区域"),
    "areas.rename": lazy_("区域改名"),
    "areas.set_help_number": lazy_("修改求助电话"),
    "areas.set_public_url": lazy_("修改平台地址"),
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
    "proposal.change": lazy_("修改建议"),
    "proposal.enter": lazy_("录入建议"),
    "roll.import": lazy_("导入名册"),
    "roll.undo_hand_out": lazy_("撤销领卡记录"),
    "round.change": lazy_("修改轮次方案"),
    "round.create": lazy_("新建轮次"),
}
DETAIL_NAMES = {
    "after": lazy_("改为"),
    "appointments": lazy_("聘请的人"),
    "batches": lazy_("投票卡批次"),
    "before": lazy_("原来"),
    "changed": lazy_("改动"),
    "count": lazy_("数量"),
    "drafts": lazy_("起草的轮次"),
    "help_number": lazy_("求助电话"),
    "level": lazy_("层级"),
    "name": lazy_("名称"),
    "number": lazy_("编号"),
    "openings": lazy_("开箱同意"),
    "reason": lazy_("理由"),
    "receiver": lazy_("接收人"),
    "role": lazy_("角色"),
    "sign_in_name": lazy_("登录名"),
}


@dataclass(frozen=True)
class Line:
    """An entry as it is read."""

    entry: JournalEntry
    act: str
    details: list[tuple[str, str]]


@dataclass(frozen=True)
class Filter:
    """What the reader wants to see; an empty text wants everything."""

    act: str = ""
    actor: str = ""
    day: str = ""

    @property
    def query(self) -> dict[str, str]:
        """What the address of another page of the same list carries."""
        return {name: value for name, value in vars(self).items() if value}


@bp.get("/desk/journal")
@needs(Permission.JOURNAL_READ)
def index() -> str:
    """Show the acts within the officer's own area, 50 a page, the latest first."""
    session = get_session()
    within = _within()
    wanted = _read_filter()
    where = [within, *_conditions(wanted)]
    total = session.scalar(select(func.count()).select_from(JournalEntry).where(*where)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    entries = session.scalars(
        select(JournalEntry)
        .where(*where)
        .order_by(JournalEntry.idx.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return render_template(
        "journal/index.html",
        lines=[_line(entry) for entry in entries],
        page=page,
        pages=pages,
        total=total,
        wanted=wanted,
        acts=_acts(session, within),
        actors=_actors(session, within),
        broken=_broken(session),
    )


def _within() -> ColumnElement[bool]:
    area = current_user.area
    # What the command line did belongs to no area: it is shown to those whose area is the whole.
    return true() if area.parent_id is None else JournalEntry.area_path.startswith(area.path)


def _read_filter() -> Filter:
    def read(name: str) -> str:
        value = request.args.get(name, "").strip()
        return value if value.isprintable() and len(value) <= _LONGEST else ""

    return Filter(act=read("act"), actor=read("actor"), day=read("day"))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.act:
        found.append(JournalEntry.act == wanted.act)
    if wanted.actor:
        found.append(JournalEntry.actor_id == wanted.actor)
    start = _start_of(wanted.day)
    if start is not None:
        found += [JournalEntry.at >= start, JournalEntry.at < start + timedelta(days=1)]
    return found


def _start_of(day: str) -> datetime | None:
    try:
        return at_local(date.fromisoformat(day))
    except (ValueError, OverflowError):
        return None


def _acts(session: Session, within: ColumnElement[bool]) -> list[tuple[str, str]]:
    codes = session.scalars(select(JournalEntry.act).where(within).distinct())
    return sorted(((code, str(ACT_NAMES.get(code, code))) for code in codes), key=lambda act: act[1])


def _actors(session: Session, within: ColumnElement[bool]) -> list[tuple[str, str]]:
    people = session.execute(
        select(JournalEntry.actor_id, func.max(JournalEntry.actor_name))
        .where(within)
        .group_by(JournalEntry.actor_id)
    )
    return sorted(((id, name) for id, name in people), key=lambda actor: actor[1])


def _line(entry: JournalEntry) -> Line:
    details = [
        (str(DETAIL_NAMES.get(name, name)), _shown(value))
        for name, value in json.loads(entry.details).items()
        if value not in ("", None)
    ]
    return Line(entry, str(ACT_NAMES.get(entry.act, entry.act)), details)


def _shown(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _broken(session: Session) -> int | None:
    """Return the first entry that does not fit, or None; reads the whole book at most once a minute."""
    kept = current_app.extensions.get("voting.journal_check")
    head = session.scalar(select(func.max(JournalEntry.idx)))
    if kept is None or kept[0] != head or time.monotonic() >= kept[1]:
        book = session.scalars(
            select(JournalEntry).order_by(JournalEntry.idx).execution_options(yield_per=1000)
        )
        # It only walks along: as a stream, a book of many years fits into memory, too.
        broken = first_broken(cast("Sequence[JournalEntry]", book))
        kept = (head, time.monotonic() + _CHECK_SECONDS, broken)
        current_app.extensions["voting.journal_check"] = kept
    found: int | None = kept[2]
    return found
