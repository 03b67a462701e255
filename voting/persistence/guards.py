"""What the database itself refuses to change, table by table.

A rehearsal is no vote: what belongs to one may be deleted. ``triggers`` puts the guards into the words of
both databases.
"""

from voting.persistence.comparing_guards import COMPARING_GUARDS
from voting.persistence.guard import Guard
from voting.persistence.list_guards import LIST_GUARDS
from voting.persistence.paper_guards import KEYING_GUARDS, NO_REHEARSAL, RECONCILED
from voting.persistence.sheet_guards import SHEET_GUARDS

ROUND_CONFIG = (
    "area_id", "title", "kind", "scope", "budget", "currency", "money_decimals", "min_age",
    "birthday_counts", "reference_day", "opens_at", "closes_at", "publicity_days", "answer_days",
    "posting_day_counts", "ballot_kind", "min_choices", "max_choices", "max_points", "allocation",
    "funded_count", "least_votes", "tie_steps", "check_code", "publication", "channels", "second_factors",
    "least_share", "least_turnout", "quota_engineering", "quota_equipment", "quota_service",
    "quota_engineering_money", "quota_equipment_money", "quota_service_money", "spend_limit", "draw_way",
    "draw_source", "compare_public",
    "frozen_at", "config",
    "config_hash", "roll_count", "roll_hash", "hash_alg", "seal_alg", "seal_way", "seal_public",
    "ballot_length",
)  # fmt: skip
CANDIDATE_CONFIG = (
    "round_id", "external_id", "ballot_number", "title", "category", "place", "sentence", "description",
    "cost", "beneficiaries", "picture", "rival_group",
)  # fmt: skip
_FROZEN = "(SELECT frozen_at FROM round WHERE id = {row}.round_id) IS NOT NULL"
_DESTROYED = (
    "SELECT 1 FROM key_destruction WHERE round_id = {row}.round_id AND second_officer IS NOT NULL"
)
_NOT_CONFIRMED = (
    "COALESCE((SELECT phase FROM round WHERE id = NEW.round_id), '') "
    "NOT IN ('confirmed', 'implementing', 'closed', 'archived')"
)
_NOT_FOR_REHEARSAL = (
    "COALESCE((SELECT round.kind FROM round JOIN {parent} ON {parent}.round_id = round.id "
    "WHERE {parent}.id = OLD.{parent}_id), 'real') <> 'rehearsal'"
)
_REVEALED = "(SELECT at FROM test_reveal WHERE round_id = {row}.round_id) IS NOT NULL"
_CHANGED = (
    "NOT EXISTS (SELECT 1 FROM roll_change WHERE round_id = NEW.round_id "
    "AND elector_id = NEW.elector_id AND state = 'done' AND act IN ({acts}))"
)
_NOT_ADDED = _CHANGED.format(acts="'add'")
_NOT_CHANGED = _CHANGED.format(acts="'strike', 'restore', 'correct'")
_PAPER_OPEN = (
    "EXISTS (SELECT 1 FROM paper_batch WHERE round_id = {row}.round_id "
    "AND (state <> 'void' OR ledger_idx IS NOT NULL)) AND NOT EXISTS "
    "(SELECT 1 FROM reconciliation WHERE round_id = {row}.round_id AND second_by IS NOT NULL "
    "AND outcome <> 'more_returned')"
)
_NOTICE = (
    "id", "number", "kind", "edition", "area_id", "round_id", "title", "facts", "audience", "issued_at",
    "issued_by", "publicity_from", "publicity_to",
)  # fmt: skip


