"""Candidates taken off an announced list, and budgets cut after a result, by two officers."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base, triggers

revision = "0011"
down_revision = "0010"
branch_labels = ()
depends_on = None

_CHECKS = {
    "state": "state IN ('waiting', 'done', 'refused')",
    "two": "state <> 'done' OR second_by <> first_by",
    "second": "(state = 'waiting') = (second_by IS NULL)",
    "second_at": "(second_by IS NULL) = (second_at IS NULL)",
    "funded": "(state = 'done') = (funded IS NOT NULL)",
    "removed": "(funded IS NULL) = (removed IS NULL)",
    "budget": "budget >= 0",
    "said": "reason <> '' AND decided_by <> ''",
}


def upgrade() -> None:
    triggers.drop_all(op.get_bind())
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("first_at", base.Moment(timezone=True), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=True),
        sa.Column("second_at", base.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'refused')", name=op.f("ck_withdrawal_state")
        ),
        sa.CheckConstraint(
            "state <> 'done' OR second_by <> first_by", name=op.f("ck_withdrawal_two")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (second_by IS NULL)", name=op.f("ck_withdrawal_second")
        ),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL)", name=op.f("ck_withdrawal_second_at")
        ),
        sa.CheckConstraint("reason <> '' AND decided_by <> ''", name=op.f("ck_withdrawal_said")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_withdrawal_round_id")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_withdrawal_candidate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_withdrawal_round_id"), "withdrawal", ["round_id"], unique=False)
    op.create_index(
        "uq_withdrawal_standing",
        "withdrawal",
        ["candidate_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'refused'"),
        postgresql_where=sa.text("state <> 'refused'"),
    )
    _cuts()
    triggers.refresh(op.get_bind())


def _cuts() -> None:
    op.create_table(
        "budget_cut",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("removed", sa.Text(), nullable=True),
        sa.Column("funded", sa.Text(), nullable=True),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("first_at", base.Moment(timezone=True), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=True),
        sa.Column("second_at", base.Moment(timezone=True), nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_budget_cut_{name}"))
            for name, condition in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_budget_cut_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_cut")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_budget_cut_round_id"), "budget_cut", ["round_id"], unique=False)
    op.create_index(
        "uq_budget_cut_standing",
        "budget_cut",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'refused'"),
        postgresql_where=sa.text("state <> 'refused'"),
    )


def downgrade() -> None:
    triggers.drop_all(op.get_bind())
    op.drop_table("budget_cut")
    op.drop_table("withdrawal")
    triggers.refresh(op.get_bind())
