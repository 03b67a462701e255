"""The lot among equal votes, drawn in public by two officers."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base, triggers

revision = "0010"
down_revision = "0009"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tie_draw",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("public_number", sa.Text(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("came_at", base.Moment(), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("first_at", base.Moment(), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=True),
        sa.Column("second_at", base.Moment(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("root", sa.LargeBinary(), nullable=True),
        sa.Column("seed", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL) AND (second_by IS NULL) = (size IS NULL) "
            "AND (second_by IS NULL) = (root IS NULL) AND (second_by IS NULL) = (seed IS NULL) "
            "AND (second_by IS NULL) = (outcome IS NULL)",
            name=op.f("ck_tie_draw_whole"),
        ),
        sa.CheckConstraint(
            "length(public_number) BETWEEN 4 AND 40", name=op.f("ck_tie_draw_public_number")
        ),
        sa.CheckConstraint("second_by <> first_by", name=op.f("ck_tie_draw_two")),
        sa.ForeignKeyConstraint(["first_by"], ["officer.id"], name=op.f("fk_tie_draw_first_by")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["tally.round_id"], name=op.f("fk_tie_draw_round_id")
        ),
        sa.ForeignKeyConstraint(["second_by"], ["officer.id"], name=op.f("fk_tie_draw_second_by")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_tie_draw")),
        sqlite_strict=True,
    )
    triggers.refresh(op.get_bind())


def downgrade() -> None:
    triggers.drop_all(op.get_bind())
    op.drop_table("tie_draw")
    triggers.refresh(op.get_bind())
