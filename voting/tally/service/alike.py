"""After the count: the ballots each officer helped to cast, matched with what came out of the urn."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.paper.models import AssistedBallot
from voting.tally.rules.alike import OfficerAlike, compare_alike
from voting.tally.service.openings import OpeningsStore


def alike_ballots(session: Session, round_id: str, openings: OpeningsStore) -> list[OfficerAlike]:
    """Compare the ballots of each officer's residents with all other assisted ones.

    Raises OpeningsMissing once the key and the openings are destroyed, or OpeningsDamaged.
    """
    mine = select(AssistedBallot.slot, AssistedBallot.first_by)
    rows = session.execute(mine.where(AssistedBallot.round_id == round_id))
    helper = {row.slot: row.first_by for row in rows}
    by_officer: dict[str, list[bytes]] = {}
    if helper:
        for opening in openings.reading(round_id):
            if officer := helper.get(opening.slot):
                by_officer.setdefault(officer, []).append(opening.padded)
    return compare_alike(by_officer)
