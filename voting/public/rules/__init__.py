"""How rounds stand to a neighbour, and what the public may type into the search."""

from enum import StrEnum

from voting.rounds.rules import Phase

QUESTION_MOST = 40


class Standing(StrEnum):
    """The groups in which rounds are listed, in their order on the page."""

    OPEN = "open"
    COUNTING = "counting"
    COMING = "coming"
    DELIVERING = "delivering"
    OVER = "over"


_PHASES = {
    Standing.OPEN: (Phase.VOTING, Phase.COLLECTING, Phase.PUBLICITY, Phase.OBJECTION),
    Standing.COUNTING: (Phase.COUNTING, Phase.RESULT_REVIEW),
    Standing.COMING: (
        Phase.DRAFT, Phase.PENDING_APPROVAL, Phase.SCREENING, Phase.DELIBERATING, Phase.SHORTLISTED,
        Phase.VOTE_ANNOUNCED, Phase.VOTE_VOID, Phase.PAUSED,
    ),
    Standing.DELIVERING: (Phase.CONFIRMED, Phase.IMPLEMENTING),
    Standing.OVER: (Phase.CLOSED, Phase.ARCHIVED, Phase.TERMINATED),
}  # fmt: skip
STANDING = {phase: standing for standing, phases in _PHASES.items() for phase in phases}

# The result stands: its days of publicity are over.
SETTLED = (Phase.CONFIRMED, Phase.IMPLEMENTING, Phase.CLOSED, Phase.ARCHIVED)


def phases_of(standing: Standing) -> list[str]:
    """Return the codes of the phases that stand so."""
    return [phase.value for phase in _PHASES[standing]]


def tidy_question(typed: str) -> str:
    """Return what was typed without what nobody can see, in single spaces, and not too long."""
    seen = "".join(char if char.isprintable() else " " for char in typed)
    return " ".join(seen.split())[:QUESTION_MOST].strip()
