"""Votes by channel, turnout by age and building, and what other rules would have given."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base, triggers

revision = "0012"
down_revision = "0011"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    triggers.drop_all(connection)
    op.add_column("tally", sa.Column("channel_digest", sa.LargeBinary(), nullable=True))
    op.create_table(
        "channel_vote",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("votes", sa.BigInteger(), nullable=False),
        sa.Column("ballots", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "votes >= 10 AND ballots - votes >= 10", name=op.f("ck_channel_vote_shown")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_channel_vote_round_id")),
        sa.PrimaryKeyConstraint("round_id", "channel", "candidate", name=op.f("pk_channel_vote")),
        sqlite_strict=True,
    )
    op.create_table(
        "turnout_cell",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.Column("marked", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('age', 'building')", name=op.f("ck_turnout_cell_kind")),
        sa.CheckConstraint(
            "marked >= 10 AND listed - marked >= 10", name=op.f("ck_turnout_cell_shown")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_turnout_cell_round_id")),
        sa.PrimaryKeyConstraint("round_id", "kind", "place", name=op.f("pk_turnout_cell")),
        sqlite_strict=True,
    )
    op.create_table(
        "comparison",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made_at", base.Moment(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_comparison_version")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_comparison_round_id")),
        sa.PrimaryKeyConstraint("round_id", "version", name=op.f("pk_comparison")),
        sqlite_strict=True,
    )
    triggers.refresh(connection)


def downgrade() -> None:
    connection = op.get_bind()
    triggers.drop_all(connection)
    for table in ("comparison", "turnout_cell", "channel_vote"):
        op.drop_table(table)
    op.drop_column("tally", "channel_digest")
    triggers.refresh(connection)
