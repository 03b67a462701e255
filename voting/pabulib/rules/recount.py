"""What a file states about itself, compared with a recount of its own ballots."""

from collections.abc import Iterator, Mapping

from voting.pabulib.rules.figures import equals
from voting.pabulib.rules.remarks import Doubt, Remark, capped, remark
from voting.tally.rules.balance import decimal_text
from voting.tally.rules.counting import Ballot, BallotKind, ballot_count, scores


def _number(doubt: Doubt, stated: str | None, counted: int) -> Iterator[Remark]:
    if stated and not equals(stated, counted, 0):
        yield remark(doubt, stated=stated, counted=counted)


def _column(
    doubt: Doubt,
    stated: Mapping[str, str],
    counted: Mapping[str, int],
    decimals: int,
) -> Iterator[Remark]:
    for project, text in stated.items():
        number = counted[project]
        if text and not equals(text, number, decimals):
            yield remark(
                doubt, project=project, stated=text, counted=decimal_text(number, decimals)
            )


def differences(
    meta: Mapping[str, str],
    projects: Mapping[str, Mapping[str, str]],
    ballots: Mapping[Ballot, int],
    kind: BallotKind,
    point_decimals: int,
) -> list[Remark]:
    """Return a remark for everything stated that the recount does not confirm.

    ``projects`` holds the cells of each row of PROJECTS under its id.
    """
    named = scores(ballots, projects, BallotKind.APPROVAL)
    scored = scores(ballots, projects, kind)
    votes = {project: cells.get("votes", "") for project, cells in projects.items()}
    points = {project: cells.get("score", "") for project, cells in projects.items()}
    return [
        *_number(Doubt.NUM_PROJECTS, meta.get("num_projects"), len(projects)),
        *_number(Doubt.NUM_VOTES, meta.get("num_votes"), ballot_count(ballots)),
        *capped(_column(Doubt.VOTES, votes, named, 0), Doubt.MORE_VOTES),
        *capped(_column(Doubt.SCORE, points, scored, point_decimals), Doubt.MORE_SCORES),
    ]
