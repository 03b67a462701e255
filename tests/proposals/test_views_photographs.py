import io

import pytest
from PIL import Image
from sqlalchemy import select

from tests.factories.proposals import photograph
from tests.proposals.writing import propose_url, write
from tests.visiting import read, submit
from voting.proposals.models import ProposalPhoto

HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(100)


def upload(content, name="a.jpg"):
    return (io.BytesIO(content), name)


def test_photographs_are_kept_through_a_mistake_and_sent(client, database, app, round_id):
    answer = write(
        client,
        round_id,
        title="",
        photo_1=upload(photograph()),
        photo_2=upload(photograph(colour="navy", kind="PNG"), "b.png"),
    )
    page = read(answer, status=422)
    values = page.form(propose_url(round_id)).values
    assert len(values["kept"]) == 2
    again = submit(client, page, propose_url(round_id), title="楼道里装扶手", act="send")
    assert again.status_code == 303
    with database.reading() as session:
        photos = session.scalars(select(ProposalPhoto).order_by(ProposalPhoto.position)).all()
    assert [photo.position for photo in photos] == [1, 2]
    assert photos[0].digest == values["kept"][0].split("-")[0]
    assert client.get(f"/pictures/{photos[0].digest}.jpg").status_code == 200


def test_a_photograph_can_be_dropped_again(client, round_id):
    page = read(write(client, round_id, photo_1=upload(photograph())))
    edit = read(submit(client, page, propose_url(round_id), act="edit"))
    digest = edit.form(propose_url(round_id)).values["kept"][0].split("-")[0]
    check = read(submit(client, edit, propose_url(round_id), drop=digest, act="check"))
    assert "kept" not in check.form(propose_url(round_id)).values


def test_where_a_photograph_was_taken_is_forgotten(client, app, round_id):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (28.0, 39.0, 30.0)
    page = read(write(client, round_id, photo_1=upload(photograph(exif=exif))))
    digest = page.form(propose_url(round_id)).values["kept"][0].split("-")[0]
    content = app.extensions["voting.files"].get(digest)
    assert b"Exif" not in content


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEIC, "HEIC"),
        (b"hello", "这个文件不是照片"),
        (b"%PDF-1.7", "这个文件不是照片"),
        (photograph()[:900], "没有传完整"),
        (bytes(300_001), "图片太大了"),
    ],
    ids=["heic", "text", "pdf", "broken", "huge"],
)
def test_a_file_that_is_no_photograph_is_refused_beside_it(
    client, round_id, monkeypatch, content, said
):
    monkeypatch.setattr("voting.adapters.pictures.MOST_BYTES", 300_000)
    answer = write(client, round_id, photo_1=upload(photograph()), photo_2=upload(content, "x"))
    page = read(answer, status=422)
    assert said in page.text
    assert len(page.form(propose_url(round_id)).values["kept"]) == 1


def test_three_photographs_fit_where_another_form_may_be_no_larger(client, app, round_id):
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    files = {f"photo_{n}": upload(photograph() + bytes(90_000)) for n in (1, 2, 3)}
    assert write(client, round_id, **files).status_code == 200


def test_a_fourth_photograph_is_refused(client, round_id):
    page = read(
        write(
            client,
            round_id,
            **{f"photo_{n}": upload(photograph(colour=f"#{n}{n}{n}")) for n in (1, 2, 3)},
        )
    )
    edit = read(submit(client, page, propose_url(round_id), act="edit"))
    more = submit(
        client, edit, propose_url(round_id), act="check", photo_1=upload(photograph(colour="red"))
    )
    assert "最多 3 张照片" in read(more, status=422).text


def test_nobody_ties_a_picture_to_a_proposal_by_its_address(client, app, round_id):
    digest = app.extensions["voting.files"].put(photograph())
    for forged in (digest, f"{digest}-{'0' * 32}", "x-y", "", "é"):
        check = read(write(client, round_id, kept=forged))
        assert "kept" not in check.form(propose_url(round_id)).values


def test_a_photograph_belongs_to_its_own_form(client, round_id):
    page = read(write(client, round_id, photo_1=upload(photograph())))
    kept = page.form(propose_url(round_id)).values["kept"]
    other = read(write(client, round_id, kept=kept))
    assert "kept" not in other.form(propose_url(round_id)).values