GUARDS = (
    Guard("journal_entry_no_update", "journal_entry", "UPDATE", "the journal is append-only"),
    Guard("journal_entry_no_delete", "journal_entry", "DELETE", "the journal is append-only"),
    Guard("phase_change_no_update", "phase_change", "UPDATE", "history is append-only"),
    Guard(
        "phase_change_no_delete", "phase_change", "DELETE", "history is append-only", NO_REHEARSAL,
    ),
    Guard("notice_no_update", "notice", "UPDATE", "a notice stays as issued", columns=_NOTICE),
    Guard(
        "notice_printed_once", "notice", "UPDATE", "a notice stays as issued",
        "OLD.pdf_digest IS NOT NULL", ("pdf_digest",),
    ),
    Guard("notice_no_delete", "notice", "DELETE", "a notice stays as issued", NO_REHEARSAL),
    Guard(
        "round_frozen", "round", "UPDATE", "the rules are frozen",
        "OLD.frozen_at IS NOT NULL", ROUND_CONFIG,
    ),
    Guard(
        "round_published_ballots", "round", "UPDATE", "ballots with many choices are not published",
        "NEW.frozen_at IS NOT NULL AND OLD.frozen_at IS NULL AND NEW.kind <> 'loaded' "
        "AND NEW.publication = 'full' AND NEW.max_choices > 3",
        ("frozen_at",),
    ),
    Guard(
        "round_no_delete", "round", "DELETE", "a frozen round stays",
        "OLD.frozen_at IS NOT NULL AND OLD.kind <> 'rehearsal'",
    ),
    Guard(
        "candidate_frozen_insert", "candidate", "INSERT", "the list is frozen",
        _FROZEN.format(row="NEW"),
    ),
    Guard(
        "candidate_frozen_update", "candidate", "UPDATE", "the list is frozen",
        _FROZEN.format(row="OLD"), CANDIDATE_CONFIG,
    ),
    Guard(
        "candidate_frozen_move", "candidate", "UPDATE", "the list is frozen",
        _FROZEN.format(row="NEW"), ("round_id",),
    ),
    Guard(
        "candidate_frozen_delete", "candidate", "DELETE", "the list is frozen",
        f"{_FROZEN.format(row='OLD')} AND {NO_REHEARSAL}",
    ),
    *LIST_GUARDS,
    Guard(
        "urn_no_update", "urn", "UPDATE", "a sealed ballot never changes",
        columns=("round_id", "slot", "leaf"),
    ),
    # Once the key is gone a ciphertext is only a risk: it may be emptied, and nothing else.
    Guard(
        "urn_sealed_until_destroyed", "urn", "UPDATE", "a sealed ballot never changes",
        f"length(NEW.sealed) > 0 OR NOT EXISTS ({_DESTROYED.format(row='OLD')})", ("sealed",),
    ),
    Guard(
        "key_destruction_in_time", "key_destruction", "INSERT", "the result is not confirmed yet",
        _NOT_CONFIRMED,
    ),
    Guard(
        "key_destruction_confirmed_in_time", "key_destruction", "UPDATE",
        "the result is not confirmed yet", _NOT_CONFIRMED,
    ),
    Guard(
        "key_destruction_no_update", "key_destruction", "UPDATE", "a destroyed key stays destroyed",
        "OLD.second_officer IS NOT NULL",
    ),
    Guard(
        "key_destruction_no_delete", "key_destruction", "DELETE", "a destroyed key stays destroyed",
        f"OLD.second_officer IS NOT NULL AND {NO_REHEARSAL}",
    ),
    Guard(
        "urn_key_frozen", "urn_key", "UPDATE", "the key of an announced vote stays",
        _FROZEN.format(row="OLD"), ("round_id", "way", "public_key", "probe_sealed", "probe_digest"),
    ),
    Guard(
        "urn_key_no_delete", "urn_key", "DELETE", "the key of an announced vote stays",
        f"{_FROZEN.format(row='OLD')} AND {NO_REHEARSAL}",
    ),
    Guard("urn_no_delete", "urn", "DELETE", "a sealed ballot stays in the urn", NO_REHEARSAL),
    Guard("ledger_no_update", "ledger", "UPDATE", "a ledger keeps its name and key"),
    Guard("ledger_no_delete", "ledger", "DELETE", "a ledger stays", NO_REHEARSAL),
    Guard("ledger_entry_no_update", "ledger_entry", "UPDATE", "the ledger is append-only"),
    Guard(
        "ledger_entry_no_delete", "ledger_entry", "DELETE", "the ledger is append-only", NO_REHEARSAL,
    ),
    Guard("ledger_note_no_update", "ledger_note", "UPDATE", "what was noted stays"),
    Guard("ledger_note_no_delete", "ledger_note", "DELETE", "what was noted stays", NO_REHEARSAL),
    Guard("checkpoint_no_update", "checkpoint", "UPDATE", "a signed head stays"),
    Guard("checkpoint_no_delete", "checkpoint", "DELETE", "a signed head stays", NO_REHEARSAL),
    Guard(
        "participation_no_update", "participation", "UPDATE", "a used right is not edited",
        "NEW.round_id <> OLD.round_id OR NEW.elector_id <> OLD.elector_id OR NEW.day <> OLD.day OR "
        "NOT EXISTS (SELECT 1 FROM exchange WHERE round_id = OLD.round_id AND elector_id = OLD.elector_id "
        "AND before = OLD.channel AND after = NEW.channel)",
    ),
    Guard("exchange_no_update", "exchange", "UPDATE", "what was exchanged stays"),
    Guard("exchange_no_delete", "exchange", "DELETE", "what was exchanged stays", NO_REHEARSAL),
    Guard(
        "elector_frozen_insert", "elector", "INSERT", "the roll is frozen",
        f"{_FROZEN.format(row='NEW')} AND {_NOT_ADDED}",
    ),
    Guard(
        "elector_frozen_update", "elector", "UPDATE", "the roll is frozen",
        f"{_FROZEN.format(row='NEW')} AND {_NOT_CHANGED}",
        ("id_key", "name_key", "person_key", "struck_at"),
    ),
    # Whoever strikes holds the row that every mark refers to: of the two, the second sees the first.
    Guard(
        "elector_used_stays", "elector", "UPDATE", "who has used their right is not struck",
        "NEW.struck_at IS NOT NULL AND OLD.struck_at IS NULL AND EXISTS (SELECT 1 FROM participation "
        "WHERE round_id = NEW.round_id AND elector_id = NEW.elector_id)",
        ("struck_at",),
    ),
    Guard(
        "participation_listed", "participation", "INSERT", "who was struck has no right",
        "(SELECT struck_at FROM elector WHERE round_id = NEW.round_id AND elector_id = NEW.elector_id) "
        "IS NOT NULL",
    ),
    Guard(
        "roll_change_decided", "roll_change", "UPDATE", "a decided change stays",
        "OLD.state <> 'waiting'",
    ),
    Guard("roll_change_no_delete", "roll_change", "DELETE", "a change of the roll stays", NO_REHEARSAL),
    Guard(
        "paper_ballot_stays", "paper_ballot", "UPDATE", "a paper keeps its serial and place",
        columns=("round_id", "serial", "batch_id", "bundle", "version"),
    ),
    Guard(
        "paper_ballot_settled", "paper_ballot", "UPDATE", "the paper has been reconciled",
        RECONCILED.format(row="OLD"), ("state", "slot", "generation", "reason"),
    ),
    Guard("paper_ballot_no_delete", "paper_ballot", "DELETE", "a printed paper stays", NO_REHEARSAL),
    *COMPARING_GUARDS,
    *KEYING_GUARDS,
    *SHEET_GUARDS,
    Guard(
        "reconciliation_signed", "reconciliation", "UPDATE", "a signed sheet stays",
        "OLD.second_by IS NOT NULL",
    ),
    Guard(
        "reconciliation_no_delete", "reconciliation", "DELETE", "a signed sheet stays",
        f"OLD.second_by IS NOT NULL AND {NO_REHEARSAL}",
    ),
    Guard(
        "urn_opening_reconciled", "urn_opening", "INSERT", "the paper has not been reconciled",
        _PAPER_OPEN.format(row="NEW"),
    ),
    Guard(
        "urn_opening_confirmed_reconciled", "urn_opening", "UPDATE",
        "the paper has not been reconciled", _PAPER_OPEN.format(row="NEW"),
    ),
    Guard(
        "ballot_card_one_way", "ballot_card", "UPDATE", "a spent or void card stays so",
        "OLD.state <> 'printed'", ("state",),
    ),
    Guard("test_draw_no_update", "test_draw", "UPDATE", "a draw is never taken back"),
    Guard("test_draw_no_delete", "test_draw", "DELETE", "a draw is never taken back", NO_REHEARSAL),
    Guard(
        "test_card_unused", "test_card", "INSERT", "only an unused bearer card is drawn",
        "NOT EXISTS (SELECT 1 FROM ballot_card WHERE round_id = NEW.round_id AND cred_hash = NEW.cred_hash "
        "AND state = 'printed' AND elector_id IS NULL)",
    ),
    Guard(
        "test_card_empty", "test_card", "INSERT", "nothing is written down of a card that is being drawn",
        "NEW.slot IS NOT NULL",
    ),
    Guard(
        "test_card_stays", "test_card", "UPDATE", "a draw is never taken back",
        columns=("round_id", "cred_hash", "draw_id", "number"),
    ),
    Guard(
        "test_card_revealed", "test_card", "UPDATE", "the test cards are revealed",
        _REVEALED.format(row="OLD"), ("slot", "choices"),
    ),
    Guard("test_card_no_delete", "test_card", "DELETE", "a draw is never taken back", NO_REHEARSAL),
    Guard(
        "test_reveal_in_time", "test_reveal", "INSERT", "the urn is open",
        "(SELECT second_officer FROM urn_opening WHERE round_id = NEW.round_id) IS NOT NULL",
    ),
    Guard("test_reveal_no_update", "test_reveal", "UPDATE", "what was revealed stays"),
    Guard("test_reveal_no_delete", "test_reveal", "DELETE", "what was revealed stays", NO_REHEARSAL),
    Guard("call_draw_no_update", "call_draw", "UPDATE", "a draw is never taken back"),
    Guard("call_draw_no_delete", "call_draw", "DELETE", "a draw is never taken back", NO_REHEARSAL),
    Guard(
        "call_back_stays", "call_back", "UPDATE", "a draw is never taken back",
        columns=("id", "round_id", "place", "elector_id"),
    ),
    Guard("call_back_no_delete", "call_back", "DELETE", "a draw is never taken back", NO_REHEARSAL),
    Guard(
        "tie_draw_in_time", "tie_draw", "INSERT", "a draw begins with one officer, in public",
        "NEW.second_by IS NOT NULL "
        "OR COALESCE((SELECT draw_way FROM round WHERE id = NEW.round_id), '') <> 'public'",
    ),
    Guard(
        "tie_draw_stays", "tie_draw", "UPDATE", "a draw is never taken back",
        "OLD.second_by IS NOT NULL OR NEW.round_id <> OLD.round_id",
    ),
    Guard(
        "tie_draw_no_delete", "tie_draw", "DELETE", "a draw is never taken back",
        f"OLD.second_by IS NOT NULL AND {NO_REHEARSAL}",
    ),
    Guard(
        "result_declared_update", "result", "UPDATE", "a declared result stays as declared",
        "OLD.declared_at IS NOT NULL",
    ),
    Guard(
        "result_declared_delete", "result", "DELETE", "a declared result stays as declared",
        f"OLD.declared_at IS NOT NULL AND {NO_REHEARSAL}",
    ),
    Guard(
        "proposal_decision_no_update", "proposal_decision", "UPDATE", "a decision stays as it was made",
    ),
    Guard(
        "proposal_decision_no_delete", "proposal_decision", "DELETE", "a decision stays as it was made",
        _NOT_FOR_REHEARSAL.format(parent="proposal"),
    ),
    Guard("merge_change_no_update", "merge_change", "UPDATE", "history is append-only"),
    Guard(
        "merge_change_no_delete", "merge_change", "DELETE", "history is append-only", NO_REHEARSAL,
    ),
    Guard(
        "candidate_review_no_update", "candidate_review", "UPDATE", "a review stays as it was made",
    ),
    Guard(
        "candidate_review_no_delete", "candidate_review", "DELETE", "a review stays as it was made",
        NO_REHEARSAL,
    ),
    Guard("project_change_no_update", "project_change", "UPDATE", "history is append-only"),
    Guard(
        "project_change_no_delete", "project_change", "DELETE", "history is append-only",
        _NOT_FOR_REHEARSAL.format(parent="project"),
    ),
)  # fmt: skip
