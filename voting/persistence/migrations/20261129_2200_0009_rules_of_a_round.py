"""Thresholds, quotas, rivals, ballots inside a budget, the lot drawn in public."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import triggers

revision = "0009"
down_revision = "0008"
branch_labels = ()
depends_on = None

_KINDS = "ballot_kind IN ('approval', 'choose-1', 'cumulative', 'ordinal'{more})"
_WHOLE = (
    "quota_engineering", "quota_equipment", "quota_service", "quota_engineering_money",
    "quota_equipment_money", "quota_service_money", "spend_limit",
)  # fmt: skip
_CHECKS = {
    "knapsack": "(ballot_kind = 'knapsack') = (spend_limit IS NOT NULL)",
    "spend_limit": "spend_limit > 0 AND spend_limit <= budget",
    "least_share": "least_share BETWEEN 0 AND 1000",
    "least_turnout": "least_turnout BETWEEN 0 AND 1000",
    "quotas": "quota_engineering >= 0 AND quota_equipment >= 0 AND quota_service >= 0",
    "quotas_of_money": (
        "quota_engineering_money >= 0 AND quota_equipment_money >= 0 AND quota_service_money >= 0"
    ),
    "draw_way": "draw_way IN ('urn', 'public')",
}


def upgrade() -> None:
    with triggers.copying(op.get_bind()):
        with op.batch_alter_table("round") as batch:
            for name in ("least_share", "least_turnout"):
                batch.add_column(
                    sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
                )
            for name in _WHOLE:
                batch.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
            batch.add_column(sa.Column("draw_way", sa.Text(), server_default="urn", nullable=False))
            batch.add_column(sa.Column("draw_source", sa.Text(), server_default="", nullable=False))
            batch.add_column(
                sa.Column("compare_public", sa.Boolean(), server_default=sa.false(), nullable=False)
            )
            batch.drop_constraint(op.f("ck_round_ballot_kind"), type_="check")
            batch.create_check_constraint(
                op.f("ck_round_ballot_kind"), _KINDS.format(more=", 'knapsack'")
            )
            for name, condition in _CHECKS.items():
                batch.create_check_constraint(op.f(f"ck_round_{name}"), condition)
        with op.batch_alter_table("candidate") as batch:
            batch.add_column(sa.Column("rival_group", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with triggers.copying(op.get_bind()):
        with op.batch_alter_table("candidate") as batch:
            batch.drop_column("rival_group")
        with op.batch_alter_table("round") as batch:
            for name in _CHECKS:
                batch.drop_constraint(op.f(f"ck_round_{name}"), type_="check")
            batch.drop_constraint(op.f("ck_round_ballot_kind"), type_="check")
            batch.create_check_constraint(op.f("ck_round_ballot_kind"), _KINDS.format(more=""))
            for name in (
                "compare_public",
                "draw_source",
                "draw_way",
                *_WHOLE,
                "least_turnout",
                "least_share",
            ):
                batch.drop_column(name)
