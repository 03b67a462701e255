"""``flask upkeep …``: checking what was frozen, repacking an urn, the application's role on PostgreSQL."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.persistence.roles import NoSuchRole, grant
from voting.upkeep.commands.bars import fail, showing
from voting.upkeep.document.packing import MOST_BALLOTS, make_pack
from voting.upkeep.holder.checks import check_here
from voting.upkeep.holder.urns import repack
from voting.upkeep.rules.findings import Finding
from voting.upkeep.rules.refusals import CannotWrite
from voting.upkeep.service.packing import pack_batch
from voting.web.db import current_config, current_database, now
from voting.web.text import _, lazy_

group = AppGroup("upkeep", help=lazy_("运行保障：核对数据、数据库角色、整理票箱。"))


@group.command("check", help=lazy_("核对数据库和每个已经封存规则的轮次；有问题时退出码是 1。"))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
@click.option("--no-keep", is_flag=True, help=lazy_("不记下结果，工作台上不显示"))
def check(*, as_json: bool, no_keep: bool) -> None:
    """Hold everything that was frozen against itself."""
    with showing() as progress:
        findings = check_here(
            progress=lambda done, total: progress("核对轮次", done, total), keep=not no_keep
        )
    faults = [one for one in findings if not one.is_remark]
    if as_json:
        lines = [_facts(one) for one in findings]
        click.echo(json.dumps({"ok": not faults, "findings": lines}, ensure_ascii=False))
    else:
        for one in findings:
            click.echo(_line(one))
        if not faults:
            click.echo(_("核对完毕，没有发现问题。"))
    if faults:
        number, first = len(faults), _sentence(faults[0])
        click.echo(
            _("发现 %(number)d 处问题。第一处：%(first)s", number=number, first=first), err=True
        )
        raise click.exceptions.Exit(1)


def _sentence(one: Finding) -> str:
    sentence: str = _(one.msgid, **one.values)
    return sentence


def _facts(one: Finding) -> dict[str, object]:
    return {
        "round": one.round_id,
        "what": one.code,
        "sentence": _sentence(one),
        "remark": one.is_remark,
    }


def _line(one: Finding) -> str:
    mark = _("提醒") if one.is_remark else _("问题")
    whose = f"（{one.round_id}）" if one.round_id else ""
    return f"{mark}：{_sentence(one)}{whose}"


@group.command("repack", help=lazy_("投票截止以后，把票箱重新写一遍，看不出先后。"))
@click.argument("round_id", metavar="ROUND")
def repack_urn(round_id: str) -> None:
    """Write the urn of a round anew; the jobs process does it by itself after the closing."""
    try:
        repack(round_id)
    except Refusal as refusal:
        fail(refusal)
    click.echo(_("票箱已经整理。"))


@group.command("pack", help=lazy_("打印前的应急包：名册、领票登记、编号的纸质票，一个 PDF。"))
@click.argument("round_id", metavar="ROUND")
@click.argument("path", metavar="FILE.pdf", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--ballots", type=click.IntRange(1, MOST_BALLOTS), default=50, show_default=True,
    help=lazy_("印多少张选票"),
)  # fmt: skip
def pack(round_id: str, path: Path, ballots: int) -> None:
    """Write the emergency pack of a round; its papers become a batch."""
    try:
        with current_database().transaction() as session:
            batch_id = pack_batch(
                session, now=now(), actor=COMMAND_LINE, round_id=round_id, ballots=ballots,
                config=current_config(),
            ).id  # fmt: skip
        with showing() as progress:
            content = make_pack(batch_id, progress=lambda done: progress("排版", done, ballots))
        # It holds the register: for its owner only.
        path.touch(mode=0o600)
        path.write_bytes(content)
    except Refusal as refusal:
        fail(refusal)
    except OSError as refused:
        fail(CannotWrite(name=path.name, why=refused.strerror or type(refused).__name__))
    click.echo(_("应急包已写好：%(name)s。里面有名册，请当面交接，用完收回。", name=path.name))


@group.command("role", help=lazy_("在 PostgreSQL 上，给一个已有的角色网站需要的权限，不多给。"))
@click.argument("name", metavar="NAME")
def role(name: str) -> None:
    """Grant the application's role what it needs; run as the owner of the tables, after each upgrade."""
    database = current_database()
    if database.file is not None or database.engine.dialect.name == "sqlite":
        click.echo(_("SQLite 没有角色，只有 PostgreSQL 要做这一步。"), err=True)
        raise click.exceptions.Exit(1)
    try:
        with database.transaction() as session:
            grant(session.connection(), name)
    except NoSuchRole:
        click.echo(_("没有叫 %(name)s 的角色。请先在 PostgreSQL 里建好。", name=name), err=True)
        raise click.exceptions.Exit(1) from None
    click.echo(_("角色 %(name)s 的权限已经设好：账本和操作记录只能看、只能加。", name=name))
