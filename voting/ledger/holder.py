"""Signs the ledgers of this installation, keeps their trees at hand, and sends what was signed to witnesses.

Nothing here holds the database longer than it must: hashing and sending happen outside transactions.
"""

import logging
from collections import OrderedDict
from threading import Lock

from flask import current_app

from voting.adapters.mail import Letter, Mailer, MailFailed, mailer_of
from voting.errors import Refusal
from voting.figures import day_clock
from voting.ledger.models import Checkpoint
from voting.ledger.rules.notes import head_digits, note_file
from voting.ledger.rules.tree import Tree
from voting.ledger.service import (
    Dispatch,
    LedgerDamaged,
    dispatches_due,
    due_rounds,
    leaves_of,
    make_checkpoint,
    note_sent,
    prefix_of,
)
from voting.web.db import current_config, current_database, current_keys, transaction
from voting.web.db import now as now_here
from voting.web.text import _

log = logging.getLogger(__name__)

_TREES = "voting.ledger.trees"
_MOST_TREES = 8
_LOCK = Lock()


def checkpoint_apart(round_id: str) -> Checkpoint:
    """Append what waits and sign; raise what ``voting.ledger.service.make_checkpoint`` raises.

    What was signed before is hashed anew outside the transaction: on SQLite nobody could vote meanwhile.
    """
    with current_database().reading() as session:
        prefix = prefix_of(session, round_id)
    with transaction() as session:
        return make_checkpoint(
            session, now=now_here(), keys=current_keys(), round_id=round_id, prefix=prefix
        )


def sign_for_paper(round_id: str) -> None:
    """Sign what waits before a paper prints the head; if that fails, the paper is issued all the same."""
    try:
        checkpoint_apart(round_id)
    except Refusal as refusal:
        log.warning("a paper of round %s prints the head as it is: %s", round_id, refusal)


def checkpoint_due() -> int:
    """Sign every ledger for which something waits, and return how many; a refusal is logged, not raised.

    What was signed is sent to witnesses afterwards, and what could not be sent before is tried again.
    """
    with current_database().reading() as session:
        due = due_rounds(session)
    signed = 0
    for round_id in due:
        try:
            checkpoint_apart(round_id)
            signed += 1
        except Refusal as refusal:
            log.error("the ledger of round %s was not signed: %s", round_id, refusal)  # noqa: TRY400 -- a refusal is a sentence, its traceback says nothing
    send_due()
    return signed


def mailer() -> Mailer | None:
    """Return how letters go out from here, or None where nobody set it up."""
    config = current_config()
    return mailer_of(config.smtp_url, config.mail_from)


def send_due(round_id: str | None = None) -> tuple[int, int]:
    """Send the newest checkpoints to the witnesses that wait for them; return how many went and how many not.

    Failures are logged without addresses and tried again the next time; they never raise.
    """
    with current_database().reading() as session:
        due = dispatches_due(session, round_id)
    post, sent, left = mailer(), 0, 0
    for one in due:
        taken = [False] * len(one.waiting)
        if post is not None:
            letters = [_letter_to(address, one) for _, address in one.waiting]
            try:
                taken = post.send(letters)
            except MailFailed as failed:
                log.warning("no checkpoint of round %s could be sent: %s", one.round_id, failed)
        reached = [id for (id, _), went in zip(one.waiting, taken, strict=True) if went]
        if reached:
            with transaction() as session:
                note_sent(session, now=now_here(), witness_ids=reached, size=one.head.size)
        sent, left = sent + len(reached), left + len(taken) - len(reached)
    return sent, left


def tree_of(head: Checkpoint) -> Tree:
    """Return the tree under a checkpoint, kept by each process; it proves for smaller checkpoints as well.

    Raises LedgerDamaged if what is stored does not give the root that was signed.
    """
    key = (head.round_id, head.size)
    kept: OrderedDict[tuple[str, int], Tree]
    kept = current_app.extensions.setdefault(_TREES, OrderedDict())
    with _LOCK:
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    with current_database().reading() as session:
        tree = Tree(leaves_of(session, head.round_id, head.size))
    if tree.size != head.size or tree.root() != head.root:
        raise LedgerDamaged(index=tree.size)
    with _LOCK:
        kept[key] = tree
        while len(kept) > _MOST_TREES:
            kept.popitem(last=False)
    return tree


def _letter_to(address: str, dispatch: Dispatch) -> Letter:
    """Return the letter that brings a checkpoint to a witness."""
    head = dispatch.head
    digits = head_digits(head.root)
    text = _(
        "您是“%(title)s”公开账本的见证人。\n\n封存号：%(head)s\n封存到第 %(size)s 条，%(at)s\n\n"
        "请把这封信和附件留着。以后谁要是改动以前的记录，就和您手里的这一份对不上。"
        "请和社区公示栏、网站上的封存号比一比；不一样的，请保留这封信，马上告诉监票人和街道。\n",
        title=dispatch.round_title,
        head=digits,
        size=head.size,
        at=day_clock(head.at),
    )
    subject = _("封存号 %(head)s（第 %(size)s 条）", head=digits, size=head.size)
    return Letter(address, subject, text, note_file(head.round_id, head.size), head.note)
