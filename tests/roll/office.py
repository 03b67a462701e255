"""Two officers who change a frozen roll."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.roll import NOW, person
from voting.adapters.keyring import Keyring
from voting.journal.rules import Actor
from voting.roll.models import Elector, RollChange
from voting.roll.rules.hashing import roll_hash
from voting.roll.rules.papers import Paper
from voting.roll.service import (
    PersonFacts,
    ask_add,
    ask_correct,
    ask_restore,
    ask_strike,
    confirm_change,
    newest_change,
    refuse_change,
)
from voting.rounds.models import Round

FIRST, SECOND = Actor("one", "李敏", ""), Actor("two", "周强", "")
WANG = PersonFacts("王一一", "居住", "3栋502", "13800000000", number=str(person(5)[1]))
BORN = NOW.date().replace(year=1980)
PASSPORT = replace(WANG, name="李二二", number="", paper=Paper.PASSPORT, born=BORN)
WHY = "名册漏了"


class Office:
    """Two officers at one roll."""

    def __init__(self, session: Session, keys: Keyring, round: Round) -> None:
        self.session, self.keys, self.round = session, keys, round

    def add(self, facts: PersonFacts = WANG, now=NOW) -> RollChange:
        return ask_add(
            self.session, now=now, actor=FIRST, keys=self.keys, round_id=self.round.id,
            facts=facts, reason=WHY,
        )  # fmt: skip

    def strike(self, elector_id: str, reason: str = "died") -> RollChange:
        return ask_strike(
            self.session, now=NOW, actor=FIRST, round_id=self.round.id, elector_id=elector_id,
            reason=reason,
        )  # fmt: skip

    def restore(self, elector_id: str) -> RollChange:
        return ask_restore(
            self.session, now=NOW, actor=FIRST, round_id=self.round.id, elector_id=elector_id,
            reason=WHY,
        )  # fmt: skip

    def correct(self, elector_id: str, place: str = "9栋101", phone: str = "") -> RollChange:
        return ask_correct(
            self.session, now=NOW, actor=FIRST, keys=self.keys, round_id=self.round.id,
            elector_id=elector_id, basis="居住", place=place, phone=phone, reason=WHY,
        )  # fmt: skip

    def confirm(self, change: RollChange, actor: Actor = SECOND, now=NOW) -> RollChange:
        return confirm_change(
            self.session, now=now, actor=actor, keys=self.keys, round_id=self.round.id,
            change_id=change.id,
        )  # fmt: skip

    def refuse(self, change: RollChange, actor: Actor = SECOND) -> RollChange:
        return refuse_change(
            self.session, now=NOW, actor=actor, round_id=self.round.id, change_id=change.id
        )

    def elector(self, elector_id: str) -> Elector | None:
        return self.session.get(Elector, (self.round.id, elector_id), populate_existing=True)

    def holds(self) -> bool:
        """Whether the newest change says what the roll is."""
        listed = self.session.execute(
            select(Elector.elector_id, Elector.id_key).where(
                Elector.round_id == self.round.id, Elector.struck_at.is_(None)
            )
        ).all()
        newest = newest_change(self.session, self.round.id)
        assert newest is not None
        digest = roll_hash((row.elector_id, row.id_key) for row in listed)
        return (newest.count, newest.digest) == (len(listed), digest)
