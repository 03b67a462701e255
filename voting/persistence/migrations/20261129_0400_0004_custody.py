"""Who holds what can open an urn, and when it was destroyed."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base, triggers

revision = "0004"
down_revision = "0003"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    triggers.drop_all(op.get_bind())
    op.create_table(
        "urn_key",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("set_no", sa.BigInteger(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("probe_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("probe_digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", base.Moment(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.Column("forgotten_at", base.Moment(), nullable=True),
        sa.Column("proven_at", base.Moment(), nullable=True),
        sa.Column("proven_by", sa.Text(), nullable=True),
        sa.Column("proven_with", sa.Text(), nullable=False),
        sa.CheckConstraint("way IN ('server', 'monitors')", name=op.f("ck_urn_key_way")),
        sa.CheckConstraint("set_no BETWEEN 1 AND 255", name=op.f("ck_urn_key_set_no")),
        sa.CheckConstraint(
            "(proven_at IS NULL) = (proven_by IS NULL)", name=op.f("ck_urn_key_proven")
        ),
        sa.CheckConstraint(
            "forgotten_at IS NULL OR way = 'monitors'", name=op.f("ck_urn_key_forgotten")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_urn_key_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_urn_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "key_sheet",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("set_no", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("lost_on", sa.Date(), nullable=True),
        sa.Column("lost_at", base.Moment(), nullable=True),
        sa.Column("lost_by", sa.Text(), nullable=False),
        sa.Column("lost_note", sa.Text(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 3", name=op.f("ck_key_sheet_number")),
        sa.CheckConstraint("(lost_on IS NULL) = (lost_at IS NULL)", name=op.f("ck_key_sheet_lost")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["urn_key.round_id"], name=op.f("fk_key_sheet_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_key_sheet_appointment_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "set_no", "number", name=op.f("pk_key_sheet")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_key_sheet_appointment_id"), "key_sheet", ["appointment_id"], unique=False
    )
    op.create_table(
        "key_destruction",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("first_officer", sa.Text(), nullable=False),
        sa.Column("first_at", base.Moment(), nullable=False),
        sa.Column("second_officer", sa.Text(), nullable=True),
        sa.Column("second_at", base.Moment(), nullable=True),
        sa.CheckConstraint(
            "second_officer IS NULL OR second_officer <> first_officer",
            name=op.f("ck_key_destruction_two"),
        ),
        sa.CheckConstraint(
            "(second_officer IS NULL) = (second_at IS NULL)", name=op.f("ck_key_destruction_second")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_key_destruction_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_officer"], ["officer.id"], name=op.f("fk_key_destruction_first_officer")
        ),
        sa.ForeignKeyConstraint(
            ["second_officer"], ["officer.id"], name=op.f("fk_key_destruction_second_officer")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_key_destruction")),
        sqlite_strict=True,
    )
    triggers.refresh(op.get_bind())


def downgrade() -> None:
    triggers.drop_all(op.get_bind())
    op.drop_table("key_destruction")
    op.drop_index(op.f("ix_key_sheet_appointment_id"), table_name="key_sheet")
    op.drop_table("key_sheet")
    op.drop_table("urn_key")
    triggers.refresh(op.get_bind())
