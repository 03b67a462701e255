from datetime import datetime

import pytest

from voting.journal.document import act_name, line
from voting.journal.models import JournalEntry
from voting.journal.rules import canonical


def _entry(now: datetime, act: str, **details: object) -> JournalEntry:
    return JournalEntry(
        idx=0,
        at=now,
        actor_id="a",
        actor_name="王芳",
        area_path="",
        act=act,
        object_kind="round",
        object_id="r",
        details=canonical(details),
        prev_hash=b"",
        hash=b"",
    )


@pytest.mark.usefixtures("app")
def test_an_act_without_a_name_is_shown_by_its_code() -> None:
    assert act_name("stage.unheard_of") == "stage.unheard_of"


@pytest.mark.parametrize(
    ("details", "shown"),
    [
        ({"role": "auditor"}, [("角色", "审计员")]),
        ({"count": 12}, [("数量", "12")]),
        ({"changed": ["budget", "title"]}, [("改动", "budget、title")]),
        ({"unheard_of": "x"}, [("unheard_of", "x")]),
        ({"reason": "", "receiver": None}, []),
        ({"batch": "a" * 26, "digest": "0" * 64}, []),
        ({"drafts": 0}, [("起草的轮次", "0")]),
    ],
)
def test_details_are_told_in_words(
    now: datetime, details: dict[str, object], shown: list[tuple[str, str]]
) -> None:
    assert line(_entry(now, "accounts.add", **details)).details == shown


def test_a_step_of_a_round_is_told_once(now: datetime) -> None:
    told = line(_entry(now, "round.approve", before="pending_approval", after="collecting"))
    assert (told.act, told.details) == ("批准轮次，开始征集", [])
    renamed = line(_entry(now, "areas.rename", before="桃花镇", after="桃花街道"))
    assert renamed.details == [("改为", "桃花街道"), ("原来", "桃花镇")]
