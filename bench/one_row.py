"""A floor: a bare Flask view that inserts one row and commits, on the same database, set the same way."""

import os
import secrets

from flask import Flask
from sqlalchemy import Column, LargeBinary, MetaData, Table, insert

from voting.config import Config
from voting.persistence.session import Database

app = Flask(__name__)
database = Database(Config.from_environ(os.environ).database_url)
table = Table("bench_row", MetaData(), Column("slot", LargeBinary, primary_key=True))
table.metadata.create_all(database.engine)


@app.post("/row")
def row() -> str:
    """Insert a row and commit."""
    with database.transaction() as session:
        session.execute(insert(table), [{"slot": secrets.token_bytes(32)}])
    return "ok"


@app.get("/healthz")
def healthz() -> str:
    """Say that the process answers."""
    return "ok"
