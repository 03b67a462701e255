"""The stages around the vote: proposals from phones, screening, files of the roll, delivery, papers of steps."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base, triggers

revision = "0002"
down_revision = "0001"
branch_labels = ()
depends_on = None

_DAYS = (
    "collecting_from", "screening_until", "review_until", "announce_on", "publicity_from", "publicity_to",
)  # fmt: skip
_STATES_BEFORE = "'received', 'accepted', 'returned', 'merged', 'passed_on', 'refused', 'passed'"
_STATES = _STATES_BEFORE + ", 'review_passed', 'review_failed'"
_CANDIDATE_STATES = "'nominated', 'reserve', 'listed', 'funded', 'unfunded', 'removed'"


def upgrade() -> None:
    with triggers.copying(op.get_bind()):
        _change_tables()
        _add_tables()


def _change_tables() -> None:
    with op.batch_alter_table("candidate") as batch:
        batch.add_column(sa.Column("state", sa.Text(), server_default="listed", nullable=False))
        batch.create_check_constraint(op.f("ck_candidate_state"), f"state IN ({_CANDIDATE_STATES})")
    op.execute("UPDATE candidate SET state = 'reserve' WHERE ballot_number IS NULL")
    with op.batch_alter_table("elector", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(sa.Column("person_key", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("confirmed_by", sa.Text(), nullable=True))
        batch.create_unique_constraint(
            op.f("uq_elector_round_id_person_key"), ["round_id", "person_key"]
        )
        batch.create_check_constraint(
            op.f("ck_elector_known"), "(id_key IS NULL) = (person_key IS NOT NULL)"
        )
        batch.create_check_constraint(
            op.f("ck_elector_confirmed"), "(id_key IS NULL) = (confirmed_by IS NOT NULL)"
        )
    with op.batch_alter_table("notice") as batch:
        batch.add_column(sa.Column("audience", sa.Text(), server_default="public", nullable=False))
        batch.alter_column("pdf_digest", existing_type=sa.Text(), nullable=True)
        batch.create_check_constraint(op.f("ck_notice_audience"), "audience IN ('public', 'desk')")
    for column in (
        sa.Column("act", sa.Text(), server_default="", nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("person", sa.Text(), server_default="", nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), server_default="", nullable=False),
    ):
        op.add_column("phase_change", column)
    with op.batch_alter_table("proposal") as batch:
        batch.add_column(sa.Column("basis", sa.Text(), nullable=True))
        batch.add_column(sa.Column("follow_key", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("sending_key", sa.Text(), nullable=True))
        batch.create_unique_constraint(op.f("uq_proposal_follow_key"), ["follow_key"])
        batch.create_unique_constraint(
            op.f("uq_proposal_round_id_sending_key"), ["round_id", "sending_key"]
        )
        batch.drop_constraint(op.f("ck_proposal_state"), type_="check")
        batch.create_check_constraint(op.f("ck_proposal_state"), f"state IN ({_STATES})")
        batch.create_check_constraint(
            op.f("ck_proposal_basis"), "basis IS NULL OR basis IN ('live', 'work', 'study')"
        )
    with op.batch_alter_table("round") as batch:
        for name in ("limit_engineering", "limit_equipment", "limit_service"):
            batch.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        batch.add_column(
            sa.Column("most_candidates", sa.BigInteger(), server_default="60", nullable=False)
        )
        for name in _DAYS:
            batch.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch.add_column(sa.Column("repeats_id", sa.Text(), nullable=True))
        batch.add_column(sa.Column("roll_source_id", sa.Text(), nullable=True))
        batch.create_unique_constraint(op.f("uq_round_repeats_id"), ["repeats_id"])
        batch.create_foreign_key(op.f("fk_round_repeats_id"), "round", ["repeats_id"], ["id"])
        batch.create_foreign_key(
            op.f("fk_round_roll_source_id"), "round", ["roll_source_id"], ["id"]
        )
        batch.create_check_constraint(op.f("ck_round_most_candidates"), "most_candidates >= 2")
        batch.create_check_constraint(
            op.f("ck_round_pause"), "(phase = 'paused') = (phase_before_pause IS NOT NULL)"
        )


def _add_tables() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("beneficiaries", sa.BigInteger(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("contract_sum", sa.BigInteger(), nullable=True),
        sa.Column("final_cost", sa.BigInteger(), nullable=True),
        sa.Column("picture", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("leader", sa.Text(), nullable=False),
        sa.Column("contractor", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("measure_before", sa.BigInteger(), nullable=True),
        sa.Column("measure_after", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", base.Moment(), nullable=False),
        sa.Column("changed_at", base.Moment(), nullable=False),
        sa.Column("terminated_at", base.Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('to_approve', 'approved', 'designing', 'procuring', 'contracted', 'in_progress', 'completed', 'accepted', 'settling', 'final_publicity', 'surveying', 'warranty', 'done', 'archived', 'changing', 'suspended', 'rectifying', 'terminated')",
            name=op.f("ck_project_state"),
        ),
        sa.CheckConstraint("budget >= 0", name=op.f("ck_project_budget")),
        sa.CheckConstraint(
            "contract_sum IS NULL OR contract_sum >= 0", name=op.f("ck_project_contract_sum")
        ),
        sa.CheckConstraint(
            "final_cost IS NULL OR final_cost >= 0", name=op.f("ck_project_final_cost")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_project_area_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_project_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("code", name=op.f("uq_project_code")),
        sqlite_strict=True,
    )
    op.create_index("ix_project_area_id_state", "project", ["area_id", "state"], unique=False)
    op.create_index(op.f("ix_project_opened_at"), "project", ["opened_at"], unique=False)
    op.create_index(op.f("ix_project_round_id"), "project", ["round_id"], unique=False)
    op.create_table(
        "round_officer",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_round_officer_officer_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_officer_round_id")),
        sa.PrimaryKeyConstraint("round_id", "officer_id", name=op.f("pk_round_officer")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_round_officer_officer_id"), "round_officer", ["officer_id"], unique=False
    )
    op.create_table(
        "candidate_review",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("is_passed", sa.Boolean(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("beneficiaries", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("cost_basis", sa.Text(), nullable=False),
        sa.Column("upkeep", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("beneficiaries >= 0", name=op.f("ck_candidate_review_beneficiaries")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_candidate_review_cost")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_candidate_review_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_candidate_review_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_review")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_candidate_review_candidate_id"), "candidate_review", ["candidate_id"], unique=False
    )
    op.create_index(
        op.f("ix_candidate_review_round_id"), "candidate_review", ["round_id"], unique=False
    )
    op.create_table(
        "merge_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("act IN ('join', 'leave')", name=op.f("ck_merge_change_act")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_merge_change_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_merge_change_proposal_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_merge_change_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_change")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_merge_change_candidate_id"), "merge_change", ["candidate_id"], unique=False
    )
    op.create_index(
        op.f("ix_merge_change_proposal_id"), "merge_change", ["proposal_id"], unique=False
    )
    op.create_index(op.f("ix_merge_change_round_id"), "merge_change", ["round_id"], unique=False)
    op.create_table(
        "milestone",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_milestone_position")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_milestone_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint(
            "project_id", "position", name=op.f("uq_milestone_project_id_position")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_milestone_project_id"), "milestone", ["project_id"], unique=False)
    op.create_table(
        "progress_entry",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_progress_entry_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_entry")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_progress_entry_project_id"), "progress_entry", ["project_id"], unique=False
    )
    op.create_table(
        "project_candidate",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_project_candidate_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_candidate_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "candidate_id", name=op.f("pk_project_candidate")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_project_candidate_candidate_id"),
        "project_candidate",
        ["candidate_id"],
        unique=False,
    )
    op.create_table(
        "project_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_change_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_change")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_project_change_project_id"), "project_change", ["project_id"], unique=False
    )
    op.create_table(
        "project_photo",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("added_at", base.Moment(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("removed_at", base.Moment(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('before', 'during', 'after')", name=op.f("ck_project_photo_stage")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_photo_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_photo")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_project_photo_project_id"), "project_photo", ["project_id"], unique=False
    )
    op.create_table(
        "proposal_decision",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("legal", sa.Text(), nullable=True),
        sa.Column("feasible", sa.Text(), nullable=True),
        sa.Column("beneficial", sa.Text(), nullable=True),
        sa.Column("affordable", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("passed_to", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=True),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('acceptance', 'screening', 'appeal', 'review')",
            name=op.f("ck_proposal_decision_kind"),
        ),
        sa.CheckConstraint(
            "outcome IN ('received', 'accepted', 'returned', 'merged', 'passed_on', 'refused', 'passed', 'review_passed', 'review_failed')",
            name=op.f("ck_proposal_decision_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_proposal_decision_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_decision_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_decision")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_proposal_decision_proposal_id"), "proposal_decision", ["proposal_id"], unique=False
    )
    op.create_table(
        "proposal_photo",
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_proposal_photo_position")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_photo_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "position", name=op.f("pk_proposal_photo")),
        sqlite_strict=True,
    )
    op.create_table(
        "roll_upload",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("header_row", sa.BigInteger(), nullable=True),
        sa.Column("columns", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'reading', 'read', 'refused', 'gone')",
            name=op.f("ck_roll_upload_state"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roll_import.id"], name=op.f("fk_roll_upload_import_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_roll_upload_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_upload")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_roll_upload_at"), "roll_upload", ["at"], unique=False)
    op.create_index(op.f("ix_roll_upload_round_id"), "roll_upload", ["round_id"], unique=False)
    op.create_table(
        "spending",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("payee", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("entered_at", base.Moment(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("voided_at", base.Moment(), nullable=True),
        sa.Column("voided_by", sa.Text(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason IS NULL)", name=op.f("ck_spending_voided")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_spending_amount")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_spending_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_spending_project_id"), "spending", ["project_id"], unique=False)
    op.create_table(
        "appeal",
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("against_by", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", base.Moment(), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", base.Moment(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_appeal_decided")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_upheld IS NULL)", name=op.f("ck_appeal_outcome")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> against_by", name=op.f("ck_appeal_other_officer")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["proposal_decision.id"], name=op.f("fk_appeal_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_appeal_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_appeal")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    with triggers.copying(op.get_bind()):
        op.drop_table("appeal")
        op.drop_index(op.f("ix_spending_project_id"), table_name="spending")
        op.drop_table("spending")
        op.drop_index(op.f("ix_roll_upload_round_id"), table_name="roll_upload")
        op.drop_index(op.f("ix_roll_upload_at"), table_name="roll_upload")
        op.drop_table("roll_upload")
        op.drop_table("proposal_photo")
        op.drop_index(op.f("ix_proposal_decision_proposal_id"), table_name="proposal_decision")
        op.drop_table("proposal_decision")
        op.drop_index(op.f("ix_project_photo_project_id"), table_name="project_photo")
        op.drop_table("project_photo")
        op.drop_index(op.f("ix_project_change_project_id"), table_name="project_change")
        op.drop_table("project_change")
        op.drop_index(op.f("ix_project_candidate_candidate_id"), table_name="project_candidate")
        op.drop_table("project_candidate")
        op.drop_index(op.f("ix_progress_entry_project_id"), table_name="progress_entry")
        op.drop_table("progress_entry")
        op.drop_index(op.f("ix_milestone_project_id"), table_name="milestone")
        op.drop_table("milestone")
        op.drop_index(op.f("ix_merge_change_round_id"), table_name="merge_change")
        op.drop_index(op.f("ix_merge_change_proposal_id"), table_name="merge_change")
        op.drop_index(op.f("ix_merge_change_candidate_id"), table_name="merge_change")
        op.drop_table("merge_change")
        op.drop_index(op.f("ix_candidate_review_round_id"), table_name="candidate_review")
        op.drop_index(op.f("ix_candidate_review_candidate_id"), table_name="candidate_review")
        op.drop_table("candidate_review")
        op.drop_index(op.f("ix_round_officer_officer_id"), table_name="round_officer")
        op.drop_table("round_officer")
        op.drop_index(op.f("ix_project_round_id"), table_name="project")
        op.drop_index(op.f("ix_project_opened_at"), table_name="project")
        op.drop_index("ix_project_area_id_state", table_name="project")
        op.drop_table("project")
        with op.batch_alter_table("round") as batch:
            batch.drop_constraint(op.f("ck_round_pause"), type_="check")
            batch.drop_constraint(op.f("ck_round_most_candidates"), type_="check")
            batch.drop_constraint(op.f("fk_round_roll_source_id"), type_="foreignkey")
            batch.drop_constraint(op.f("fk_round_repeats_id"), type_="foreignkey")
            batch.drop_constraint(op.f("uq_round_repeats_id"), type_="unique")
            for name in ("roll_source_id", "repeats_id", *_DAYS, "most_candidates"):
                batch.drop_column(name)
            for name in ("limit_engineering", "limit_equipment", "limit_service"):
                batch.drop_column(name)
        op.execute(
            "UPDATE proposal SET state = 'passed' WHERE state IN ('review_passed', 'review_failed')"
        )
        with op.batch_alter_table("proposal") as batch:
            batch.drop_constraint(op.f("ck_proposal_basis"), type_="check")
            batch.drop_constraint(op.f("ck_proposal_state"), type_="check")
            batch.drop_constraint(op.f("uq_proposal_round_id_sending_key"), type_="unique")
            batch.drop_constraint(op.f("uq_proposal_follow_key"), type_="unique")
            for name in ("sending_key", "follow_key", "basis"):
                batch.drop_column(name)
            batch.create_check_constraint(op.f("ck_proposal_state"), f"state IN ({_STATES_BEFORE})")
        for name in ("file_name", "file_digest", "person", "day", "act"):
            op.drop_column("phase_change", name)
        with op.batch_alter_table("notice") as batch:
            batch.drop_constraint(op.f("ck_notice_audience"), type_="check")
            batch.drop_column("audience")
        with op.batch_alter_table("elector", table_kwargs={"sqlite_with_rowid": False}) as batch:
            batch.drop_constraint(op.f("ck_elector_confirmed"), type_="check")
            batch.drop_constraint(op.f("ck_elector_known"), type_="check")
            batch.drop_constraint(op.f("uq_elector_round_id_person_key"), type_="unique")
            batch.drop_column("confirmed_by")
            batch.drop_column("person_key")
        with op.batch_alter_table("candidate") as batch:
            batch.drop_constraint(op.f("ck_candidate_state"), type_="check")
            batch.drop_column("state")
