"""Areas, the public address and the test scan."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask_login import current_user

from voting.adapters import qr
from voting.areas.forms import AddressForm, AreaForm, NewAreaForm
from voting.areas.holder import forget_identity
from voting.areas.models import Area, Installation
from voting.areas.rules import is_own_machine
from voting.areas.service import (
    AddressIsFixed,
    add_area,
    areas_above,
    areas_below,
    children,
    find_installation,
    former_names,
    get_area,
    get_installation,
    is_address_fixed,
    is_scan_code,
    levels_below,
    public_url,
    record_scan,
    rename_area,
    scanned,
    set_help_number,
    set_public_url,
)
from voting.errors import NotAllowed, NotFound, Refusal
from voting.permissions import Permission
from voting.web.access import needs, public
from voting.web.db import current_config, get_session, now, transaction

bp = Blueprint("areas", __name__)
_SCALE = 8
_SMALL = 40  # areas that fit on a page without folding


@bp.get("/desk/areas")
@needs(Permission.AREA_MANAGE)
def index() -> str:
    """Show the tree of the officer's own area."""
    areas = areas_below(get_session(), current_user.area)
    return render_template("areas/index.html", top=_tree(areas), is_small=len(areas) <= _SMALL)


@bp.get("/desk/areas/<area_id>")
@needs(Permission.AREA_MANAGE)
def show(area_id: str) -> str:
    """Show one area, its former names and what lies directly below it."""
    area = _own(area_id)
    session = get_session()
    return render_template(
        "areas/show.html",
        area=area,
        above=[held for held in areas_above(session, area) if held.lies_in(current_user.area)],
        children=children(session, area.id),
        former=former_names(session, area.id),
        may_add=bool(levels_below(area)),
    )


@bp.get("/desk/areas/<area_id>/add")
@needs(Permission.AREA_MANAGE)
def add(area_id: str) -> Any:
    """Ask for a new area below one."""
    parent = _own(area_id)
    return _add_page(_new_form(parent), parent)


@bp.post("/desk/areas/<area_id>/add")
@needs(Permission.AREA_MANAGE)
def add_submit(area_id: str) -> Any:
    """Add the area."""
    parent = _own(area_id)
    form = _new_form(parent)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                add_area(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    parent_id=parent.id,
                    level=form.level.data,
                    name=form.name.data or "",
                    help_number=form.help_number.data,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("areas.show", area_id=parent.id), 303)
    return _add_page(form, parent), 422


@bp.get("/desk/areas/<area_id>/edit")
@needs(Permission.AREA_MANAGE)
def edit(area_id: str) -> Any:
    """Ask for the new name and help number of an area."""
    area = _own(area_id)
    return _edit_page(AreaForm(name=area.name, help_number=area.help_number), area)


@bp.post("/desk/areas/<area_id>/edit")
@needs(Permission.AREA_MANAGE)
def edit_submit(area_id: str) -> Any:
    """Rename an area and set its help number."""
    area = _own(area_id)
    form = AreaForm()
    if form.validate_on_submit():
        facts = {"now": now(), "actor": current_user.actor, "area_id": area.id}
        try:
            with transaction() as session:
                rename_area(session, **facts, name=form.name.data or "")
                set_help_number(session, **facts, help_number=form.help_number.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            forget_identity()
            return redirect(url_for("areas.show", area_id=area.id), 303)
    return _edit_page(form, area), 422


@bp.get("/desk/settings")
@needs(Permission.SETTING_MANAGE)
def settings() -> Any:
    """Show the public address and whether a telephone has reached it."""
    installation = _whole()
    return _settings_page(AddressForm(public_url=installation.public_url), installation)


@bp.post("/desk/settings")
@needs(Permission.SETTING_MANAGE)
def settings_submit() -> Any:
    """Set the public address."""
    installation = _whole()
    form = AddressForm()
    if is_address_fixed(current_config()):
        raise AddressIsFixed
    if form.validate_on_submit():
        try:
            with transaction() as session:
                set_public_url(
                    session, now=now(), actor=current_user.actor, url=form.public_url.data or ""
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("areas.scan"), 303)
    return _settings_page(form, installation), 422


@bp.get("/desk/settings/scan")
@needs(Permission.SETTING_MANAGE)
def scan() -> str:
    """Show the test QR picture, to be scanned with a telephone."""
    installation = _whole()
    return render_template(
        "areas/scan.html",
        installation=installation,
        is_scanned=scanned(installation, current_config()),
        address=_scan_address(installation),
    )


@bp.get("/desk/settings/scan.png")
@needs(Permission.SETTING_MANAGE)
def scan_picture() -> Response:
    """Return the test QR picture: a bitmap, because WeChat reads no other (phone.md §4.2)."""
    response = make_response(qr.png(_scan_address(_whole()), scale=_SCALE))
    response.mimetype = "image/png"
    return response


@bp.get("/scan-test/<code>")
@public
def scan_test(code: str) -> str:
    """Ask the person with the telephone to say that the page is there; changes nothing."""
    installation = find_installation(get_session())
    if not is_scan_code(installation, code):
        raise NotFound
    is_scanned = scanned(installation, current_config())
    return render_template("areas/scan_test.html", code=code, is_scanned=is_scanned)


@bp.post("/scan-test/<code>")
@public
def scan_test_submit(code: str) -> Any:
    """Write down that a telephone has opened the page."""
    with transaction() as session:
        address = public_url(find_installation(session), current_config())
        record_scan(session, now=now(), code=code, url=address)
    return redirect(url_for("areas.scan_test", code=code), 303)


def _own(area_id: str) -> Area:
    area = get_area(get_session(), area_id)
    if not area.lies_in(current_user.area):
        raise NotFound
    return area


def _whole() -> Installation:
    # The settings belong to everybody: who runs a part of the installation may not change them.
    if current_user.area.parent_id is not None:
        raise NotAllowed
    return get_installation(get_session())


@dataclass(frozen=True)
class _Branch:
    """An area with what lies below it."""

    area: Area
    branches: list["_Branch"]


def _tree(areas: list[Area]) -> _Branch:
    """Return the first area with all others hung below their parents."""
    found = {area.id: _Branch(area, []) for area in areas}
    for area in areas[1:]:
        found[area.parent_id or ""].branches.append(found[area.id])
    return found[areas[0].id]


def _scan_address(installation: Installation) -> str:
    path = url_for("areas.scan_test", code=installation.scan_code or "-")
    return public_url(installation, current_config()) + path


def _new_form(parent: Area) -> NewAreaForm:
    levels = levels_below(parent)
    if not levels:
        raise NotFound
    form = NewAreaForm()
    form.offer(levels)
    return form


def _add_page(form: NewAreaForm, parent: Area) -> str:
    return render_template("areas/add.html", form=form, parent=parent)


def _edit_page(form: AreaForm, area: Area) -> str:
    return render_template("areas/edit.html", form=form, area=area)


def _settings_page(form: AddressForm, installation: Installation) -> str:
    address = public_url(installation, current_config())
    return render_template(
        "areas/settings.html",
        form=form,
        installation=installation,
        address=address,
        is_fixed=is_address_fixed(current_config()),
        is_scanned=scanned(installation, current_config()),
        is_own_machine=is_own_machine(address),
    )
