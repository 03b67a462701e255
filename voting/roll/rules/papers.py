"""Papers that a worker looks at instead of checking a number: who was seen is noted, no number is."""

from enum import StrEnum


class Paper(StrEnum):
    """What somebody showed who has no number that can be checked."""

    PASSPORT = "passport"
    TRAVEL_PERMIT = "travel_permit"
    HOUSEHOLD_REGISTER = "household_register"
    STUDENT_CARD = "student_card"
    OTHER = "other_paper"


PAPER_NAMES = {
    Paper.PASSPORT: "护照",
    Paper.TRAVEL_PERMIT: "港澳居民来往内地通行证、台湾居民来往大陆通行证",
    Paper.HOUSEHOLD_REGISTER: "户口簿",
    Paper.STUDENT_CARD: "学生证",
    Paper.OTHER: "其他能证明身份的证件",
}
_SHORT = {Paper.TRAVEL_PERMIT: "通行证", Paper.OTHER: "其他证件"}


def seen(paper: Paper) -> str:
    """Return what stands on lists where other people have a masked number."""
    return f"{_SHORT.get(paper, PAPER_NAMES[paper])}（已核对）"
