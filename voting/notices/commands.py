"""``flask notices …``: papers on a machine without a browser."""

import json
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.notices.holder import issue_kind, printed
from voting.notices.models import Notice
from voting.notices.service import get_notice, notices_of
from voting.web.db import current_database
from voting.web.text import _, lazy_, say

group = AppGroup("notices", help=lazy_("公示和通告：列出、发布、取出 PDF。"))


def _fail(refusal: Refusal) -> NoReturn:
    click.echo(say(refusal), err=True)
    raise click.exceptions.Exit(1)


def _facts(notice: Notice) -> dict[str, str | None]:
    return {
        "id": notice.id,
        "kind": notice.kind,
        "round": notice.round_id,
        "number": notice.number,
        "title": notice.title,
        "digest": notice.pdf_digest,
        "audience": notice.audience,
    }


@group.command("list", help=lazy_("列出一个轮次的文件，或者全部文件。"))
@click.argument("round_id", metavar="[ROUND]", required=False)
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def list_notices(round_id: str | None, *, as_json: bool) -> None:
    """List papers in the order of their numbers."""
    with current_database().reading() as session:
        lines = [_facts(notice) for notice in notices_of(session, round_id)]
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False))
        return
    for line in lines:
        click.echo(f"{line['number']}  {line['kind']}  {line['title']}")


@group.command("issue", help=lazy_("发布一个轮次的一份文件；已经发布过的，回答原来的编号。"))
@click.argument("round_id", metavar="ROUND")
@click.argument("kind", metavar="KIND")
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def issue(round_id: str, kind: str, *, as_json: bool) -> None:
    """Issue a paper of a round, or answer the one that was issued."""
    try:
        notice = issue_kind(kind, round_id, COMMAND_LINE)
    except Refusal as refusal:
        _fail(refusal)
    if as_json:
        click.echo(json.dumps(_facts(notice), ensure_ascii=False))
    else:
        click.echo(f"{notice.number}  {notice.title}")


@group.command(
    "pdf",
    help=lazy_("把一份文件的 PDF 写到磁盘上；还没有排版的先排版，排过的先核对。"),
)
@click.argument("name", metavar="NOTICE")
@click.argument("file", metavar="FILE.pdf", type=click.Path(path_type=Path, dir_okay=False))
def pdf(name: str, file: Path) -> None:
    """Write the PDF of a paper, named by its id or number."""
    try:
        with current_database().reading() as session:
            notice = get_notice(session, name)
        content = printed(notice)
    except Refusal as refusal:
        _fail(refusal)
    try:
        file.write_bytes(content)
    except OSError:
        click.echo(_("写不了文件 %(path)s：请检查文件夹和权限。", path=file), err=True)
        raise click.exceptions.Exit(1) from None
    click.echo(_("已写入 %(path)s。", path=file))
