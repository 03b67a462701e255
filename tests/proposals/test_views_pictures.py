import pytest


@pytest.mark.parametrize("digest", ["0" * 64, "x", "Z" * 64, "..%2f..%2fapp"])
def test_a_picture_nobody_stored_is_not_found(client, digest):
    assert client.get(f"/pictures/{digest}.jpg").status_code == 404


def test_a_paper_is_not_served_as_a_picture(app, client):
    digest = app.extensions["voting.files"].put(b"%PDF-1.7 secret")
    assert client.get(f"/pictures/{digest}.jpg").status_code == 404
