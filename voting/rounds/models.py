"""Rounds, the history of their phases, and the people appointed to them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import false as sa_false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voting.areas.models import Area
from voting.persistence.base import STRICT, Base, new_id
from voting.rounds.rules import PHASE_NAMES, DrawWay, Phase, SecondFactor, phase_at, spending_phrase

_PHASES = ", ".join(f"'{phase}'" for phase in Phase)


class Round(Base):
    """One round of 幸福微实事 in one area.

    Money is whole smallest units (分 for CNY). From ``frozen_at`` on, triggers abort every change but
    those of phase, extension, pause and seal key; ``config`` is then the canonical JSON of the rules and
    ``config_hash`` its SHA-256.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint(f"phase IN ({_PHASES})", name="phase"),
        CheckConstraint("kind IN ('real', 'rehearsal', 'loaded')", name="kind"),
        CheckConstraint("budget > 0", name="budget"),
        CheckConstraint("most_candidates >= 2", name="most_candidates"),
        CheckConstraint("(phase = 'paused') = (phase_before_pause IS NOT NULL)", name="pause"),
        CheckConstraint("opens_at < closes_at", name="voting_time"),
        CheckConstraint("extended_to IS NULL OR extended_to > closes_at", name="extension"),
        CheckConstraint("min_choices >= 0 AND max_choices >= 1", name="choices"),
        CheckConstraint("min_choices <= max_choices", name="choices_order"),
        CheckConstraint(
            "ballot_kind IN ('approval', 'choose-1', 'cumulative', 'ordinal', 'knapsack')",
            name="ballot_kind",
        ),
        CheckConstraint("(ballot_kind = 'knapsack') = (spend_limit IS NOT NULL)", name="knapsack"),
        CheckConstraint("spend_limit > 0 AND spend_limit <= budget", name="spend_limit"),
        CheckConstraint("least_share BETWEEN 0 AND 1000", name="least_share"),
        CheckConstraint("least_turnout BETWEEN 0 AND 1000", name="least_turnout"),
        CheckConstraint(
            "quota_engineering >= 0 AND quota_equipment >= 0 AND quota_service >= 0", name="quotas"
        ),
        CheckConstraint(
            "quota_engineering_money >= 0 AND quota_equipment_money >= 0 AND quota_service_money >= 0",
            name="quotas_of_money",
        ),
        CheckConstraint("draw_way IN ('urn', 'public')", name="draw_way"),
        CheckConstraint("allocation IN ('greedy', 'greedy-stop', 'top-k')", name="allocation"),
        CheckConstraint("(allocation = 'top-k') = (funded_count IS NOT NULL)", name="top_k"),
        CheckConstraint("seal_way IN ('server', 'monitors')", name="seal_way"),
        CheckConstraint("publication IN ('totals', 'full')", name="publication"),
        CheckConstraint("(frozen_at IS NULL) = (config_hash IS NULL)", name="frozen"),
        Index("ix_round_area_id_phase", "area_id", "phase"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[str] = mapped_column(ForeignKey("area.id"))
    title: Mapped[str]
    kind: Mapped[str] = mapped_column(default="real")
    phase: Mapped[str] = mapped_column(default=Phase.DRAFT.value)
    phase_before_pause: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]

    # what is decided, by whom, with how much money
    scope: Mapped[str] = mapped_column(default="")
    budget: Mapped[int]
    currency: Mapped[str] = mapped_column(default="CNY")
    money_decimals: Mapped[int] = mapped_column(default=2)
    min_age: Mapped[int] = mapped_column(default=15)
    birthday_counts: Mapped[bool] = mapped_column(default=True)
    reference_day: Mapped[date]

    limit_engineering: Mapped[int | None]
    limit_equipment: Mapped[int | None]
    limit_service: Mapped[int | None]
    most_candidates: Mapped[int] = mapped_column(default=60, server_default="60")

    # when; the planned days before the vote are not frozen, they only help to keep time
    collecting_from: Mapped[date | None]
    collecting_until: Mapped[date | None]
    screening_until: Mapped[date | None]
    review_until: Mapped[date | None]
    announce_on: Mapped[date | None]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    extended_to: Mapped[datetime | None]
    publicity_days: Mapped[int] = mapped_column(default=5)
    answer_days: Mapped[int] = mapped_column(default=3)
    posting_day_counts: Mapped[bool] = mapped_column(default=False)

    # by which rule
    ballot_kind: Mapped[str] = mapped_column(default="approval")
    min_choices: Mapped[int] = mapped_column(default=1)
    max_choices: Mapped[int]
    max_points: Mapped[int | None]
    allocation: Mapped[str] = mapped_column(default="greedy")
    funded_count: Mapped[int | None]
    least_votes: Mapped[int] = mapped_column(default=0)
    # thousandths: of the valid ballots that a project needs, of the roll that must take part
    least_share: Mapped[int] = mapped_column(default=0, server_default="0")
    least_turnout: Mapped[int] = mapped_column(default=0, server_default="0")
    # at most so many projects of a category, at most so much money for it
    quota_engineering: Mapped[int | None]
    quota_equipment: Mapped[int | None]
    quota_service: Mapped[int | None]
    quota_engineering_money: Mapped[int | None]
    quota_equipment_money: Mapped[int | None]
    quota_service_money: Mapped[int | None]
    # what the projects on a ballot inside a budget may cost together
    spend_limit: Mapped[int | None]
    tie_steps: Mapped[str] = mapped_column(default="beneficiaries,cost,draw")
    # whether the lot follows from the urn alone, or from a public number drawn after the tie was published
    draw_way: Mapped[str] = mapped_column(default="urn", server_default="urn")
    draw_source: Mapped[str] = mapped_column(default="", server_default="")
    # whether the public sees what other rules would have given
    compare_public: Mapped[bool] = mapped_column(default=False, server_default=sa_false())
    check_code: Mapped[bool] = mapped_column(default=True)
    # what is published of the ballots: totals for each project, or every ballot under its slot
    publication: Mapped[str] = mapped_column(default="totals", server_default="totals")
    # by which channels a right may be used, and what proves a person who comes by the poster
    channels: Mapped[str] = mapped_column(
        default="card,paper,assisted", server_default="card,paper,assisted"
    )
    second_factors: Mapped[str] = mapped_column(default="screen", server_default="screen")
    notice_form: Mapped[str] = mapped_column(default="通告")

    # whom to ask
    help_number: Mapped[str]
    office_name: Mapped[str]
    office_address: Mapped[str]
    office_contact: Mapped[str]
    polling_place: Mapped[str] = mapped_column(default="")

    # frozen when the vote is announced
    frozen_at: Mapped[datetime | None]
    config: Mapped[str | None]
    config_hash: Mapped[bytes | None]
    roll_count: Mapped[int | None]
    roll_hash: Mapped[bytes | None]
    hash_alg: Mapped[str] = mapped_column(default="sha256")
    seal_alg: Mapped[str] = mapped_column(default="hpke-x25519-sha256-aes256gcm")
    seal_way: Mapped[str] = mapped_column(default="server")
    seal_public: Mapped[bytes | None]
    ballot_length: Mapped[int | None]

    # the days of publicity in force; a correction lets them begin anew
    publicity_from: Mapped[date | None]
    publicity_to: Mapped[date | None]

    # a vote that was void is repeated by a round of its own, with the same list and the same roll
    repeats_id: Mapped[str | None] = mapped_column(ForeignKey("round.id"), unique=True)
    # whose pepper keys the roll, if it is not the round's own
    roll_source_id: Mapped[str | None] = mapped_column(ForeignKey("round.id"))

    area: Mapped[Area] = relationship(lazy="joined", innerjoin=True)

    @property
    def closing(self) -> datetime:
        """The moment voting ends, extension included."""
        return self.extended_to or self.closes_at

    def offers(self, channel: str) -> bool:
        """Tell whether a right may be used by ``card``, ``poster``, ``paper`` or ``assisted``."""
        return channel in self.channels.split(",")

    @property
    def lot_source(self) -> str:
        """Where the number of a lot in public comes from; empty where the urn gives the lot."""
        return self.draw_source if self.draw_way == DrawWay.PUBLIC else ""

    @property
    def spending(self) -> str:
        """To what a ballot inside a budget keeps, in words; empty where only a number is set."""
        return spending_phrase(self.spend_limit, self.max_choices)

    @property
    def paused_in(self) -> Phase | None:
        """The phase to which a paused round goes back."""
        return Phase(self.phase_before_pause) if self.phase_before_pause else None

    @property
    def roll_key_id(self) -> str:
        """The round whose pepper keys this roll, and in whose name: a vote held again takes the roll over."""
        return self.roll_source_id or self.id

    def proves_by(self, factor: SecondFactor) -> bool:
        """Tell whether something proves who comes by the poster."""
        return factor.value in self.second_factors.split(",")

    def phase_at(self, now: datetime) -> Phase:
        """Return the phase in force at ``now``; collecting ends, voting opens and closes by the clock."""
        stored = Phase(self.phase)
        return phase_at(stored, self.opens_at, self.closing, now, self.collecting_until)

    def phase_name_at(self, now: datetime) -> str:
        """Return the Chinese name of the phase in force."""
        return PHASE_NAMES[self.phase_at(now)]


