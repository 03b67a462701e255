from tests.visiting import submit, visit


def test_one_press_leads_to_the_page_that_issues_the_call_to_the_vote(sit):
    desk = sit()
    page = visit(desk.client, f"{desk.url}/steps/vote-announced")
    answer = submit(desk.client, page, page.url)
    assert (answer.status_code, answer.location) == (303, f"{desk.url}/announcement")
    issuing = visit(desk.client, answer.location)
    assert "发布投票通告？" in issuing.text
    assert "办好了" in issuing.text


def test_a_step_at_the_desk_leaves_its_paper_there(sit):
    desk = sit(phase="draft")
    page = visit(desk.client, f"{desk.url}/steps/pending-approval")
    assert submit(desk.client, page, page.url).status_code == 303
    listed = visit(desk.client, "/desk/notices")
    assert "内2026-0001" in listed.text
    assert "开展轮次的请示" in listed.text
    assert desk.client.get("/notices/内2026-0001").status_code == 404
