"""``flask backup …``: one checked file with the database and the files, and the way back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import click
from flask.cli import AppGroup

from voting.errors import Refusal
from voting.ledger.rules.notes import head_digits
from voting.upkeep.commands.bars import fail, showing
from voting.upkeep.holder.copies import create_backup
from voting.upkeep.holder.restoring import (
    Restored,
    read_backup,
    restore_backup,
    rounds_here,
    version_wanted,
)
from voting.upkeep.rules.manifest import Manifest, MissingKey
from voting.upkeep.rules.refusals import FilesLost
from voting.web.text import _, lazy_

group = AppGroup("backup", help=lazy_("备份：做一份、核对、恢复。备份里没有钥匙。"))
_file = click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
_json = click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))


@group.command("create", help=lazy_("把数据库和文件备份成一个文件，写完再读一遍核对。"))
@_file
@_json
def create(path: Path, *, as_json: bool) -> None:
    """Make a backup of this moment; voting goes on meanwhile."""
    try:
        with showing() as progress:
            manifest = create_backup(path, wanted=version_wanted(), progress=progress)
    except Refusal as refusal:
        fail(refusal)
    if as_json:
        click.echo(json.dumps(_facts(manifest), ensure_ascii=False))
    else:
        _say_manifest(manifest)
        click.echo(
            _("备份里没有钥匙。恢复时要用恢复袋里的钥匙文件：%(names)s。", names=_names(manifest))
        )
    if manifest.lost:
        fail(FilesLost(number=len(manifest.lost), first=manifest.lost[0]))


@group.command("verify", help=lazy_("核对一份备份是不是完好，不恢复。"))
@_file
@_json
def verify(path: Path, *, as_json: bool) -> None:
    """Read a backup through and say what it holds."""
    try:
        with showing() as progress:
            manifest = read_backup(path, progress)
    except Refusal as refusal:
        fail(refusal)
    if as_json:
        click.echo(json.dumps(_facts(manifest), ensure_ascii=False))
    else:
        _say_manifest(manifest)


@group.command("restore", help=lazy_("把一份备份恢复到这台服务器；先停下网站和后台工作。"))
@_file
@click.option("--replace", is_flag=True, help=lazy_("替换这里已有的数据库，会再问一次"))
@click.option("--yes", is_flag=True, help=lazy_("不再问，直接替换"))
@_json
def restore(path: Path, *, replace: bool, yes: bool, as_json: bool) -> None:
    """Restore a backup and list the keys that are still missing."""
    number = rounds_here()
    if number and replace and not yes:
        question = _("这里的 %(number)d 个轮次会被备份替换，找不回来。确定吗？", number=number)
        click.confirm(question, abort=True, err=True)
    try:
        with showing() as progress:
            restored = restore_backup(path, replace=replace, progress=progress)
    except Refusal as refusal:
        fail(refusal)
    if as_json:
        missing = [asdict(key) for key in restored.missing]
        facts: Mapping[str, object] = {**_facts(restored.manifest), "missing_keys": missing}
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        _say_restored(restored)


def _facts(manifest: Manifest) -> dict[str, object]:
    return {
        "made_at": manifest.made_at,
        "revision": manifest.revision,
        "database": manifest.database,
        "bytes": manifest.bytes,
        "files": len(manifest.parts) - 1,
        "rows": sum(manifest.rows.values()),
        "rounds": [asdict(one) for one in manifest.rounds],
        "keys": sorted(manifest.keys),
        "lost": list(manifest.lost),
    }


def _names(manifest: Manifest) -> str:
    return "、".join(sorted({name.rpartition("/")[2] for name in manifest.keys if ".key" in name}))


def _say_manifest(manifest: Manifest) -> None:
    click.echo(
        _(
            "%(at)s 的备份，完好：%(rounds)d 个轮次，%(rows)d 行，%(files)d 个图片和文件。",
            at=manifest.made_at, rounds=len(manifest.rounds), rows=sum(manifest.rows.values()),
            files=len(manifest.parts) - 1,
        )
    )  # fmt: skip
    for one in manifest.rounds:
        if one.size:
            head = head_digits(bytes.fromhex(one.head))
            click.echo(
                _(
                    "  %(title)s：账本 %(size)d 条，封存号 %(head)s，票箱 %(ballots)d 张",
                    title=one.title, size=one.size, head=head, ballots=one.ballots,
                )
            )  # fmt: skip


def _say_restored(restored: Restored) -> None:
    _say_manifest(restored.manifest)
    if not restored.missing:
        click.echo(_("已经恢复，需要的钥匙都在。"))
        return
    click.echo(_("已经恢复。还缺这些钥匙，请从恢复袋里放回 secrets 文件夹，名字不能变："))
    for folder, keys in groupby(restored.missing, key=lambda key: key.folder):
        listed = list(keys)
        names = "、".join(_named(key) for key in listed)
        whose = f"{listed[0].title}：" if listed[0].title else ""
        click.echo(f"  {whose}{folder}{names}")
    for file, use in {key.file: key.use for key in restored.missing}.items():
        click.echo(f"  {file}：{_(use)}")


def _named(key: MissingKey) -> str:
    other = _("（有同名的，但不是这一把）") if key.is_other else ""
    return key.name.removeprefix(key.folder) + other
