"""The roll: a messy spreadsheet is sorted out, and somebody without a number is entered by hand."""

import csv
import io

from tests.factories.roll import person
from tests.journeys.founding import PASSWORD, Team, to_round

PEOPLE = [person(index) for index in range(0, 240, 6)]


def import_the_roll(team: Team) -> None:
    worker = team.worker
    worker.sign_in("limei", PASSWORD)
    to_round(worker, "名册")
    worker.press("导入名册")
    worker.fill(file=messy_file(damaged=True))
    worker.press("上传，下一步：对列")
    worker.look("roll-columns")
    worker.press("列对好了，检查整张表")
    worker.part.get_by_text("只检查了文件").wait_for(timeout=60_000)
    worker.reads("第 11 行", "第 12 行", "证件号码")
    worker.look("roll-checked-with-faults")
    worker.press("改好表格，重新上传")
    worker.fill(file=messy_file(damaged=False))
    worker.press("上传，下一步：对列")
    worker.press("列对好了，检查整张表")
    worker.part.get_by_text("只检查了文件").wait_for(timeout=60_000)
    worker.press(f"导入好的 {len(PEOPLE)} 行")
    worker.part.get_by_text("新列入").first.wait_for(timeout=60_000)
    worker.look("roll-imported")
    enter_by_hand(team)
    to_round(worker, "名册")
    worker.look("roll")


def enter_by_hand(team: Team) -> None:
    worker = team.worker
    to_round(worker, "名册")
    worker.press("导入名册")
    worker.press("补登记一个人")
    worker.press("核对过了，列入名册")
    worker.look("enter-a-person-with-errors")
    worker.fill(
        name="黎阿婆",
        basis="居住",
        place="3栋1单元101",
        shown="household_register",
        born="1938-05-06",
        confirmed=True,
    )
    worker.look("enter-a-person")
    worker.press("核对过了，列入名册")
    worker.reads("黎*")


def messy_file(*, damaged: bool) -> dict[str, object]:
    """Return a table as an old program saves it: other names, another order, a title above, GB18030."""
    rows = [[number, name, basis, place] for name, number, basis, place, *_rest in PEOPLE]
    if damaged:
        rows[8] = ["3.60103E+17", *rows[8][1:]]
        rows[9] = [f"{str(rows[9][0])[:15]}000", *rows[9][1:]]
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["南烟小区居民花名册（2026年11月）"])
    writer.writerow(["身份证号", "居民姓名", "居住/工作/学习", "家庭住址"])
    writer.writerows(rows)
    content = sheet.getvalue().encode("gb18030")
    return {"name": "花名册.csv", "mimeType": "text/csv", "buffer": content}
