"""Addresses to which the checkpoints of a round are sent."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base

revision = "0007"
down_revision = "0006"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "witness",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("added_at", base.Moment(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("sent_size", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", base.Moment(), nullable=True),
        sa.CheckConstraint("place BETWEEN 1 AND 20", name=op.f("ck_witness_place")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_witness_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_witness")),
        sa.UniqueConstraint("round_id", "address", name=op.f("uq_witness_round_id_address")),
        sa.UniqueConstraint("round_id", "place", name=op.f("uq_witness_round_id_place")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("witness")
