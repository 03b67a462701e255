"""封存公告: the small paper with the head that a community posts on each day of the vote."""

from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session

from voting.areas.service import find_installation, public_url
from voting.clock import local_day
from voting.journal.rules import Actor
from voting.ledger.document import CHECKPOINT, CheckpointNotice, checkpoint_notice
from voting.ledger.holder import checkpoint_apart
from voting.ledger.rules.notes import head_digits
from voting.ledger.rules.statements import read_statement
from voting.ledger.service import NotFrozenYet, find_head
from voting.ledger.views.blueprint import bp
from voting.notices.document import Signature
from voting.notices.holder import PaperKind, offer, render
from voting.notices.models import Notice
from voting.notices.rules import named_round, read_facts
from voting.notices.service import find_notice, issuer_of
from voting.rounds.holder import issue_paper
from voting.rounds.service import get_round
from voting.web.db import current_config, current_database, now


def issue_checkpoint(round_id: str, actor: Actor) -> Notice:
    """Sign the ledger and issue the paper that prints its head; the same head twice on one day is one paper.

    Raises NotFound, NotFrozenYet, LedgerKeyMissing or LedgerDamaged.
    """
    head = checkpoint_apart(round_id)
    with current_database().reading() as session:
        issued = find_notice(session, round_id, CHECKPOINT)
    if issued is not None and _says(issued, head.size):
        return issued
    return issue_paper(
        round_id, actor, kind=CHECKPOINT, repeatable=True,
        gather=lambda session, number: checkpoint_facts(session, round_id, number),
        paper=lambda facts: checkpoint_notice(facts, render=render),
    )  # fmt: skip


def _says(issued: Notice, size: int) -> bool:
    is_of_today = local_day(issued.issued_at) == local_day(now())
    return is_of_today and read_facts(CheckpointNotice, issued.facts).entries == size


def checkpoint_facts(session: Session, round_id: str, number: str) -> CheckpointNotice:
    """Return what the paper says of the newest checkpoint; raise NotFrozenYet where there is none."""
    round, head = get_round(session, round_id), find_head(session, round_id)
    if head is None:
        raise NotFrozenYet
    installation = find_installation(session)
    address = public_url(installation, current_config())
    said = read_statement(head.note)
    return CheckpointNotice(
        round_title=named_round(round.title),
        head=head_digits(head.root),
        entries=head.size,
        ballots=said.ballots,
        rights=said.rights,
        sealed_at=head.at,
        help_phone=round.help_number,
        signature=Signature((issuer_of(session, round.area),), local_day(now())),
        url=f"{address}/ledger/{round_id}",
        number=number,
        demo=installation is not None and installation.demo,
        rehearsal=round.kind == "rehearsal",
    )


@bp.record_once
def _offer(state: BlueprintSetupState) -> None:
    offer(
        state.app,
        PaperKind(
            name=CHECKPOINT,
            label="封存公告",
            facts=CheckpointNotice,
            page="ledger/notice.html",
            issue=issue_checkpoint,
            paper=checkpoint_notice,
        ),
    )
