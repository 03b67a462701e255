"""A candidate leaves the list in the middle of a vote: by card, on paper and assisted, before and after."""

import json
import secrets
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.bundle.checking import ACCEPTED, verdict
from tests.factories.accounts import make_officer
from tests.factories.ballots import keyring, make_cards, make_listed_elector
from tests.factories.bundles import VOTED, count_round, declare, make_voted_round
from tests.factories.casting import cast_card
from tests.factories.paper import make_paper, serials_of
from tests.factories.rounds import CLOSES
from verify_bundle import Verification
from voting.ballots.rules import WithdrawnChoice
from voting.ballots.service import load_paper
from voting.bundle.rules import Sort
from voting.bundle.service import make_bundle
from voting.clock import local_day
from voting.conduct.rules import Given
from voting.conduct.service.withdrawing import ask_withdrawal, confirm_withdrawal
from voting.ledger.service import make_checkpoint
from voting.paper.models import PaperBatch, PaperBundle
from voting.paper.service.assisted_casting import cast_assisted
from voting.paper.service.assisting import confirm_presence, start_assisting
from voting.paper.service.handing import hand_paper
from voting.paper.service.keying import key_paper
from voting.paper.service.reconciling import sign_first, sign_second, standing_sheet
from voting.paper.service.settling import count_bundle, receive_bundle
from voting.permissions import Role
from voting.proposals.service import candidates_of
from voting.results.service import facts_of
from voting.roll.models import Channel
from voting.roll.service import mark_participation
from voting.rounds.rules import Phase
from voting.rounds.service import note_step
from voting.tally.service import OpeningsStore, find_tally

LATER = VOTED + timedelta(hours=3)
SWAPPED = VOTED + timedelta(hours=1)
KEYED = CLOSES + timedelta(minutes=30)
GONE = 2


class Vote:
    """A round that is really frozen, its two officers, and what people do in it."""

    def __init__(self, session, keys):
        self.session, self.keys = session, keys
        # N is 3: three ballots by card before, one of them with nothing but the number that leaves.
        self.round = make_voted_round(
            session, keys, votes=((1, 2), (2,), (2, 3)), publication="full", withdrawn=None, most=3
        )
        self.id = self.round.id
        self.officers = [
            make_officer(session, area=self.round.area, role=role, name=name)
            for role, name in ((Role.STREET_OFFICER, "周强"), (Role.STREET_OFFICER, "吴丽"))
        ]
        self.round.phase = "voting"
        session.flush()

    def by(self, at, now):
        return {"now": now, "actor": self.officers[at].actor, "round_id": self.id}

    def card(self, choices, now):
        """Hand out a card and vote with it."""
        elector = make_listed_elector(self.session, self.id)
        mark_participation(
            self.session, round_id=self.id, elector_id=elector, channel=Channel.CARD_HANDED,
            day=local_day(now),
        )  # fmt: skip
        card = make_cards(self.session, self.keys, self.id, 1)[0]
        cast_card(
            self.session, self.keys, load_paper(self.session, self.id), card,
            nonce=secrets.token_bytes(16), choices=choices, now=now, code=card.check_code,
        )  # fmt: skip

    def help(self, choices, now):
        """Help somebody to vote."""
        elector = make_listed_elector(self.session, self.id)
        start_assisting(self.session, **self.by(0, now), elector_id=elector, place="desk")
        confirm_presence(self.session, **self.by(1, now), elector_id=elector)
        cast_assisted(
            self.session, now=now, actor=self.officers[0].actor,
            paper=load_paper(self.session, self.id), elector_id=elector, nonce=secrets.token_bytes(16),
            choices=choices,
        )  # fmt: skip

    def withdraw(self, number, now):
        """Take a candidate off the list by two officers."""
        listed = candidates_of(self.session, self.id)
        candidate = next(one for one in listed if one.ballot_number == number)
        given = Given(day=local_day(now), person="街道办事处主任办公会")
        asked = ask_withdrawal(
            self.session,
            **self.by(0, now),
            candidate_id=candidate.id,
            reason="地下有燃气管线",
            given=given,
        )
        confirm_withdrawal(self.session, **self.by(1, now), keys=self.keys, withdrawal_id=asked.id)

    def print_and_hand(self, number, now):
        """Print papers and hand so many of them out."""
        self.batch = make_paper(self.session, self.round, number + 1, now=now)
        self.session.execute(
            update(PaperBundle)
            .where(PaperBundle.batch_id == self.batch.id)
            .values(holder_id=self.officers[0].id)
        )
        self.session.get_one(PaperBatch, self.batch.id).ledger_idx = None
        self.session.flush()
        make_checkpoint(self.session, now=now, keys=self.keys, round_id=self.id)
        for _ in range(number):
            elector = make_listed_elector(self.session, self.id)
            hand_paper(
                self.session, now=now, keys=self.keys, round_id=self.id, elector_id=elector,
                holder_id=self.officers[0].id,
            )  # fmt: skip

    def key(self, ticked):
        """Close the vote, let two key the papers, and sign the sheet; return what each came to."""
        note_step(
            self.session, self.round, Phase.COUNTING, at=CLOSES, by="clock", act="round.close_vote"
        )
        self.session.flush()
        came = []
        for serial, ticks in zip(serials_of(self.session, self.batch), ticked, strict=False):
            said: dict[str, Any] = {
                "keys": self.keys,
                "serial": serial,
                "ticks": ticks,
                "blank": not ticks,
            }
            key_paper(self.session, **self.by(0, KEYED), **said)
            came.append(key_paper(self.session, **self.by(1, KEYED), **said).after.value)
        bundle = self.session.scalars(
            select(PaperBundle).where(PaperBundle.batch_id == self.batch.id)
        ).one()
        about: dict[str, Any] = {
            "now": KEYED,
            "round": self.round,
            "batch_id": self.batch.id,
            "number": 1,
        }
        left = bundle.count - bundle.handed
        count_bundle(self.session, **about, actor=self.officers[0].actor, unused=left)
        receive_bundle(self.session, **about, actor=self.officers[1].actor, unused=left)
        seen = standing_sheet(self.session, self.id).digest
        sign_first(self.session, **self.by(0, KEYED), seen=seen, explanation="")
        sign_second(self.session, **self.by(1, KEYED), seen=seen)
        return came


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


