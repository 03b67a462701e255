"""Where the demo takes place and who works there. Streets and communities are real; people, telephone numbers
and the estates called 院, 苑 are not.

朝阳小区社区 lies in 朝阳洲街道, 站南巷社区 in 南站街道, 河畔社区 in 桃花街道 (桃花镇 before); which community
an estate belongs to was arranged for the demo. No real telephone number begins with 0 after its area code, so
nobody can be called by these.
"""

from dataclasses import dataclass

from voting.permissions import Role

DISTRICT = "南昌市西湖区"
HELP_NUMBER = "0791-00001000"
ADMINISTRATOR, ADMINISTRATOR_NAME = "admin", "管理员（演示）"


@dataclass(frozen=True)
class Place:
    """An area below the district; ``level`` is the code of its level."""

    name: str
    level: str
    inside: str
    help_number: str = ""
    former_name: str = ""


PLACES = (
    Place("朝阳洲街道", "street", DISTRICT, "0791-00001100"),
    Place("朝阳小区社区", "community", "朝阳洲街道", "0791-00001110"),
    Place("南烟小区", "estate", "朝阳小区社区"),
    Place("朝阳小区", "estate", "朝阳小区社区"),
    Place("江西木材厂家属院", "estate", "朝阳小区社区"),
    Place("南站街道", "street", DISTRICT, "0791-00001200"),
    Place("站南巷社区", "community", "南站街道", "0791-00001210"),
    Place("站南巷东院", "estate", "站南巷社区"),
    Place("站南巷西院", "estate", "站南巷社区"),
    Place("站南巷南院", "estate", "站南巷社区"),
    Place("站南巷北院", "estate", "站南巷社区"),
    Place("桃花街道", "street", DISTRICT, "0791-00001300", former_name="桃花镇"),
    Place("河畔社区", "community", "桃花街道", "0791-00001310"),
    Place("河畔东苑", "estate", "河畔社区"),
    Place("河畔西苑", "estate", "河畔社区"),
    Place("河畔南苑", "estate", "河畔社区"),
    Place("河畔北苑", "estate", "河畔社区"),
    Place("河畔新苑", "estate", "河畔社区"),
)


@dataclass(frozen=True)
class Desk:
    """An officer by the name they sign in with."""

    sign_in_name: str
    name: str
    role: Role
    area: str


DESKS = (
    Desk("worker", "社区工作者（演示）", Role.COMMUNITY_WORKER, "朝阳小区社区"),
    Desk("secretary", "社区书记（演示）", Role.COMMUNITY_SECRETARY, "朝阳小区社区"),
    Desk("street", "街道工作人员甲（演示）", Role.STREET_OFFICER, "朝阳洲街道"),
    Desk("street2", "街道工作人员乙（演示）", Role.STREET_OFFICER, "朝阳洲街道"),
    Desk("worker2", "站南巷社区工作者（演示）", Role.COMMUNITY_WORKER, "站南巷社区"),
    Desk("secretary2", "站南巷社区书记（演示）", Role.COMMUNITY_SECRETARY, "站南巷社区"),
    Desk("street3", "南站街道工作人员（演示）", Role.STREET_OFFICER, "南站街道"),
    Desk("worker3", "河畔社区工作者（演示）", Role.COMMUNITY_WORKER, "河畔社区"),
    Desk("secretary3", "河畔社区书记（演示）", Role.COMMUNITY_SECRETARY, "河畔社区"),
    Desk("street4", "桃花街道工作人员甲（演示）", Role.STREET_OFFICER, "桃花街道"),
    Desk("street5", "桃花街道工作人员乙（演示）", Role.STREET_OFFICER, "桃花街道"),
    Desk("observer", "区级观察员（演示）", Role.DISTRICT_OBSERVER, DISTRICT),
    Desk("auditor", "审计员（演示）", Role.AUDITOR, DISTRICT),
)


@dataclass(frozen=True)
class Office:
    """Who runs a round, by sign-in names, and where residents find the community."""

    worker: str
    secretary: str
    street: str
    name: str
    help_number: str
    address: str = "社区服务大厅一楼"
    contact: str = "社区服务台"


CHAOYANG = Office("worker", "secretary", "street", "朝阳小区社区居委会", "0791-00001110")
ZHANNAN = Office("worker2", "secretary2", "street3", "站南巷社区居委会", "0791-00001210")
HEPAN = Office("worker3", "secretary3", "street4", "河畔社区居委会", "0791-00001310")
