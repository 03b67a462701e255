"""Signs of life, checks, outages, repacking, paper ballots of an outage; rehearsals under a narrow role."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base, roles

revision = "0006"
down_revision = "0005"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_heartbeat_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
        sqlite_strict=True,
    )
    op.create_table(
        "check_run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("findings", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.CheckConstraint("findings >= 0", name=op.f("ck_check_run_findings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_run")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_check_run_at"), "check_run", ["at"], unique=False)
    op.create_table(
        "outage",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("since", base.Moment(), nullable=False),
        sa.Column("until", base.Moment(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.CheckConstraint("until > since", name=op.f("ck_outage_time")),
        sa.CheckConstraint("decision IN ('made_up', 'kept')", name=op.f("ck_outage_decision")),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_by IS NULL)", name=op.f("ck_outage_decided")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_outage_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
        sa.UniqueConstraint("round_id", "since", name=op.f("uq_outage_round_id_since")),
        sqlite_strict=True,
    )
    op.create_table(
        "repacking",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_repacking_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_repacking")),
        sqlite_strict=True,
    )
    op.create_table(
        "emergency_ballot",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("serial", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=True),
        sa.CheckConstraint("serial >= 1", name=op.f("ck_emergency_ballot_serial")),
        sa.CheckConstraint(
            "second_by IS NULL OR second_by <> first_by", name=op.f("ck_emergency_ballot_two")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_emergency_ballot_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "serial", name=op.f("pk_emergency_ballot")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    roles.create_acts(op.get_bind())


def downgrade() -> None:
    roles.drop_acts(op.get_bind())
    op.drop_table("emergency_ballot")
    op.drop_table("repacking")
    op.drop_table("outage")
    op.drop_index(op.f("ix_check_run_at"), table_name="check_run")
    op.drop_table("check_run")
    op.drop_table("heartbeat")
