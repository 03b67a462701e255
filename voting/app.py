"""Puts everything together; imported by wsgi.py and tests only."""

import importlib
import logging
import os

import click
from flask import Flask
from flask_alembic import Alembic
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from voting import schema
from voting.config import ROOT, Config, InvalidSetting
from voting.persistence.session import Database
from voting.web import access, addresses, context, db, failures, filters, headers, text

# One line per stage; each module has `bp`, `group` or both, and every route in it declares its access.
VIEWS = (
    "public",
    "desk",
    "accounts",
    "areas",
    "journal",
    "rounds",
    "proposals",
    "roll",
    "cards",
    "ballots",
    "tally",
    "results",
    "notices",
    "conduct",
)
COMMANDS = (
    "accounts",
    "rounds",
    "roll",
    "cards",
    "tally",
    "notices",
    "pabulib",
    "demo",
    "jobs",
)


def create_app(config: Config | None = None) -> Flask:
    """Build the app; raise UndeclaredAccess when a route says nothing about who may use it."""
    try:
        config = config or Config.from_environ(os.environ)
    except InvalidSetting as bad:
        raise click.ClickException(str(bad)) from bad
    app = Flask("voting", template_folder=ROOT / "templates", static_folder=ROOT / "static")
    _configure(app, config)
    _configure_database(app, config)
    _configure_web(app, config)
    _register_views(app)
    _register_commands(app)
    access.require_declarations(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    logging.basicConfig(level=config.log_level, format="%(levelname)s %(name)s %(message)s")
    app.config.update(
        MAX_CONTENT_LENGTH=20 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="__Host-session" if config.is_https else "session",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=24 * 3600,
        # A person who leaves a form open over lunch must not lose what they typed.
        WTF_CSRF_TIME_LIMIT=24 * 3600,
        # ERROR messages of forms come from WTForms' own catalogue, in the page's language.
        WTF_I18N_ENABLED=True,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask documents wrapping this attribute


def _configure_database(app: Flask, config: Config) -> None:
    database = Database(config.database_url)
    db.init_app(app, config, database)
    app.secret_key = db.Keyring(config.secrets).app_key()
    app.config["ALEMBIC"] = {
        "script_location": str(ROOT / "voting" / "persistence" / "migrations"),
        "file_template": "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(rev)s_%%(slug)s",
    }
    # Reflected SQLite types say only TEXT and INTEGER; the schema tests compare on PostgreSQL as well.
    app.config["ALEMBIC_CONTEXT"] = {"compare_type": False, "compare_server_default": False}
    Alembic(
        app,
        metadatas=schema.metadata,
        engines=database.engine,
        command_name="schema",
        run_mkdir=False,
    )


def _configure_web(app: Flask, config: Config) -> None:
    addresses.init_app(app)
    text.init_app(app)
    filters.register(app)
    context.init_app(app)
    headers.init_app(app, is_https=config.is_https)
    failures.init_app(app)
    app.extensions["voting.csrf"] = CSRFProtect(app)
    holder = _find("voting.accounts.holder")
    if holder:
        holder.init_app(app)
    else:
        LoginManager(app).request_loader(lambda _request: None)
        app.context_processor(
            lambda: {"demo": False, "area_name": "x", "help_number": None, "nav": []}
        )
    access.public(app.view_functions["static"])


def _register_views(app: Flask) -> None:
    for stage in VIEWS:
        module = _find(f"voting.{stage}.views")
        if module and (hasattr(module, "bp") or hasattr(module, "group")):
            app.register_blueprint(module.bp)
    csrf: CSRFProtect = app.extensions["voting.csrf"]
    # A voter's forms carry the card's own digest, and need no session: see ballots/holder.py.
    csrf.exempt(app.blueprints["ballots"])
    # It sets the size of type and nothing else.
    csrf.exempt(app.view_functions["public.display_submit"])


def _register_commands(app: Flask) -> None:
    for stage in COMMANDS:
        module = _find(f"voting.{stage}.commands")
        if module and (hasattr(module, "bp") or hasattr(module, "group")):
            app.cli.add_command(module.group)


def _find(name: str):
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as absent:
        if absent.name and absent.name.startswith("voting."):
            return None
        raise
