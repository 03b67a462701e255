"""The ledger of a round, and what a round publishes of its ballots."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base, triggers

revision = "0003"
down_revision = "0002"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    with triggers.copying(op.get_bind()):
        with op.batch_alter_table("round") as batch:
            batch.add_column(
                sa.Column("publication", sa.Text(), server_default="totals", nullable=False)
            )
            batch.create_check_constraint(
                op.f("ck_round_publication"), "publication IN ('totals', 'full')"
            )
        op.create_table(
            "ledger",
            sa.Column("round_id", sa.Text(), nullable=False),
            sa.Column("origin", sa.Text(), nullable=False),
            sa.Column("public_key", sa.LargeBinary(), nullable=False),
            sa.Column("begun_at", base.Moment(), nullable=False),
            sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ledger_round_id")),
            sa.PrimaryKeyConstraint("round_id", name=op.f("pk_ledger")),
            sqlite_strict=True,
        )
        op.create_table(
            "ledger_note",
            sa.Column("id", sa.Text(), nullable=False),
            sa.Column("round_id", sa.Text(), nullable=False),
            sa.Column("at", base.Moment(), nullable=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("body", sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(
                ["round_id"], ["round.id"], name=op.f("fk_ledger_note_round_id")
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_note")),
            sqlite_strict=True,
        )
        op.create_index(op.f("ix_ledger_note_round_id"), "ledger_note", ["round_id"], unique=False)
        op.create_table(
            "checkpoint",
            sa.Column("round_id", sa.Text(), nullable=False),
            sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("at", base.Moment(), nullable=False),
            sa.Column("root", sa.LargeBinary(), nullable=False),
            sa.Column("note", sa.Text(), nullable=False),
            sa.CheckConstraint("size >= 1", name=op.f("ck_checkpoint_size")),
            sa.ForeignKeyConstraint(
                ["round_id"], ["ledger.round_id"], name=op.f("fk_checkpoint_round_id")
            ),
            sa.PrimaryKeyConstraint("round_id", "size", name=op.f("pk_checkpoint")),
            sqlite_strict=True,
            sqlite_with_rowid=False,
        )
        op.create_table(
            "ledger_entry",
            sa.Column("round_id", sa.Text(), nullable=False),
            sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("body", sa.Text(), nullable=False),
            sa.Column("leaf", sa.LargeBinary(), nullable=False),
            sa.Column("source", sa.Text(), nullable=True),
            sa.Column("slot", sa.LargeBinary(), nullable=True),
            sa.CheckConstraint(
                "(kind = 'ballot') = (slot IS NOT NULL)", name=op.f("ck_ledger_entry_slot")
            ),
            sa.CheckConstraint("idx >= 0", name=op.f("ck_ledger_entry_idx")),
            sa.ForeignKeyConstraint(
                ["round_id"], ["ledger.round_id"], name=op.f("fk_ledger_entry_round_id")
            ),
            sa.PrimaryKeyConstraint("round_id", "idx", name=op.f("pk_ledger_entry")),
            sa.UniqueConstraint("round_id", "source", name=op.f("uq_ledger_entry_round_id_source")),
            sqlite_strict=True,
            sqlite_with_rowid=False,
        )
        op.create_index(
            "uq_ledger_entry_round_id_slot",
            "ledger_entry",
            ["round_id", "slot"],
            unique=True,
            sqlite_where=sa.text("slot IS NOT NULL"),
            postgresql_where=sa.text("slot IS NOT NULL"),
        )


def downgrade() -> None:
    with triggers.copying(op.get_bind()):
        op.drop_index("uq_ledger_entry_round_id_slot", table_name="ledger_entry")
        op.drop_table("ledger_entry")
        op.drop_table("checkpoint")
        op.drop_index(op.f("ix_ledger_note_round_id"), table_name="ledger_note")
        op.drop_table("ledger_note")
        op.drop_table("ledger")
        with op.batch_alter_table("round") as batch:
            batch.drop_constraint(op.f("ck_round_publication"), type_="check")
            batch.drop_column("publication")
