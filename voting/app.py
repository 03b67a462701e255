"""Puts everything together; imported by wsgi.py and tests only."""

import logging
import os

import click
from flask import Flask
from flask_alembic import Alembic
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from voting import schema
from voting.accounts import commands as accounts_commands
from voting.accounts import holder as sign_in
from voting.accounts import views as accounts_views
from voting.adapters.keyring import Keyring
from voting.api import views as api_views
from voting.areas import views as areas_views
from voting.audits import views as audits_views
from voting.ballots import views as ballots_views
from voting.bundle import commands as bundle_commands
from voting.bundle import views as bundle_views
from voting.calendar import views as calendar_views
from voting.cards import commands as cards_commands
from voting.cards import jobs as cards_jobs
from voting.cards import views as cards_views
from voting.comparing import jobs as comparing_jobs
from voting.comparing import views as comparing_views
from voting.conduct import views as conduct_views
from voting.config import ROOT, Config, InvalidSetting
from voting.custody import commands as custody_commands
from voting.custody import views as custody_views
from voting.delivery import views as delivery_views
from voting.demo import commands as demo_commands
from voting.desk import views as desk_views
from voting.journal import views as journal_views
from voting.ledger import commands as ledger_commands
from voting.ledger import views as ledger_views
from voting.ledger.service import shown_head
from voting.notices import commands as notices_commands
from voting.notices import views as notices_views
from voting.pabulib import commands as pabulib_commands
from voting.paper import jobs as paper_jobs
from voting.paper import views as paper_views
from voting.persistence.session import Database
from voting.polling import views as polling_views
from voting.posters import views as posters_views
from voting.posters.holder import tell_heads
from voting.proposals import views as proposals_views
from voting.proposals.holder import tell_sequels
from voting.public import views as public_views
from voting.public.service.sequels import sequel_of
from voting.results import views as results_views
from voting.roll import commands as roll_commands
from voting.roll import jobs as roll_jobs
from voting.roll import views as roll_views
from voting.rounds import commands as rounds_commands
from voting.rounds import views as rounds_views
from voting.tally import commands as tally_commands
from voting.tally import jobs as tally_jobs
from voting.tally import views as tally_views
from voting.upkeep import jobs as upkeep_jobs
from voting.upkeep import views as upkeep_views
from voting.upkeep.commands import backup as backup_commands
from voting.upkeep.commands import jobs as jobs_commands
from voting.upkeep.commands import upkeep as upkeep_commands
from voting.web import (
    access,
    addresses,
    context,
    db,
    failures,
    filters,
    headers,
    sessions,
    text,
)

VIEWS = (
    public_views, desk_views, accounts_views, areas_views, journal_views, calendar_views, rounds_views,
    proposals_views, roll_views, polling_views, cards_views, posters_views, paper_views, ballots_views,
    ledger_views, audits_views, tally_views, results_views, comparing_views, bundle_views, notices_views,
    delivery_views, custody_views, conduct_views, upkeep_views, api_views,
)  # fmt: skip
COMMANDS = (
    accounts_commands, rounds_commands, roll_commands, cards_commands, custody_commands, ledger_commands,
    tally_commands, notices_commands, pabulib_commands, demo_commands, jobs_commands, backup_commands,
    upkeep_commands,
)  # fmt: skip

JOBS = (roll_jobs, cards_jobs, paper_jobs, tally_jobs, comparing_jobs, upkeep_jobs)


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
    app.extensions["voting.jobs"] = {
        kind: handler for jobs in JOBS for kind, handler in jobs.HANDLERS.items()
    }
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
    app.secret_key = Keyring(config.secrets).app_key()
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
    sessions.init_app(app)
    text.init_app(app)
    filters.register(app)
    context.init_app(app)
    headers.init_app(app, is_https=config.is_https)
    failures.init_app(app)
    app.extensions["voting.csrf"] = CSRFProtect(app)
    sign_in.init_app(app)
    access.public(app.view_functions["static"])


def _register_views(app: Flask) -> None:
    for views in VIEWS:
        app.register_blueprint(views.bp)
    csrf: CSRFProtect = app.extensions["voting.csrf"]
    # A voter's forms carry the card's own digest, and need no session: see ballots/holder.py.
    csrf.exempt(app.blueprints["ballots"])
    # It sets the size of type and nothing else.
    csrf.exempt(app.view_functions["public.display_submit"])
    # Their forms check the token themselves: what a resident wrote is shown again, not thrown away.
    for name in ("propose_submit", "supplement_submit", "appeal_submit"):
        csrf.exempt(app.view_functions[f"proposals.{name}"])
    for name in ("claim_submit", "message_submit"):
        csrf.exempt(app.view_functions[f"posters.{name}"])
    csrf.exempt(app.view_functions["roll.apply_submit"])
    tell_sequels(app, sequel_of)
    tell_heads(app, shown_head)


def _register_commands(app: Flask) -> None:
    for commands in COMMANDS:
        app.cli.add_command(commands.group)
    # Opening an urn knows ballots, and custody comes long before them.
    custody_commands.group.add_command(tally_commands.open_sealed)
    # The bundle comes after the results, its command among those of the ledger.
    ledger_commands.group.add_command(bundle_commands.command)
