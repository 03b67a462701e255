"""Paper, posters, polling places, assisted votes, changes of a frozen roll, and the sheet they add up on."""

import sqlalchemy as sa
from alembic import op

from voting.persistence import base, triggers

revision = "0008"
down_revision = "0007"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    triggers.drop_all(op.get_bind())
    _rounds()
    _polling()
    _posters()
    _roll()
    _paper()
    _handing_out()
    _assisted()
    _reconciliation()
    triggers.refresh(op.get_bind())


def _rounds() -> None:
    channels = "card,paper,assisted"
    op.add_column(
        "round", sa.Column("channels", sa.Text(), server_default=channels, nullable=False)
    )
    op.add_column(
        "round", sa.Column("second_factors", sa.Text(), server_default="screen", nullable=False)
    )


def _polling() -> None:
    op.create_table(
        "polling_place",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("screen_hash", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", base.Moment(timezone=True), nullable=False),
        sa.Column("closed_at", base.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('fixed', 'mobile')", name=op.f("ck_polling_place_kind")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_polling_place_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polling_place")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_polling_place_round_id_name")),
        sa.UniqueConstraint("screen_hash", name=op.f("uq_polling_place_screen_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.CheckConstraint("begins < ends", name=op.f("ck_shift_time")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_shift_officer_id")),
        sa.ForeignKeyConstraint(["place_id"], ["polling_place.id"], name=op.f("fk_shift_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint(
            "place_id",
            "officer_id",
            "day",
            "begins",
            name=op.f("uq_shift_place_id_officer_id_day_begins"),
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_shift_officer_id"), "shift", ["officer_id"], unique=False)


def _posters() -> None:
    op.create_table(
        "poster_claim",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("claim_hash", sa.LargeBinary(), nullable=False),
        sa.Column("elector_id", sa.Text(), nullable=True),
        sa.Column("claimed_key", sa.LargeBinary(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("code_hmac", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", base.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state = 'waiting' OR elector_id IS NOT NULL", name=op.f("ck_poster_claim_proven")
        ),
        sa.CheckConstraint("state IN ('waiting', 'proven')", name=op.f("ck_poster_claim_state")),
        sa.CheckConstraint("way IN ('screen', 'sms', 'worker')", name=op.f("ck_poster_claim_way")),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_poster_claim_tries")),
        sa.ForeignKeyConstraint(
            ["round_id", "elector_id"],
            ["elector.round_id", "elector.elector_id"],
            name=op.f("fk_poster_claim_round_id_elector_id"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_poster_claim_round_id")),
        sa.PrimaryKeyConstraint("round_id", "claim_hash", name=op.f("pk_poster_claim")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_poster_claim_expires_at", "poster_claim", ["expires_at"], unique=False)
    op.create_table(
        "identity_try",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("claimed_key", sa.LargeBinary(), nullable=False),
        sa.Column("fails", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("fails BETWEEN 0 AND 5", name=op.f("ck_identity_try_fails")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_identity_try_round_id")),
        sa.PrimaryKeyConstraint("round_id", "claimed_key", name=op.f("pk_identity_try")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "short_message",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", base.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed')", name=op.f("ck_short_message_state")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_short_message_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_short_message")),
        sqlite_strict=True,
    )
    op.create_index("ix_short_message_state", "short_message", ["state"], unique=False)


def _roll() -> None:
    op.create_table(
        "roll_application",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name_masked", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("building", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("applied_at", base.Moment(timezone=True), nullable=False),
        sa.Column("decided_at", base.Moment(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_by IS NULL)", name=op.f("ck_roll_application_decided")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (sealed IS NOT NULL)", name=op.f("ck_roll_application_sealed")
        ),
        sa.CheckConstraint(
            "basis IN ('live', 'work', 'study')", name=op.f("ck_roll_application_basis")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'refused')", name=op.f("ck_roll_application_state")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_roll_application_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_application")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_roll_application_code_hash")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_roll_application_round_id_state",
        "roll_application",
        ["round_id", "state"],
        unique=False,
    )
    op.create_table(
        "roll_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("elector_id", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Text(), nullable=True),
        sa.Column("name_masked", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("first_at", base.Moment(timezone=True), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=True),
        sa.Column("second_at", base.Moment(timezone=True), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (digest IS NOT NULL)", name=op.f("ck_roll_change_digest")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (second_by IS NULL)", name=op.f("ck_roll_change_second")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') OR sealed IS NULL", name=op.f("ck_roll_change_sealed")
        ),
        sa.CheckConstraint(
            "act IN ('add', 'strike', 'restore', 'correct')", name=op.f("ck_roll_change_act")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'refused')", name=op.f("ck_roll_change_state")
        ),
        sa.CheckConstraint("(digest IS NULL) = (count IS NULL)", name=op.f("ck_roll_change_count")),
        sa.CheckConstraint("second_by <> first_by", name=op.f("ck_roll_change_two")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["roll_application.id"], name=op.f("fk_roll_change_application_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_roll_change_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_change")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_roll_change_round_id_state", "roll_change", ["round_id", "state"], unique=False
    )


def _paper() -> None:
    # What was keyed of an outage's paper before is kept by the journal and lies in the urn.
    op.drop_table("emergency_ballot")
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("versions", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", base.Moment(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("printed_at", base.Moment(timezone=True), nullable=True),
        sa.Column("voided_at", base.Moment(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("ledger_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('vote', 'emergency')", name=op.f("ck_paper_batch_kind")),
        sa.CheckConstraint(
            "state IN ('making', 'ready', 'printed', 'void')", name=op.f("ck_paper_batch_state")
        ),
        sa.CheckConstraint("count BETWEEN 1 AND 20000", name=op.f("ck_paper_batch_count")),
        sa.CheckConstraint("versions BETWEEN 1 AND 8", name=op.f("ck_paper_batch_versions")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_batch_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_paper_batch_round_id_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "paper_bundle",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.Text(), nullable=True),
        sa.Column("charged_at", base.Moment(timezone=True), nullable=True),
        sa.Column("charged_by", sa.Text(), nullable=True),
        sa.Column("handed", sa.BigInteger(), nullable=False),
        sa.Column("unused", sa.BigInteger(), nullable=True),
        sa.Column("counted_by", sa.Text(), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=True),
        sa.Column("settled_at", base.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(unused IS NULL) = (counted_by IS NULL)", name=op.f("ck_paper_bundle_counted")
        ),
        sa.CheckConstraint(
            "received_by IS NULL OR unused IS NOT NULL", name=op.f("ck_paper_bundle_received")
        ),
        sa.CheckConstraint(
            "(received_by IS NULL) = (settled_at IS NULL)", name=op.f("ck_paper_bundle_settled")
        ),
        sa.CheckConstraint("count >= 1", name=op.f("ck_paper_bundle_count")),
        sa.CheckConstraint(
            "handed = 0 OR holder_id IS NOT NULL", name=op.f("ck_paper_bundle_charged")
        ),
        sa.CheckConstraint("handed BETWEEN 0 AND count", name=op.f("ck_paper_bundle_handed")),
        sa.CheckConstraint("received_by <> counted_by", name=op.f("ck_paper_bundle_two")),
        sa.CheckConstraint(
            "unused IS NULL OR unused BETWEEN 0 AND count", name=op.f("ck_paper_bundle_unused")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_bundle_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["officer.id"], name=op.f("fk_paper_bundle_holder_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_paper_bundle")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_paper_bundle_holder_id"), "paper_bundle", ["holder_id"], unique=False)
    op.create_table(
        "paper_ballot",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("bundle", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state = 'entered') = (slot IS NOT NULL)", name=op.f("ck_paper_ballot_slot")
        ),
        sa.CheckConstraint(
            "(state IN ('spoiled', 'invalid')) = (reason IS NOT NULL)",
            name=op.f("ck_paper_ballot_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('printed', 'spoiled', 'returned', 'entered', 'invalid')",
            name=op.f("ck_paper_ballot_state"),
        ),
        sa.CheckConstraint("generation >= 1", name=op.f("ck_paper_ballot_generation")),
        sa.CheckConstraint("length(serial) = 9", name=op.f("ck_paper_ballot_serial")),
        sa.ForeignKeyConstraint(
            ["batch_id", "bundle"],
            ["paper_bundle.batch_id", "paper_bundle.number"],
            name=op.f("fk_paper_ballot_batch_id_bundle"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_ballot_round_id")),
        sa.PrimaryKeyConstraint("round_id", "serial", name=op.f("pk_paper_ballot")),
        sa.UniqueConstraint("round_id", "slot", name=op.f("uq_paper_ballot_round_id_slot")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_paper_ballot_batch_id_bundle", "paper_ballot", ["batch_id", "bundle"], unique=False
    )
    op.create_table(
        "paper_keying",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("turn", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("turn IN (1, 2)", name=op.f("ck_paper_keying_turn")),
        sa.ForeignKeyConstraint(
            ["round_id", "serial"],
            ["paper_ballot.round_id", "paper_ballot.serial"],
            name=op.f("fk_paper_keying_round_id_serial"),
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "serial", "generation", "turn", name=op.f("pk_paper_keying")
        ),
        sa.UniqueConstraint(
            "round_id",
            "serial",
            "generation",
            "by",
            name=op.f("uq_paper_keying_round_id_serial_generation_by"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_decision",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", base.Moment(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("monitor_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('counted', 'invalid')", name=op.f("ck_paper_decision_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["monitor_id"], ["appointment.id"], name=op.f("fk_paper_decision_monitor_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "serial"],
            ["paper_ballot.round_id", "paper_ballot.serial"],
            name=op.f("fk_paper_decision_round_id_serial"),
        ),
        sa.PrimaryKeyConstraint("round_id", "serial", "generation", name=op.f("pk_paper_decision")),
        sqlite_strict=True,
    )
    op.create_table(
        "paper_void",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("first_at", base.Moment(timezone=True), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=True),
        sa.Column("second_at", base.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL)", name=op.f("ck_paper_void_second")
        ),
        sa.CheckConstraint("second_by <> first_by", name=op.f("ck_paper_void_two")),
        sa.ForeignKeyConstraint(
            ["round_id", "serial"],
            ["paper_ballot.round_id", "paper_ballot.serial"],
            name=op.f("fk_paper_void_round_id_serial"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_void")),
        sa.UniqueConstraint(
            "round_id",
            "serial",
            "generation",
            name=op.f("uq_paper_void_round_id_serial_generation"),
        ),
        sa.UniqueConstraint("round_id", "slot", name=op.f("uq_paper_void_round_id_slot")),
        sqlite_strict=True,
    )
    op.create_table(
        "paper_foreign",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("first_at", base.Moment(timezone=True), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=True),
        sa.Column("second_at", base.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL)", name=op.f("ck_paper_foreign_second")
        ),
        sa.CheckConstraint("second_by <> first_by", name=op.f("ck_paper_foreign_two")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_foreign_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_foreign")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_paper_foreign_round_id"), "paper_foreign", ["round_id"], unique=False)
    op.create_table(
        "paper_sample",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("drawn_at", base.Moment(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("monitor_id", sa.Text(), nullable=False),
        sa.Column("keyed_by", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("same", sa.Boolean(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.CheckConstraint("found IS NULL OR NOT same", name=op.f("ck_paper_sample_found")),
        sa.CheckConstraint(
            "keyed_by IS NOT NULL OR sealed IS NULL", name=op.f("ck_paper_sample_keyed")
        ),
        sa.CheckConstraint("place BETWEEN 1 AND 300", name=op.f("ck_paper_sample_place")),
        sa.ForeignKeyConstraint(
            ["monitor_id"], ["appointment.id"], name=op.f("fk_paper_sample_monitor_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "serial"],
            ["paper_ballot.round_id", "paper_ballot.serial"],
            name=op.f("fk_paper_sample_round_id_serial"),
        ),
        sa.PrimaryKeyConstraint("round_id", "serial", name=op.f("pk_paper_sample")),
        sa.UniqueConstraint("round_id", "place", name=op.f("uq_paper_sample_round_id_place")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _handing_out() -> None:
    op.create_table(
        "exchange",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("elector_id", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "after IN ('card_handed', 'paper_handed', 'assisted')", name=op.f("ck_exchange_after")
        ),
        sa.CheckConstraint(
            "before IN ('card_handed', 'paper_handed')", name=op.f("ck_exchange_before")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "elector_id"],
            ["elector.round_id", "elector.elector_id"],
            name=op.f("fk_exchange_round_id_elector_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
        sqlite_strict=True,
    )
    op.create_table(
        "collection",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("elector_id", sa.Text(), nullable=False),
        sa.Column("taker_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint("taker_id <> elector_id", name=op.f("ck_collection_other")),
        sa.ForeignKeyConstraint(
            ["round_id", "elector_id"],
            ["elector.round_id", "elector.elector_id"],
            name=op.f("fk_collection_round_id_elector_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "taker_id"],
            ["elector.round_id", "elector.elector_id"],
            name=op.f("fk_collection_round_id_taker_id"),
        ),
        sa.PrimaryKeyConstraint("round_id", "elector_id", name=op.f("pk_collection")),
        sqlite_strict=True,
    )
    op.create_table(
        "late_conflict",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("elector_id", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("used_by", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.CheckConstraint("medium IN ('card', 'paper')", name=op.f("ck_late_conflict_medium")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_by IS NULL)", name=op.f("ck_late_conflict_answered")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "elector_id"],
            ["elector.round_id", "elector.elector_id"],
            name=op.f("fk_late_conflict_round_id_elector_id"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_late_conflict_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_conflict")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_late_conflict_round_id"), "late_conflict", ["round_id"], unique=False)


def _assisted() -> None:
    op.create_table(
        "assisted_session",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("elector_id", sa.Text(), nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("marked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("place IN ('desk', 'home')", name=op.f("ck_assisted_session_place")),
        sa.CheckConstraint("second_by <> first_by", name=op.f("ck_assisted_session_two")),
        sa.ForeignKeyConstraint(
            ["round_id", "elector_id"],
            ["elector.round_id", "elector.elector_id"],
            name=op.f("fk_assisted_session_round_id_elector_id"),
        ),
        sa.PrimaryKeyConstraint("round_id", "elector_id", name=op.f("pk_assisted_session")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "assisted_ballot",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.LargeBinary(), nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=False),
        sa.CheckConstraint("second_by <> first_by", name=op.f("ck_assisted_ballot_two")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_assisted_ballot_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "slot", name=op.f("pk_assisted_ballot")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _reconciliation() -> None:
    op.create_table(
        "reconciliation",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("first_at", base.Moment(timezone=True), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=True),
        sa.Column("second_at", base.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'explained') = (explanation <> '')",
            name=op.f("ck_reconciliation_explained"),
        ),
        sa.CheckConstraint(
            "outcome IN ('adds_up', 'explained', 'more_returned')",
            name=op.f("ck_reconciliation_outcome"),
        ),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL)", name=op.f("ck_reconciliation_second")
        ),
        sa.CheckConstraint("second_by <> first_by", name=op.f("ck_reconciliation_two")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_reconciliation_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_reconciliation")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    triggers.drop_all(op.get_bind())
    for table in (
        "reconciliation",
        "assisted_ballot",
        "assisted_session",
        "late_conflict",
        "collection",
        "exchange",
        "paper_sample",
        "paper_foreign",
        "paper_void",
        "paper_decision",
        "paper_keying",
        "paper_ballot",
        "paper_bundle",
        "paper_batch",
        "roll_change",
        "roll_application",
        "short_message",
        "identity_try",
        "poster_claim",
        "shift",
        "polling_place",
    ):
        op.drop_table(table)
    for column in ("channels", "second_factors"):
        op.drop_column("round", column)
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
    triggers.refresh(op.get_bind())