class RoundOfficer(Base):
    """An officer who runs a round: named in its plan, asked first when something is to be done."""

    __tablename__ = "round_officer"

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), primary_key=True, index=True)


class PhaseChange(Base):
    """One step of a round: which act, from where to where, when, by whom, and why.

    ``day`` and ``person`` say when and by whom the thing itself was done (the day of the meeting, who held
    it), ``file_digest`` names a stored file that shows it. An act that changes no phase (an extension) has
    the same phase before and after.
    """

    __tablename__ = "phase_change"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    before: Mapped[str]
    after: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    act: Mapped[str] = mapped_column(default="", server_default="")
    day: Mapped[date | None]
    person: Mapped[str] = mapped_column(default="", server_default="")
    file_digest: Mapped[str | None]
    file_name: Mapped[str] = mapped_column(default="", server_default="")


class Outage(Base):
    """A time in which nobody could vote though voting was on, and what the street decided about it.

    ``decision`` is ``made_up`` when voting was extended by what was lost, ``kept`` when the end stayed.
    """

    __tablename__ = "outage"
    __table_args__ = (
        UniqueConstraint("round_id", "since"),
        CheckConstraint("until > since", name="time"),
        CheckConstraint("decision IN ('made_up', 'kept')", name="decision"),
        CheckConstraint("(decision IS NULL) = (decided_by IS NULL)", name="decided"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    decision: Mapped[str | None]
    decided_by: Mapped[str | None]


class Appointment(Base):
    """A monitor, teller or supervisor of one round (later: of one project), entered by a printed slip.

    Only the hash of the slip's token is kept. ``person_key`` is a keyed hash of name and telephone, used
    to refuse conflicts: a candidate's proposer never monitors or tells (practice.md §1.2).
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("duty IN ('monitor', 'teller', 'supervisor')", name="duty"),
        UniqueConstraint("slip_hash"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    project_id: Mapped[str | None]
    duty: Mapped[str]
    name: Mapped[str]
    person_key: Mapped[bytes]
    phone_key: Mapped[bytes | None]
    slip_hash: Mapped[bytes]
    appointed_at: Mapped[datetime]
    appointed_by: Mapped[str]
    entered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("appointment.id"))
