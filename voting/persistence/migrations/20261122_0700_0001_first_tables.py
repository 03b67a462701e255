"""first tables"""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base, triggers

revision = "0001"
down_revision = None
branch_labels = ("default",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("help_number", sa.Text(), nullable=True),
        sa.CheckConstraint("(level = 'district') = (parent_id IS NULL)", name=op.f("ck_area_top")),
        sa.CheckConstraint(
            "level IN ('district', 'street', 'community', 'estate')", name=op.f("ck_area_level")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name=op.f("fk_area_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("parent_id", "name", name=op.f("uq_area_parent_id_name")),
        sa.UniqueConstraint("path", name=op.f("uq_area_path")),
        sqlite_strict=True,
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
        sqlite_strict=True,
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_url", sa.Text(), nullable=False),
        sa.Column("scanned_url", sa.Text(), nullable=True),
        sa.Column("scanned_at", base.Moment(), nullable=True),
        sa.Column("scan_code", sa.Text(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("set_up_at", base.Moment(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sqlite_strict=True,
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("created_at", base.Moment(), nullable=False),
        sa.Column("finished_at", base.Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_job_progress")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_job_subject_id"), "job", ["subject_id"], unique=False)
    op.create_table(
        "journal_entry",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_entry_hash")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_journal_entry_area_path"), "journal_entry", ["area_path"], unique=False
    )
    op.create_index(
        op.f("ix_journal_entry_object_id"), "journal_entry", ["object_id"], unique=False
    )
    op.create_table(
        "notice_counter",
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_notice_counter")),
        sqlite_strict=True,
    )
    op.create_table(
        "urn",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("batch_no", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("round_id", "slot", name=op.f("pk_urn")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_urn_slot", "urn", ["slot"], unique=False)
    op.create_table(
        "area_former_name",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("until", base.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_area_former_name_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_former_name")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_area_former_name_area_id"), "area_former_name", ["area_id"], unique=False
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("pdf_digest", sa.Text(), nullable=False),
        sa.Column("issued_at", base.Moment(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("publicity_from", sa.Date(), nullable=True),
        sa.Column("publicity_to", sa.Date(), nullable=True),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_notice_edition")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_notice_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_notice_number")),
        sa.UniqueConstraint(
            "round_id", "kind", "edition", name=op.f("uq_notice_round_id_kind_edition")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_notice_area_id"), "notice", ["area_id"], unique=False)
    op.create_index(op.f("ix_notice_issued_at"), "notice", ["issued_at"], unique=False)
    op.create_table(
        "officer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sign_in_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_tries", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", base.Moment(), nullable=True),
        sa.Column("created_at", base.Moment(), nullable=False),
        sa.Column("retired_at", base.Moment(), nullable=True),
        sa.Column("receiver_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "role IN ('community_worker', 'community_secretary', 'street_officer', 'district_observer', 'auditor', 'administrator')",
            name=op.f("ck_officer_role"),
        ),
        sa.CheckConstraint("failed_tries >= 0", name=op.f("ck_officer_tries")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_officer_area_id")),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["officer.id"], name=op.f("fk_officer_receiver_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_officer_sign_in_name")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_officer_area_id"), "officer", ["area_id"], unique=False)
    op.create_table(
        "round",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("phase_before_pause", sa.Text(), nullable=True),
        sa.Column("created_at", base.Moment(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("money_decimals", sa.BigInteger(), nullable=False),
        sa.Column("min_age", sa.BigInteger(), nullable=False),
        sa.Column("birthday_counts", sa.Boolean(), nullable=False),
        sa.Column("reference_day", sa.Date(), nullable=False),
        sa.Column("collecting_until", sa.Date(), nullable=True),
        sa.Column("opens_at", base.Moment(), nullable=False),
        sa.Column("closes_at", base.Moment(), nullable=False),
        sa.Column("extended_to", base.Moment(), nullable=True),
        sa.Column("publicity_days", sa.BigInteger(), nullable=False),
        sa.Column("answer_days", sa.BigInteger(), nullable=False),
        sa.Column("posting_day_counts", sa.Boolean(), nullable=False),
        sa.Column("ballot_kind", sa.Text(), nullable=False),
        sa.Column("min_choices", sa.BigInteger(), nullable=False),
        sa.Column("max_choices", sa.BigInteger(), nullable=False),
        sa.Column("max_points", sa.BigInteger(), nullable=True),
        sa.Column("allocation", sa.Text(), nullable=False),
        sa.Column("funded_count", sa.BigInteger(), nullable=True),
        sa.Column("least_votes", sa.BigInteger(), nullable=False),
        sa.Column("tie_steps", sa.Text(), nullable=False),
        sa.Column("check_code", sa.Boolean(), nullable=False),
        sa.Column("notice_form", sa.Text(), nullable=False),
        sa.Column("help_number", sa.Text(), nullable=False),
        sa.Column("office_name", sa.Text(), nullable=False),
        sa.Column("office_address", sa.Text(), nullable=False),
        sa.Column("office_contact", sa.Text(), nullable=False),
        sa.Column("polling_place", sa.Text(), nullable=False),
        sa.Column("frozen_at", base.Moment(), nullable=True),
        sa.Column("config", sa.Text(), nullable=True),
        sa.Column("config_hash", sa.LargeBinary(), nullable=True),
        sa.Column("roll_count", sa.BigInteger(), nullable=True),
        sa.Column("roll_hash", sa.LargeBinary(), nullable=True),
        sa.Column("hash_alg", sa.Text(), nullable=False),
        sa.Column("seal_alg", sa.Text(), nullable=False),
        sa.Column("seal_way", sa.Text(), nullable=False),
        sa.Column("seal_public", sa.LargeBinary(), nullable=True),
        sa.Column("ballot_length", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(allocation = 'top-k') = (funded_count IS NOT NULL)", name=op.f("ck_round_top_k")
        ),
        sa.CheckConstraint(
            "allocation IN ('greedy', 'greedy-stop', 'top-k')", name=op.f("ck_round_allocation")
        ),
        sa.CheckConstraint(
            "ballot_kind IN ('approval', 'choose-1', 'cumulative', 'ordinal')",
            name=op.f("ck_round_ballot_kind"),
        ),
        sa.CheckConstraint("kind IN ('real', 'rehearsal', 'loaded')", name=op.f("ck_round_kind")),
        sa.CheckConstraint(
            "phase IN ('draft', 'pending_approval', 'collecting', 'screening', 'deliberating', 'shortlisted', 'vote_announced', 'voting', 'counting', 'result_review', 'publicity', 'objection', 'confirmed', 'implementing', 'closed', 'archived', 'vote_void', 'paused', 'terminated')",
            name=op.f("ck_round_phase"),
        ),
        sa.CheckConstraint("seal_way IN ('server', 'monitors')", name=op.f("ck_round_seal_way")),
        sa.CheckConstraint(
            "(frozen_at IS NULL) = (config_hash IS NULL)", name=op.f("ck_round_frozen")
        ),
        sa.CheckConstraint("budget > 0", name=op.f("ck_round_budget")),
        sa.CheckConstraint(
            "extended_to IS NULL OR extended_to > closes_at", name=op.f("ck_round_extension")
        ),
        sa.CheckConstraint("min_choices <= max_choices", name=op.f("ck_round_choices_order")),
        sa.CheckConstraint("min_choices >= 0 AND max_choices >= 1", name=op.f("ck_round_choices")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_round_voting_time")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_round_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sqlite_strict=True,
    )
    op.create_index("ix_round_area_id_phase", "round", ["area_id", "phase"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=True),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person_key", sa.LargeBinary(), nullable=False),
        sa.Column("phone_key", sa.LargeBinary(), nullable=True),
        sa.Column("slip_hash", sa.LargeBinary(), nullable=False),
        sa.Column("appointed_at", base.Moment(), nullable=False),
        sa.Column("appointed_by", sa.Text(), nullable=False),
        sa.Column("entered_at", base.Moment(), nullable=True),
        sa.Column("ended_at", base.Moment(), nullable=True),
        sa.Column("replaces_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "duty IN ('monitor', 'teller', 'supervisor')", name=op.f("ck_appointment_duty")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["appointment.id"], name=op.f("fk_appointment_replaces_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_appointment_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("slip_hash", name=op.f("uq_appointment_slip_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_appointment_round_id"), "appointment", ["round_id"], unique=False)
    op.create_table(
        "candidate",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("ballot_number", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("beneficiaries", sa.BigInteger(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", base.Moment(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "category IS NULL OR category IN ('engineering', 'equipment', 'service')",
            name=op.f("ck_candidate_category"),
        ),
        sa.CheckConstraint(
            "ballot_number IS NULL OR ballot_number >= 1", name=op.f("ck_candidate_ballot_number")
        ),
        sa.CheckConstraint("beneficiaries >= 0", name=op.f("ck_candidate_beneficiaries")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_candidate_cost")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_candidate_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint(
            "round_id", "ballot_number", name=op.f("uq_candidate_round_id_ballot_number")
        ),
        sa.UniqueConstraint(
            "round_id", "external_id", name=op.f("uq_candidate_round_id_external_id")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_candidate_round_id"), "candidate", ["round_id"], unique=False)
    op.create_table(
        "card_batch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("per_sheet", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.Text(), nullable=True),
        sa.Column("made_at", base.Moment(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("printed_at", base.Moment(), nullable=True),
        sa.Column("voided_at", base.Moment(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("replaces_id", sa.Text(), nullable=True),
        sa.Column("replaces_from", sa.BigInteger(), nullable=True),
        sa.Column("ledger_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('vote', 'survey')", name=op.f("ck_card_batch_kind")),
        sa.CheckConstraint("mode IN ('bearer', 'assigned')", name=op.f("ck_card_batch_mode")),
        sa.CheckConstraint(
            "state IN ('making', 'ready', 'printed', 'void')", name=op.f("ck_card_batch_state")
        ),
        sa.CheckConstraint("count >= 1 AND per_sheet >= 1", name=op.f("ck_card_batch_count")),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["officer.id"], name=op.f("fk_card_batch_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["card_batch.id"], name=op.f("fk_card_batch_replaces_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_card_batch_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_batch")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_card_batch_round_id_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_card_batch_holder_id"), "card_batch", ["holder_id"], unique=False)
    op.create_table(
        "elector",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("elector_id", sa.Text(), nullable=False),
        sa.Column("id_key", sa.LargeBinary(), nullable=True),
        sa.Column("name_key", sa.LargeBinary(), nullable=False),
        sa.Column("name_masked", sa.Text(), nullable=False),
        sa.Column("id_kind", sa.Text(), nullable=False),
        sa.Column("id_masked", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("building", sa.Text(), nullable=False),
        sa.Column("room_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("age_band", sa.Text(), nullable=True),
        sa.Column("added_at", base.Moment(), nullable=False),
        sa.Column("struck_at", base.Moment(), nullable=True),
        sa.Column("struck_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("basis IN ('live', 'work', 'study')", name=op.f("ck_elector_basis")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_elector_round_id")),
        sa.PrimaryKeyConstraint("round_id", "elector_id", name=op.f("pk_elector")),
        sa.UniqueConstraint("round_id", "id_key", name=op.f("uq_elector_round_id_id_key")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_elector_round_id_building", "elector", ["round_id", "building"], unique=False
    )
    op.create_table(
        "officer_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("started_at", base.Moment(), nullable=False),
        sa.Column("seen_at", base.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_officer_session_officer_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_officer_session")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_officer_session_officer_id"), "officer_session", ["officer_id"], unique=False
    )
    op.create_table(
        "opened_ballot",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("ballot", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_opened_ballot_number")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_opened_ballot_round_id")),
        sa.PrimaryKeyConstraint("round_id", "digest", name=op.f("pk_opened_ballot")),
        sqlite_strict=True,
    )
    op.create_table(
        "phase_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_phase_change_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_change")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_phase_change_round_id"), "phase_change", ["round_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposer_key", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.LargeBinary(), nullable=True),
        sa.Column("entered_at", base.Moment(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "category IN ('engineering', 'equipment', 'service')", name=op.f("ck_proposal_category")
        ),
        sa.CheckConstraint("source IN ('paper', 'phone')", name=op.f("ck_proposal_source")),
        sa.CheckConstraint(
            "state IN ('received', 'accepted', 'returned', 'merged', 'passed_on', 'refused', 'passed')",
            name=op.f("ck_proposal_state"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_proposal_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_proposal_round_id"), "proposal", ["round_id"], unique=False)
    op.create_table(
        "result",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("prepared_at", base.Moment(), nullable=False),
        sa.Column("declared_at", base.Moment(), nullable=True),
        sa.Column("declared_by", sa.Text(), nullable=True),
        sa.Column("publicity_from", sa.Date(), nullable=True),
        sa.Column("publicity_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_result_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_result")),
        sqlite_strict=True,
    )
    op.create_table(
        "roll_import",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("at", base.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_roll_import_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_import")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_roll_import_round_id"), "roll_import", ["round_id"], unique=False)
    op.create_table(
        "tally",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("counted_at", base.Moment(), nullable=False),
        sa.Column("ballots", sa.BigInteger(), nullable=False),
        sa.Column("blank", sa.BigInteger(), nullable=False),
        sa.Column("invalid", sa.BigInteger(), nullable=False),
        sa.Column("urn_digest", sa.LargeBinary(), nullable=False),
        sa.Column("draw_seed", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_tally_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_tally")),
        sqlite_strict=True,
    )
    op.create_table(
        "urn_opening",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("first_officer", sa.Text(), nullable=False),
        sa.Column("first_at", base.Moment(), nullable=False),
        sa.Column("second_officer", sa.Text(), nullable=True),
        sa.Column("second_at", base.Moment(), nullable=True),
        sa.CheckConstraint(
            "second_officer IS NULL OR second_officer <> first_officer",
            name=op.f("ck_urn_opening_two"),
        ),
        sa.ForeignKeyConstraint(
            ["first_officer"], ["officer.id"], name=op.f("fk_urn_opening_first_officer")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_urn_opening_round_id")),
        sa.ForeignKeyConstraint(
            ["second_officer"], ["officer.id"], name=op.f("fk_urn_opening_second_officer")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_urn_opening")),
        sqlite_strict=True,
    )
    op.create_table(
        "ballot_card",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("cred_hash", sa.LargeBinary(), nullable=False),
        sa.Column("short_hash", sa.LargeBinary(), nullable=False),
        sa.Column("check_hmac", sa.LargeBinary(), nullable=True),
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("sheet", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fails", sa.BigInteger(), nullable=False),
        sa.Column("elector_id", sa.Text(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "elector_id IS NULL OR state <> 'spent'", name=op.f("ck_ballot_card_link_cut")
        ),
        sa.CheckConstraint(
            "state IN ('printed', 'spent', 'void')", name=op.f("ck_ballot_card_state")
        ),
        sa.CheckConstraint("fails BETWEEN 0 AND 5", name=op.f("ck_ballot_card_fails")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["card_batch.id"], name=op.f("fk_ballot_card_batch_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ballot_card_round_id")),
        sa.PrimaryKeyConstraint("round_id", "cred_hash", name=op.f("pk_ballot_card")),
        sa.UniqueConstraint(
            "batch_id", "sheet", "place", name=op.f("uq_ballot_card_batch_id_sheet_place")
        ),
        sa.UniqueConstraint(
            "round_id", "short_hash", name=op.f("uq_ballot_card_round_id_short_hash")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ballot_card_cred_hash", "ballot_card", ["cred_hash"], unique=False)
    op.create_index("ix_ballot_card_short_hash", "ballot_card", ["short_hash"], unique=False)
    live = "elector_id IS NOT NULL AND state = 'printed'"
    op.create_index(
        "uq_ballot_card_live_elector",
        "ballot_card",
        ["round_id", "elector_id"],
        unique=True,
        sqlite_where=sa.text(live),
        postgresql_where=sa.text(live),
    )
    op.create_table(
        "candidate_source",
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_candidate_source_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_candidate_source_proposal_id")
        ),
        sa.PrimaryKeyConstraint("candidate_id", "proposal_id", name=op.f("pk_candidate_source")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_candidate_source_proposal_id"), "candidate_source", ["proposal_id"], unique=False
    )
    op.create_table(
        "participation",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("elector_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('card_handed', 'card_cast', 'poster', 'paper_handed', 'assisted')",
            name=op.f("ck_participation_channel"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "elector_id"],
            ["elector.round_id", "elector.elector_id"],
            name=op.f("fk_participation_round_id_elector_id"),
        ),
        sa.PrimaryKeyConstraint("round_id", "elector_id", name=op.f("pk_participation")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    triggers.refresh(op.get_bind())


def downgrade() -> None:
    triggers.drop_all(op.get_bind())
    op.drop_table("participation")
    op.drop_index(op.f("ix_candidate_source_proposal_id"), table_name="candidate_source")
    op.drop_table("candidate_source")
    op.drop_index("uq_ballot_card_live_elector", table_name="ballot_card")
    op.drop_index("ix_ballot_card_short_hash", table_name="ballot_card")
    op.drop_index("ix_ballot_card_cred_hash", table_name="ballot_card")
    op.drop_table("ballot_card")
    op.drop_table("urn_opening")
    op.drop_table("tally")
    op.drop_index(op.f("ix_roll_import_round_id"), table_name="roll_import")
    op.drop_table("roll_import")
    op.drop_table("result")
    op.drop_index(op.f("ix_proposal_round_id"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_index(op.f("ix_phase_change_round_id"), table_name="phase_change")
    op.drop_table("phase_change")
    op.drop_table("opened_ballot")
    op.drop_index(op.f("ix_officer_session_officer_id"), table_name="officer_session")
    op.drop_table("officer_session")
    op.drop_index("ix_elector_round_id_building", table_name="elector")
    op.drop_table("elector")
    op.drop_index(op.f("ix_card_batch_holder_id"), table_name="card_batch")
    op.drop_table("card_batch")
    op.drop_index(op.f("ix_candidate_round_id"), table_name="candidate")
    op.drop_table("candidate")
    op.drop_index(op.f("ix_appointment_round_id"), table_name="appointment")
    op.drop_table("appointment")
    op.drop_index("ix_round_area_id_phase", table_name="round")
    op.drop_table("round")
    op.drop_index(op.f("ix_officer_area_id"), table_name="officer")
    op.drop_table("officer")
    op.drop_index(op.f("ix_notice_issued_at"), table_name="notice")
    op.drop_index(op.f("ix_notice_area_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_area_former_name_area_id"), table_name="area_former_name")
    op.drop_table("area_former_name")
    op.drop_index("ix_urn_slot", table_name="urn")
    op.drop_table("urn")
    op.drop_table("notice_counter")
    op.drop_index(op.f("ix_journal_entry_object_id"), table_name="journal_entry")
    op.drop_index(op.f("ix_journal_entry_area_path"), table_name="journal_entry")
    op.drop_table("journal_entry")
    op.drop_index(op.f("ix_job_subject_id"), table_name="job")
    op.drop_table("job")
    op.drop_table("installation")
    op.drop_table("holiday")
    op.drop_table("area")
