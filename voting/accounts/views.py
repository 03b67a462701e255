"""First set-up, signing in and out, one's own password, and the officers of an area."""

from dataclasses import fields
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as browser
from flask_login import current_user

from voting.accounts.forms import OfficerForm, PasswordForm, SetUpForm, SignInForm
from voting.accounts.holder import (
    current_token,
    forget,
    remember,
    sign_in_by_password,
    sign_out_here,
)
from voting.accounts.models import Officer
from voting.accounts.rules import ROLE_NAMES, is_set_up_code, new_password
from voting.accounts.service import (
    FirstFacts,
    SignInFailed,
    TooManySignIns,
    WrongSetUpCode,
    add_officer,
    change_password,
    get_officer,
    officers_in,
    reset_password,
    set_up,
    unlock,
)
from voting.areas.holder import forget_identity
from voting.areas.rules import displayable
from voting.areas.service import AlreadySetUp, areas_below, find_installation
from voting.errors import Refusal
from voting.permissions import Permission, Role
from voting.web.access import needs, public, signed_in
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _, say

bp = Blueprint("accounts", __name__)
_SHOWN_ONCE = "initial_password"


@bp.get("/set-up")
@public
def first_set_up() -> Any:
    """Ask for everything the platform needs to begin."""
    if find_installation(get_session()) is not None:
        return redirect(url_for("accounts.sign_in"), 303)
    return _set_up_page(SetUpForm(public_url=request.url_root.rstrip("/")))


@bp.post("/set-up")
@public
def first_set_up_submit() -> Any:
    """Set the platform up, once."""
    if find_installation(get_session()) is not None:
        raise AlreadySetUp
    form = SetUpForm()
    if form.validate_on_submit():
        try:
            if not is_set_up_code(current_keys().app_key(), form.code.data or ""):
                raise WrongSetUpCode
            with transaction() as session:
                set_up(session, now=now(), facts=_first_facts(form))
        except AlreadySetUp:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            forget_identity()
            flash(_("设置完成。请用刚才填的登录名和密码登录。"), "success")
            return redirect(url_for("accounts.sign_in", next=url_for("areas.scan")), 303)
    return _set_up_page(form), 422


@bp.get("/sign-in")
@public
def sign_in() -> Any:
    """Ask for name and password."""
    if current_user.is_authenticated:
        return redirect(_safe(request.args.get("next")), 303)
    if find_installation(get_session()) is None:
        return redirect(url_for("accounts.first_set_up"), 303)
    return _sign_in_page(SignInForm(next=request.args.get("next", "")))


@bp.post("/sign-in")
@public
def sign_in_submit() -> Any:
    """Sign in: a fresh token, whatever the browser held before."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form), 422
    try:
        token = sign_in_by_password(form.sign_in_name.data or "", form.password.data or "")
    except (SignInFailed, TooManySignIns) as refusal:
        form.form_errors.append(say(refusal))
        return _sign_in_page(form), refusal.status
    sign_out_here()
    browser.clear()
    response = make_response(redirect(_safe(form.next.data), 303))
    remember(response, token)
    return response


@bp.post("/sign-out")
@public
def sign_out_submit() -> Response:
    """End the session, on the server first."""
    sign_out_here()
    browser.clear()
    flash(_("您已经退出。"), "success")
    response = make_response(redirect(url_for("accounts.sign_in"), 303))
    forget(response)
    return response


@bp.get("/password")
@signed_in
def password() -> str:
    """Ask for a new password."""
    return _password_page(PasswordForm())


@bp.post("/password")
@signed_in
def password_submit() -> Any:
    """Change one's own password; the officer's other browsers are signed out."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                change_password(
                    session,
                    now=now(),
                    config=current_config(),
                    officer_id=current_user.id,
                    current=form.current.data or "",
                    password=form.password.data or "",
                    token=current_token(),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("密码已经换好。别处的登录都已退出。"), "success")
            return redirect("/desk", 303)
    return _password_page(form), 422


