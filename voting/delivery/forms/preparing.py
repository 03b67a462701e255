"""Who answers for a project, and its milestones, as the desk sends them."""

from voting.delivery.rules.facts import (
    MEASURE_MOST,
    MILESTONE_MOST,
    MOST_COUNTED,
    NAME_MOST,
    REASON_MOST,
    TARGET_MOST,
    UNIT_MOST,
    MilestoneFacts,
    Responsibility,
)
from voting.reading import read_whole
from voting.web.fields import day, key, number, text
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_


class ResponsibilityForm(RefusingForm):
    """Who answers for a project, what it is to reach, and what can be counted before and after."""

    target = text(
        lazy_("目标"),
        TARGET_MOST,
        hint=lazy_("写得能数出来，例如：停车位从 120 个增加到 141 个。"),
        area=True,
    )
    unit = text(lazy_("责任单位"), UNIT_MOST)
    person = text(lazy_("责任人"), NAME_MOST, hint=lazy_("居民看得到，写单位里负责的人。"))
    leader = text(lazy_("领办人"), NAME_MOST, hint=lazy_("领办这个项目的领导，居民看得到。"))
    contractor = text(lazy_("承建（服务）单位"), UNIT_MOST)
    measure = text(lazy_("对比指标"), MEASURE_MOST, hint=lazy_("数什么，例如：停车位（个）。"))
    measure_before = number(lazy_("施工前的数字"), 0, MOST_COUNTED)
    measure_after = number(lazy_("完工后的数字"), 0, MOST_COUNTED, hint=lazy_("完工后再填。"))

    def facts(self) -> Responsibility:
        """Return what was entered."""
        before, after = self.measure_before.data, self.measure_after.data
        return Responsibility(
            target=self.target.data or "",
            unit=self.unit.data or "",
            person=self.person.data or "",
            leader=self.leader.data or "",
            contractor=self.contractor.data or "",
            measure=self.measure.data or "",
            measure_before=read_whole(before) if before else None,
            measure_after=read_whole(after) if after else None,
        )


class _MilestoneFields(RefusingForm):
    """What is known of a milestone."""

    title = text(
        lazy_("节点"),
        MILESTONE_MOST,
        required=lazy_("请填节点，例如：材料进场。"),
        hint=lazy_("到这一步要做成什么，例如：材料进场。"),
    )
    person = text(lazy_("责任人"), NAME_MOST, required=lazy_("请填谁负责。"))
    planned_on = day(lazy_("计划完成"), required=lazy_("请填计划哪天完成。"))

    def facts(self) -> MilestoneFacts:
        """Return what was entered."""
        assert self.planned_on.data is not None  # noqa: S101 -- its validator has asked for it
        return MilestoneFacts(
            self.title.data or "", self.person.data or "", self.planned_on.data
        )  # fmt: skip


class MilestoneForm(_MilestoneFields):
    """A milestone to be added."""

    key = key()


class MilestoneChangeForm(_MilestoneFields):
    """A milestone to be changed, and why."""

    done_on = day(lazy_("实际完成"), hint=lazy_("还没完成就不填。"))
    reason = text(
        lazy_("改的理由"),
        REASON_MOST,
        required=lazy_("请写明为什么改，会记进操作记录。"),
        area=True,
    )


class DoneForm(RefusingForm):
    """The day on which a milestone was reached."""

    done_on = day(lazy_("实际完成"), required=lazy_("请填哪天完成的。"))
