import json

import pytest

from tests.factories.ballots import keyring
from tests.factories.notices import let_print, make_notice
from tests.factories.roll import make_round
from tests.factories.tally import make_real_round
from voting.adapters.storage import FileStore


def run(runner, *words):
    return runner.invoke(args=["notices", *words])


@pytest.fixture
def round_id(database, config):
    let_print(config)
    with database.transaction() as session:
        return make_real_round(session, keyring(config.var)).id


def test_a_paper_is_issued_listed_and_written(runner, round_id, tmp_path):
    issued = json.loads(run(runner, "issue", round_id, "vote", "--json").stdout)
    assert {issued[key] for key in ("kind", "round", "number")} == {"vote", round_id, "2026-0001"}
    assert json.loads(run(runner, "list", "--json").stdout) == [issued]
    assert json.loads(run(runner, "list", round_id, "--json").stdout) == [issued]
    assert json.loads(run(runner, "list", "other", "--json").stdout) == []
    for name in (issued["id"], issued["number"]):
        target = tmp_path / f"{name}.pdf"
        assert run(runner, "pdf", name, str(target)).exit_code == 0
        assert target.read_bytes().startswith(b"%PDF")


def test_issuing_again_answers_the_same_paper(runner, round_id):
    first, second = (run(runner, "issue", round_id, "vote").stdout for _ in range(2))
    assert first == second
    assert first.startswith("2026-0001  关于开展")


def test_the_readable_list_has_a_line_for_each_paper(runner, database):
    with database.transaction() as session:
        make_notice(session)
    assert run(runner, "list").stdout == "2026-0001  result  关于票决结果的公示\n"


def one_line(result, said):
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr


def test_a_kind_nobody_offers_is_refused(runner, round_id):
    one_line(
        run(runner, "issue", round_id, "poem"),
        "没有名为 poem 的文件。可以发布的有：checkpoint、draw、result、vote。",
    )


def test_a_result_is_issued_by_declaring_it_only(runner, round_id):
    one_line(run(runner, "issue", round_id, "result"), "结果还没有审定")


def test_rules_that_may_change_get_no_paper(runner, database):
    with database.transaction() as session:
        draft = make_round(session).id
    one_line(run(runner, "issue", draft, "vote"), "还可能改")


@pytest.mark.parametrize("kind", ["vote", "result"])
def test_an_unknown_round_gets_no_paper(runner, kind):
    one_line(run(runner, "issue", "nonesuch", kind), "没有找到")


@pytest.mark.parametrize("name", ["nonesuch", "2026-0009", "中文"])
def test_an_unknown_paper_is_not_written(runner, tmp_path, name):
    one_line(run(runner, "pdf", name, str(tmp_path / "x.pdf")), "没有找到")
    assert not (tmp_path / "x.pdf").exists()


def test_a_damaged_paper_is_not_written(runner, database, config, tmp_path):
    files = FileStore(config.var / "files")
    digest = files.put(b"%PDF paper")
    files.path(digest).write_bytes(b"%PDF other")
    with database.transaction() as session:
        number = make_notice(session, pdf_digest=digest).number
    one_line(run(runner, "pdf", number, str(tmp_path / "x.pdf")), "丢失或损坏")
    assert not (tmp_path / "x.pdf").exists()


def test_a_place_that_cannot_be_written_is_one_line(runner, database, config, tmp_path):
    digest = FileStore(config.var / "files").put(b"%PDF paper")
    with database.transaction() as session:
        number = make_notice(session, pdf_digest=digest).number
    one_line(run(runner, "pdf", number, str(tmp_path / "no" / "x.pdf")), "写不了文件")


def test_a_paper_that_a_step_leaves_is_not_issued_by_hand(runner, database):
    with database.transaction() as session:
        round_id = make_round(session).id
    one_line(run(runner, "issue", round_id, "call"), "随办理步骤自动生成")
