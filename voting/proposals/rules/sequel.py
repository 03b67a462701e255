"""What came of a candidate after the vote, as far as anybody may know."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sequel:
    """What the declared result and delivery say of a candidate; what is not public yet is None."""

    votes: int | None = None
    is_funded: bool | None = None
    project_id: str | None = None
    project_word: str = ""
