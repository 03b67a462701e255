"""What every page knows of the installation, and the menu of the desk: only what its officer may use."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, has_request_context, request, url_for
from flask_login import current_user

from voting.accounts.models import Officer
from voting.areas.holder import identity
from voting.permissions import Permission
from voting.web.text import lazy_

_DESK = ("/desk", "/password")


@dataclass(frozen=True)
class Item:
    """A line of the menu."""

    label: str
    url: str
    icon: str
    active: bool = False


@dataclass(frozen=True)
class Entry:
    """A page that may stand in the menu, and who may use it; ``whole`` pages belong to the top area."""

    endpoint: str
    label: str
    icon: str
    permission: Permission | None = None
    whole: bool = False
    quick: bool = False


MENU = (
    Entry("desk.home", lazy_("工作台"), "home"),
    Entry("rounds.index", lazy_("轮次"), "round", Permission.ROUND_READ),
    Entry("rounds.new", lazy_("新建轮次"), "plus", Permission.ROUND_EDIT, quick=True),
    Entry("delivery.index", lazy_("项目实施"), "chart", Permission.ROUND_READ),
    Entry("notices.index", lazy_("公示通告"), "notice", Permission.ROUND_READ),
    Entry("accounts.officers", lazy_("工作人员"), "officer", Permission.ACCOUNT_MANAGE),
    Entry(
        "accounts.new_officer", lazy_("添加工作人员"), "plus", Permission.ACCOUNT_MANAGE, quick=True
    ),
    Entry("areas.index", lazy_("区域"), "area", Permission.AREA_MANAGE),
    Entry("calendar.index", lazy_("节假日"), "calendar", Permission.SETTING_MANAGE),
    Entry("areas.settings", lazy_("平台设置"), "settings", Permission.SETTING_MANAGE, whole=True),
    Entry("journal.index", lazy_("操作记录"), "journal", Permission.JOURNAL_READ),
    Entry("accounts.password", lazy_("修改密码"), "lock"),
)


def context() -> dict[str, Any]:
    """Return what every template may use: the installation, and at the desk the menu."""
    known = identity()
    shared: dict[str, Any] = {
        "demo": known.demo,
        "area_name": known.area_name or lazy_("新平台"),
        "help_number": known.help_number,
        "nav": [],
    }
    if has_request_context() and request.path.startswith(_DESK) and current_user.is_authenticated:
        # Whoever holds an initial password can go nowhere before it is changed.
        shared["nav"] = [] if current_user.must_change_password else menu(current_user)
        shared["desk_url"] = url_for("desk.home")
        shared["sign_out_url"] = url_for("accounts.sign_out_submit")
    return shared


def menu(officer: Officer) -> list[Item]:
    """Return the lines of an officer's menu, with the page of this request marked."""
    items = [
        Item(entry.label, url_for(entry.endpoint), entry.icon)
        for entry in _allowed(officer)
        if not entry.quick
    ]
    here = max((item.url for item in items if _is_inside(item.url)), key=len, default=None)
    return [Item(item.label, item.url, item.icon, item.url == here) for item in items]


def quick_links(officer: Officer) -> list[Item]:
    """Return what an officer begins most often."""
    return [
        Item(entry.label, url_for(entry.endpoint), entry.icon)
        for entry in _allowed(officer)
        if entry.permission is not None
    ]


def known(endpoint: str) -> str | None:
    """Return the endpoint if this installation has it."""
    return endpoint if endpoint in current_app.view_functions else None


def _allowed(officer: Officer) -> list[Entry]:
    return [
        entry
        for entry in MENU
        if known(entry.endpoint)
        and (entry.permission is None or entry.permission in officer.permissions)
        and (not entry.whole or officer.area.parent_id is None)
    ]


def _is_inside(url: str) -> bool:
    home = url == url_for("desk.home")
    return request.path == url or (not home and request.path.startswith(f"{url}/"))
