"""A round is planned with five answers, and the street approves it."""

from datetime import date

from tests.journeys.founding import Team, follow_round

STARTS, OPENS, CLOSES = date(2026, 10, 12), date(2026, 11, 23), date(2026, 11, 29)


def plan_a_round(team: Team) -> None:
    worker = team.worker
    worker.look("desk-of-a-worker")
    worker.press("轮次", within="nav.side")
    worker.press("新建轮次")
    worker.look("new-round-where")
    worker.fill(area="南烟小区")
    worker.press("下一步")
    worker.press("建立草稿")
    worker.look("new-round-with-errors")
    worker.fill(budget="20", opens_day=str(OPENS), help_number="0791-86543210")
    for name in ("李梅", "陈志远", "周敏", "吴强"):
        worker.part.get_by_label(name).check()
    worker.press("重新计算")
    worker.look("new-round-days")
    worker.open_folded()
    worker.fill(
        max_choices="3", office_contact="社区服务台", office_address="站南巷15号社区服务大厅",
        polling_place="社区服务大厅，9:00—17:00",
    )  # fmt: skip
    worker.look("new-round")
    worker.press("建立草稿")
    worker.look("round-draft")
    worker.take("送街道审批")
    team.street.open("/desk")
    team.street.look("desk-of-the-street")
    follow_round(team.street)
    team.street.take("批准，开始征集", "approve")
    team.street.press("时间轴", within="nav.tabs")
    team.street.look("timeline-at-the-desk")
