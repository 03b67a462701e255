"""Test cards, their reveal, and people drawn for a call-back."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base, triggers

revision = "0005"
down_revision = "0004"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    triggers.drop_all(op.get_bind())
    _test_cards()
    _call_backs()
    triggers.refresh(op.get_bind())


def _test_cards() -> None:
    op.create_table(
        "test_draw",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("monitor_id", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("count BETWEEN 1 AND 200", name=op.f("ck_test_draw_count")),
        sa.CheckConstraint("way IN ('system', 'hand')", name=op.f("ck_test_draw_way")),
        sa.ForeignKeyConstraint(
            ["monitor_id"], ["appointment.id"], name=op.f("fk_test_draw_monitor_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_test_draw_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_draw")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_test_draw_round_id"), "test_draw", ["round_id"], unique=False)
    op.create_table(
        "test_card",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("cred_hash", sa.LargeBinary(), nullable=False),
        sa.Column("draw_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.LargeBinary(), nullable=True),
        sa.Column("choices", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.CheckConstraint("(slot IS NULL) = (choices IS NULL)", name=op.f("ck_test_card_written")),
        sa.CheckConstraint("found IS NULL OR slot IS NOT NULL", name=op.f("ck_test_card_found")),
        sa.CheckConstraint("number BETWEEN 1 AND 200", name=op.f("ck_test_card_number")),
        sa.ForeignKeyConstraint(["draw_id"], ["test_draw.id"], name=op.f("fk_test_card_draw_id")),
        sa.ForeignKeyConstraint(
            ["round_id", "cred_hash"],
            ["ballot_card.round_id", "ballot_card.cred_hash"],
            name=op.f("fk_test_card_round_id_cred_hash"),
        ),
        sa.PrimaryKeyConstraint("round_id", "cred_hash", name=op.f("pk_test_card")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_test_card_round_id_number")),
        sa.UniqueConstraint("round_id", "slot", name=op.f("uq_test_card_round_id_slot")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_test_card_draw_id"), "test_card", ["draw_id"], unique=False)
    op.create_table(
        "test_reveal",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("monitor_id", sa.Text(), nullable=False),
        sa.Column("drawn", sa.BigInteger(), nullable=False),
        sa.Column("revealed", sa.BigInteger(), nullable=False),
        sa.Column("voided", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["monitor_id"], ["appointment.id"], name=op.f("fk_test_reveal_monitor_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_test_reveal_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_test_reveal")),
        sqlite_strict=True,
    )


def _call_backs() -> None:
    op.create_table(
        "call_draw",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("monitor_id", sa.Text(), nullable=False),
        sa.Column("public_number", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("marked", sa.BigInteger(), nullable=False),
        sa.Column("drawn", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("drawn BETWEEN 1 AND marked", name=op.f("ck_call_draw_drawn")),
        sa.CheckConstraint("drawn <= 500", name=op.f("ck_call_draw_most")),
        sa.ForeignKeyConstraint(
            ["monitor_id"], ["appointment.id"], name=op.f("fk_call_draw_monitor_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_call_draw_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_call_draw")),
        sqlite_strict=True,
    )
    op.create_table(
        "call_back",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("elector_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('confirmed', 'denied', 'unreached')", name=op.f("ck_call_back_answer")
        ),
        sa.CheckConstraint("place >= 1", name=op.f("ck_call_back_place")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["call_draw.round_id"], name=op.f("fk_call_back_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint(
            "round_id", "elector_id", name=op.f("uq_call_back_round_id_elector_id")
        ),
        sa.UniqueConstraint("round_id", "place", name=op.f("uq_call_back_round_id_place")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    triggers.drop_all(op.get_bind())
    for table in ("call_back", "call_draw", "test_reveal", "test_card", "test_draw"):
        op.drop_table(table)
    triggers.refresh(op.get_bind())