@bp.get("/desk/officers")
@needs(Permission.ACCOUNT_MANAGE)
def officers() -> str:
    """List the officers of one's own area and below, 50 a page."""
    search = (displayable(request.args.get("q")) or "").strip()
    retired = bool(request.args.get("retired"))
    page = request.args.get("page", 1, type=int)
    found = officers_in(get_session(), current_user.area, page=page, search=search, retired=retired)
    return render_template(
        "accounts/officers.html",
        found=found,
        search=search,
        retired=retired,
        role_names=ROLE_NAMES,
        now=now(),
    )


@bp.get("/desk/officers/new")
@needs(Permission.ACCOUNT_MANAGE)
def new_officer() -> str:
    """Ask for a new officer."""
    return _officer_page(_officer_form())


@bp.post("/desk/officers/new")
@needs(Permission.ACCOUNT_MANAGE)
def new_officer_submit() -> Any:
    """Add the officer; the initial password is shown once, on the next page."""
    form = _officer_form()
    if form.validate_on_submit():
        initial = new_password()
        try:
            with transaction() as session:
                officer = add_officer(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    sign_in_name=form.sign_in_name.data,
                    name=form.name.data,
                    role=form.role.data,
                    area_id=form.area_id.data,
                    password=initial,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _show_once(officer, initial)
    return _officer_page(form), 422


@bp.get("/desk/officers/<officer_id>")
@needs(Permission.ACCOUNT_MANAGE)
def officer(officer_id: str) -> str:
    """Show one officer, and a new initial password if one was made a moment ago."""
    found = _own(officer_id)
    kept = browser.pop(_SHOWN_ONCE, None)
    receiver = get_officer(get_session(), found.receiver_id) if found.receiver_id else None
    return render_template(
        "accounts/officer.html",
        officer=found,
        role_name=ROLE_NAMES[Role(found.role)],
        receiver=receiver,
        initial=kept[1] if kept and kept[0] == found.id else None,
        now=now(),
    )


@bp.post("/desk/officers/<officer_id>/reset-password")
@needs(Permission.ACCOUNT_MANAGE)
def reset_password_submit(officer_id: str) -> Response:
    """Make a new initial password; the officer is signed out everywhere."""
    initial = new_password()
    _own(officer_id)
    with transaction() as session:
        found = reset_password(
            session, now=now(), actor=current_user.actor, officer_id=officer_id, password=initial
        )
    return _show_once(found, initial)


@bp.post("/desk/officers/<officer_id>/unlock")
@needs(Permission.ACCOUNT_MANAGE)
def unlock_submit(officer_id: str) -> Response:
    """Take away the lock of too many wrong passwords."""
    _own(officer_id)
    with transaction() as session:
        unlock(session, now=now(), actor=current_user.actor, officer_id=officer_id)
    flash(_("已经解锁，现在可以登录了。"), "success")
    return make_response(redirect(url_for("accounts.officer", officer_id=officer_id), 303))


def _own(officer_id: str) -> Officer:
    return get_officer(get_session(), officer_id, within=current_user.area)


def _show_once(officer: Officer, initial: str) -> Response:
    # In the administrator's own cookie until the next page, so that reloading that page adds nobody twice.
    browser[_SHOWN_ONCE] = (officer.id, initial)
    return make_response(redirect(url_for("accounts.officer", officer_id=officer.id), 303))


def _safe(target: str | None) -> str:
    """Return where to go after signing in: a page of the desk, whatever was asked for."""
    path = target or ""
    is_desk = path == "/desk" or path.startswith(("/desk/", "/desk?"))
    return path if is_desk and path.isprintable() and "\\" not in path else "/desk"


def _first_facts(form: SetUpForm) -> FirstFacts:
    return FirstFacts(**{fact.name: form[fact.name].data or "" for fact in fields(FirstFacts)})


def _officer_form() -> OfficerForm:
    form = OfficerForm()
    form.offer(areas_below(get_session(), current_user.area))
    return form


def _set_up_page(form: SetUpForm) -> str:
    return render_template("accounts/set_up.html", form=form)


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form)


def _password_page(form: PasswordForm) -> str:
    return render_template("accounts/password.html", form=form)


def _officer_page(form: OfficerForm) -> str:
    return render_template("accounts/new_officer.html", form=form)
