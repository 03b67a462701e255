"""A recount, compared with what is stored: from the urn, or from the opened ballots."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.audits.service import compared
from voting.clock import local_day
from voting.custody.service import find_destruction
from voting.errors import Refusal
from voting.ledger.service import first_over
from voting.rounds.service import get_round
from voting.tally.models import Tally
from voting.tally.rules.channels import ChannelVotes
from voting.tally.rules.deciding import public_seed
from voting.tally.service.channels import channel_votes_of, stored_channel_votes
from voting.tally.service.counting import (
    counted_with,
    get_tally,
    marked_at,
    seal_facts,
    stored_contents,
)
from voting.tally.service.drawn import find_drawn
from voting.tally.service.entries import Reading, SealFacts, SealKeyMissing
from voting.tally.service.openers import Opener, by_key, by_openings
from voting.tally.service.openings import OpeningsStore
from voting.tally.service.reckoning import Counted, reckon
from voting.tally.service.urn import Progress, open_urn

_SHOWN = 200


class KeyDestroyed(Refusal):
    """Nothing opens the ballots any more, and their ciphertexts were emptied."""

    msgid = (
        "本轮的钥匙已经在%(day)s销毁，票箱里的密文也清空了，不能再从票箱重新计票。"
        "得票数和公开账本还在，监票人手里的计票包仍然可以核对。"
    )


class TallyDiffers(Refusal):
    """A recount does not give what is stored; the sentence names the first difference."""

    msgid = "重新计票和保存的结果不一致。%(what)s：保存的是 %(stored)s，重新计票是 %(found)s。"


def verify(
    reading: Reading,
    *,
    keys: Keyring,
    round_id: str,
    progress: Progress | None = None,
    openings: OpeningsStore | None = None,
) -> int:
    """Recount from the urn and return how many ballots it holds.

    Where the key is not here any more, the kept ``openings`` are held against the urn instead.

    Raises NotCountedYet, KeyDestroyed, TallyDiffers with the first difference, or what opening raises.
    """
    with reading() as session:
        get_tally(session, round_id)
        destruction = find_destruction(session, round_id)
        if destruction is not None and destruction.second_at is not None:
            raise KeyDestroyed(day=day_text(destruction.second_at))
        seal = seal_facts(session, get_round(session, round_id))
    opener = _opener(keys, seal, openings)
    opened = open_urn(reading, opener=opener, seal=seal, progress=progress)
    with reading() as session:
        round, tally = get_round(session, round_id), get_tally(session, round_id)
        tests = compared(session, round_id, opened.aside)
        found = _compare_both(
            session, round_id,
            lambda drawn: reckon(
                session, round, opened.contents, tests=tests, urn_digest=opened.digest,
                at=tally.counted_at, marked=marked_at(tally), drawn=drawn,
            ),
        )  # fmt: skip
        _compare_ballots(stored_contents(session, tally).said, opened.contents.said)
        if tally.channel_digest is not None:
            _compare_channels(stored_channel_votes(session, round_id), channel_votes_of(found))
    return opened.entries


def _opener(keys: Keyring, seal: SealFacts, openings: OpeningsStore | None) -> Opener:
    try:
        return by_key(keys, seal)
    except SealKeyMissing:
        if openings is None or not openings.has(seal.round_id):
            raise
        return by_openings(openings.reading(seal.round_id))


def checked_count(session: Session, round_id: str) -> Counted:
    """Return the stored count with its reasons; raise NotCountedYet, or TallyDiffers if it was touched."""
    return _compare_both(session, round_id, lambda drawn: counted_with(session, round_id, drawn))


def _compare_both(
    session: Session, round_id: str, reckoned: Callable[[bytes | None], Counted]
) -> Counted:
    """Hold the count against what is stored, and the one with the public lot where it was drawn."""
    found = reckoned(None)
    _compare(get_tally(session, round_id), found)
    drawn = find_drawn(session, round_id)
    if drawn is None:
        return found
    covering = first_over(session, round_id, "tally")
    pairs = (
        ("抽签的封存点", drawn.size, covering.size if covering else None),
        ("抽签的封存号", drawn.root.hex(), covering.root.hex() if covering else None),
        ("抽签种子", drawn.seed.hex(), public_seed(drawn.root, drawn.public_number).hex()),
    )
    _compare_pairs(pairs)
    after = reckoned(drawn.seed)
    _compare_outcomes(drawn.outcome, after.answer)
    return after


def _compare(tally: Tally, found: Counted) -> None:
    pairs = (
        ("选票数", tally.ballots, found.ballots),
        ("票箱摘要", tally.urn_digest.hex(), found.urn_digest.hex()),
        ("空白票数", tally.blank, found.judged.blank),
        ("无效票数", tally.invalid, found.judged.invalid),
        ("抽签种子", tally.draw_seed.hex(), found.draw_seed.hex()),
    )
    _compare_pairs(pairs)
    _compare_outcomes(tally.outcome, found.answer)


def _compare_pairs(pairs: Iterable[tuple[str, object, object]]) -> None:
    for what, stored, recounted in pairs:
        if stored != recounted:
            raise TallyDiffers(what=what, stored=stored, found=recounted)


def _compare_outcomes(stored: str, found: str) -> None:
    before, after = json.loads(stored), json.loads(found)
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            raise TallyDiffers(
                what=key, stored=_short(before.get(key)), found=_short(after.get(key))
            )


def _compare_ballots(stored: Mapping[str, int], found: Mapping[str, int]) -> None:
    for text in sorted(stored.keys() | found.keys()):
        if stored.get(text) != found.get(text):
            raise TallyDiffers(
                what=_short(text), stored=stored.get(text, 0), found=found.get(text, 0)
            )


def _compare_channels(stored: list[ChannelVotes], found: list[ChannelVotes]) -> None:
    before, after = (
        {(one.channel, one.id): one.votes for one in cells} for cells in (stored, found)
    )
    for channel, id in sorted(before.keys() | after.keys()):
        votes = (before.get((channel, id)), after.get((channel, id)))
        if votes[0] != votes[1]:
            raise TallyDiffers(
                what=f"{channel} {id}", stored=_short(votes[0]), found=_short(votes[1])
            )


def day_text(moment: datetime) -> str:
    """Return the day of a moment as a sentence says it."""
    day = local_day(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
