from flask.testing import FlaskClient

from tests.api.conftest import BASE
from tests.factories.open_data import Opened
from tests.visiting import visit
from voting.api.views.table import ENDPOINTS


def test_a_frame_on_another_page_shows_the_votes(opened: Opened, client: FlaskClient) -> None:
    address = f"/embed/rounds/{opened.round}/result"
    page = visit(client, address)
    result = client.get(f"{BASE}/rounds/{opened.round}/result").get_json()
    for line in result["projects"]:
        assert f"{line['number']} 号 {line['title']}" in page.text
        assert f"{line['votes']} 票" in page.text
    assert page.text.count("未入选") >= 2
    (table,) = page.all("table")
    assert len(list(table.iter("tr"))) == len(result["projects"]) + 1
    assert page.all("script", "form") == []


def test_only_that_page_may_stand_in_a_frame_and_it_knows_nobody(
    opened: Opened, client: FlaskClient
) -> None:
    client.set_cookie("size", "elder")
    client.set_cookie("session", "nonsense")
    response = client.get(f"/embed/rounds/{opened.round}/result")
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
    assert 'data-size="normal"' in response.get_data(as_text=True)
    for other in (f"/rounds/{opened.round}/result", "/open-data", f"{BASE}/areas", "/"):
        headers = client.get(other).headers
        assert headers["X-Frame-Options"] == "DENY", other
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_before_there_is_a_result_the_frame_says_so(client: FlaskClient) -> None:
    response = client.get("/embed/rounds/nobody/result")
    assert response.status_code == 404
    assert "票决结果尚未公布" in response.get_data(as_text=True)
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]


def test_the_result_page_hands_out_its_figures(opened: Opened, client: FlaskClient) -> None:
    page = visit(client, f"/rounds/{opened.round}/result")
    (snippet,) = page.all("pre")
    frame = (
        f'<iframe src="http://127.0.0.1:8000/embed/rounds/{opened.round}/result" '
        'title="南烟小区2026年第一轮“幸福微实事”票决结果" width="100%" height="640" loading="lazy"></iframe>'
    )
    assert "".join(snippet.itertext()).strip() == frame
    for ending in ("result.csv", "result.xlsx", "result"):
        address = f"{BASE}/rounds/{opened.round}/{ending}"
        assert address in page.links
        assert client.get(address).status_code == 200


def test_the_page_of_open_data_names_every_address(opened: Opened, client: FlaskClient) -> None:
    page = visit(client, "/open-data")
    for endpoint in ENDPOINTS:
        assert f"{BASE}{endpoint.path}" in page.text
        assert endpoint.about in page.text
    for link in page.links:
        if link.startswith("/api/"):
            assert client.get(link).status_code == 200, link


def test_open_data_is_linked_at_the_foot(client: FlaskClient) -> None:
    for address in ("/", "/projects", "/search"):
        assert "/open-data" in visit(client, address).links
