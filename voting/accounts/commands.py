"""``flask accounts …``: the set-up code, a new officer, the list of officers."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from voting import clock
from voting.accounts.models import Officer
from voting.accounts.rules import ROLE_NAMES, new_password, set_up_code
from voting.accounts.service import add_officer
from voting.areas.models import Area
from voting.areas.service import find_installation
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.permissions import Role
from voting.web.db import current_database, current_keys
from voting.web.text import lazy_, say

group = AppGroup("accounts", help=lazy_("工作人员账号：首次设置码、添加、列出。"))
_PASSWORD_MOST = 1024


class UnknownArea(Refusal):
    """Neither an id nor a name of an area."""

    msgid = "没有叫“%(area)s”的区域；用 flask accounts areas 可以看到全部区域。"


class AmbiguousArea(Refusal):
    """Several areas carry the name."""

    msgid = "有几个区域都叫“%(area)s”，请改用编号：%(ids)s。"


@group.command("setup-code", help=lazy_("显示首次设置码；只有能登录服务器的人看得到。"))
def show_set_up_code() -> None:
    """Print the code that the first set-up asks for; nothing once the platform is set up."""
    with _refusals(), current_database().reading() as session:
        if find_installation(session) is not None:
            raise AlreadyDone
        click.echo(set_up_code(current_keys().app_key()))


class AlreadyDone(Refusal):
    """There is nothing left to set up."""

    msgid = "首次设置已经完成，不再需要设置码。"


@group.command("add", help=lazy_("添加一位工作人员；AREA 是区域的名称或编号。"))
@click.argument("name", metavar="NAME")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--area", required=True, metavar="AREA")
@click.option("--sign-in-name", metavar="TEXT", help=lazy_("登录名；不写就用 NAME"))
@click.option(
    "--password-stdin", is_flag=True, help=lazy_("从标准输入读密码；本人设的密码不必再改")
)
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def add(
    name: str,
    role: str,
    area: str,
    sign_in_name: str | None,
    *,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add an officer; a password that was made here is printed once and must be changed."""
    password = _read_password() if password_stdin else new_password()
    with _refusals(), current_database().transaction() as session:
        officer = add_officer(
            session,
            now=clock.now(),
            actor=COMMAND_LINE,
            sign_in_name=sign_in_name or "".join(name.split()),
            name=name,
            role=role,
            area_id=_find_area(session, area).id,
            password=password,
            must_change_password=not password_stdin,
        )
    facts = _facts(officer) | ({} if password_stdin else {"password": password})
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else "\t".join(facts.values()))


@group.command("list", help=lazy_("列出在任的工作人员。"))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def list_officers(*, as_json: bool) -> None:
    """List the officers who have not retired."""
    with current_database().reading() as session:
        found = session.scalars(
            select(Officer).where(Officer.retired_at.is_(None)).order_by(Officer.sign_in_name)
        )
        officers = [_facts(officer) for officer in found]
    if as_json:
        click.echo(json.dumps(officers, ensure_ascii=False))
        return
    for facts in officers:
        click.echo("\t".join([*facts.values(), ROLE_NAMES[Role(facts["role"])]]))


@group.command("areas", help=lazy_("列出全部区域和编号。"))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def list_areas(*, as_json: bool) -> None:
    """List the areas, so that one can be named."""
    with current_database().reading() as session:
        areas = [
            {"id": area.id, "name": area.name, "level": area.level}
            for area in session.scalars(select(Area).order_by(Area.path))
        ]
    if as_json:
        click.echo(json.dumps(areas, ensure_ascii=False))
        return
    for area in areas:
        click.echo("\t".join(area.values()))


def _facts(officer: Officer) -> dict[str, str]:
    return {
        "id": officer.id,
        "sign_in_name": officer.sign_in_name,
        "name": officer.name,
        "role": officer.role,
        "area": officer.area.name,
    }


def _find_area(session: Session, wanted: str) -> Area:
    found = session.scalars(
        select(Area).where((Area.id == wanted) | (Area.name == wanted)).order_by(Area.path)
    ).all()
    if not found:
        raise UnknownArea(area=wanted)
    if len(found) > 1:
        raise AmbiguousArea(area=wanted, ids="、".join(area.id for area in found))
    return found[0]


def _read_password() -> str:
    return sys.stdin.readline(_PASSWORD_MOST).rstrip("\r\n")


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        click.echo(say(refusal), err=True)
        raise click.exceptions.Exit(1) from refusal