def lived_through(session, keys):
    """Let people vote before and after a candidate leaves; return the vote, and what the papers came to."""
    vote = Vote(session, keys)
    vote.print_and_hand(4, VOTED)
    vote.help((2, 4), VOTED)
    vote.withdraw(GONE, SWAPPED)
    with pytest.raises(WithdrawnChoice):
        vote.card((1, GONE), LATER)
    vote.card((1, 3, 5), LATER)
    vote.help((1,), LATER)
    # One paper has N ticks beside the withdrawn one, one more than N besides, one nothing else.
    return vote, vote.key(["1 2 3 4", "1 3 4 5", "2", "6"])


@pytest.mark.usefixtures("any_database")
def test_a_vote_loses_a_candidate_and_every_other_tick_stands(session, keys, tmp_path):
    vote, came = lived_through(session, keys)
    assert came == ["entered", "invalid", "entered", "entered"]
    openings = OpeningsStore(tmp_path / "openings", keys)
    count_round(session, keys, vote.round, openings)
    tally = find_tally(session, vote.id)
    assert tally is not None
    outcome = json.loads(tally.outcome)
    votes = {id: number for id, number in outcome["votes"].items() if number}
    assert votes == {"1": 4, "2": 5, "3": 3, "4": 2, "5": 1, "6": 1}
    assert (outcome["ballots"], outcome["blank"], outcome["invalid"]) == (9, 2, 0)
    two = next(one for one in outcome["projects"] if one["id"] == "2")
    assert (two["place"], two["funded"], two["reason"]) == (None, False, "withdrawn")
    assert "2" not in outcome["funded"]
    assert facts_of(session, vote.id).valid == 7
    declare(session, vote.id)
    for sort in (Sort.PUBLIC, Sort.MONITORS):
        done = verified(session, keys, openings, vote, sort, tmp_path / f"{sort.value}.zip")
        assert verdict(done) == ACCEPTED, done.failure
        assert done.counted == 9


def verified(session, keys, openings, vote, sort, target):
    """Make a bundle and let the independent verifier read it."""
    make_bundle(
        lambda: nullcontext(session), keys=keys, openings=openings, round_id=vote.id, sort=sort,
        target=target,
    )  # fmt: skip
    done = Verification(str(target), head=None, pure=True)
    done.run()
    return done
