"""What the desk sends when it screens a proposal, decides an appeal, or puts proposals together."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, Optional

from voting.proposals.models import Candidate
from voting.proposals.rules import REASON_MOST, ProposalState
from voting.proposals.rules.screening import (
    ANSWER_NAMES,
    NEGATIVE_LIST,
    NOTE_MOST,
    OFFICE_MOST,
    OUTCOME_NAMES,
    QUESTION_NAMES,
    QUESTIONS,
    SUGGESTED_REASONS,
    Answer,
    Answers,
    OutcomeMissing,
    Verdict,
)
from voting.proposals.service import Target
from voting.web.fields import text, ticks
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_KINDS = ("candidate", "proposal")


def _question(name: str) -> RadioField:
    return RadioField(
        QUESTIONS[name],
        choices=[SelectChoice(answer.value, words) for answer, words in ANSWER_NAMES.items()],
        validators=[Optional()],
    )


def _note(name: str) -> Any:
    return text(lazy_("%(question)s：备注", question=QUESTION_NAMES[name]), NOTE_MOST)


class _VerdictForm(RefusingForm):
    """An outcome with the reason the proposer reads."""

    outcome = RadioField(
        lazy_("结论"), choices=[], validators=[DataRequired(lazy_("请选择结论。"))]
    )
    suggestion = SelectField(
        lazy_("常用理由"), choices=[], default="", validators=[Optional()],
        description=lazy_("选一句，或者在下面自己写；两处都写的，按自己写的发给建议人。"),
    )  # fmt: skip
    reason = text(
        lazy_("理由"),
        REASON_MOST,
        area=True,
        hint=lazy_("建议人会看到，请写平常的话，不写别人的姓名。"),
    )
    passed_to = text(lazy_("转给哪个单位"), OFFICE_MOST, hint=lazy_("选“转办”时填。"))
    target = SelectField(
        lazy_("合并到"), choices=[], default="", validators=[Optional()],
        description=lazy_("选“合并”时填。可以是候选项目，也可以是已经通过初审的建议。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Call the reason by no 选填: the service wants one, picked or written."""
        super().__init__(*args, **kwargs)
        self.reason.flags.required = True

    def offer(self, outcomes: Sequence[ProposalState], targets: Sequence[Target]) -> None:
        """Offer what may be decided now."""
        self.outcome.choices = [
            SelectChoice(outcome.value, OUTCOME_NAMES[outcome]) for outcome in outcomes
        ]
        self.suggestion.choices = [
            SelectChoice("", lazy_("自己写")),
            *(
                SelectChoice(reason, f"{OUTCOME_NAMES[outcome]}：{reason}")
                for outcome in outcomes
                for reason in SUGGESTED_REASONS[outcome]
            ),
        ]
        self.target.choices = [
            SelectChoice("", lazy_("请选择")),
            *(
                SelectChoice(
                    one.key,
                    (lazy_("候选项目：%(title)s", title=one.title))
                    if one.is_candidate
                    else lazy_("建议：%(title)s", title=one.title),
                )
                for one in targets
            ),
        ]

    @property
    def why(self) -> str:
        """The reason: what was written, or else what was picked."""
        return self.reason.data or self.suggestion.data or ""

    def verdict(self) -> Verdict:
        """Return what was decided."""
        if not self.outcome.data:
            raise OutcomeMissing
        kind, _, id = (self.target.data or "").partition(":")
        outcome = ProposalState(self.outcome.data)
        is_merged = outcome is ProposalState.MERGED
        return Verdict(
            outcome=outcome,
            reason=self.why,
            passed_to=self.passed_to.data or "" if outcome is ProposalState.PASSED_ON else "",
            candidate_id=id if is_merged and kind == _KINDS[0] else None,
            proposal_id=id if is_merged and kind == _KINDS[1] else None,
        )


class ScreenForm(_VerdictForm):
    """The four questions, and one of five outcomes."""

    legal = _question("legal")
    negative = ticks(
        lazy_("负面清单：属于哪一条，就勾哪一条"),
        choices=[SelectChoice(name, words) for name, words in NEGATIVE_LIST.items()],
        strange=lazy_("请只勾选列出来的。"),
    )
    note_legal = _note("legal")
    feasible = _question("feasible")
    note_feasible = _note("feasible")
    beneficial = _question("beneficial")
    note_beneficial = _note("beneficial")
    affordable = _question("affordable")
    note_affordable = _note("affordable")

    def answers(self) -> Answers:
        """Return what was answered."""
        given = {name: Answer(self[name].data) if self[name].data else None for name in QUESTIONS}
        return Answers(
            **given,
            negative=tuple(self.negative.data or ()),
            notes={name: self[f"note_{name}"].data or "" for name in QUESTIONS},
        )


class AppealForm(_VerdictForm):
    """What another officer at the street decides about an appeal."""

    upheld = RadioField(
        lazy_("复核结果"),
        choices=[
            SelectChoice("yes", lazy_("改变原来的结论")),
            SelectChoice("no", lazy_("维持原来的结论")),
        ],
        validators=[DataRequired(lazy_("请选择复核结果。"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for an outcome only where the appeal is upheld."""
        super().__init__(*args, **kwargs)
        self.outcome.label.text = lazy_("新的结论（改变原来结论的才选）")
        self.outcome.validators = [Optional()]

    @property
    def is_upheld(self) -> bool:
        """Whether the first decision gives way."""
        return bool(self.upheld.data == "yes")


class JoinForm(RefusingForm):
    """Proposals are put into a candidate that is there already."""

    candidate = SelectField(
        lazy_("加到哪个候选项目"), choices=[],
        validators=[DataRequired(lazy_("请选择候选项目。"))],
    )  # fmt: skip
    reason = text(
        lazy_("合并的理由"), REASON_MOST, required=lazy_("请写理由，建议人会看到。"),
        hint=lazy_("例如：说的是同一件事，合在一起办。"),
    )  # fmt: skip

    def offer(self, candidates: Sequence[Candidate]) -> None:
        """Offer the candidates that are still open."""
        self.candidate.choices = [
            SelectChoice("", lazy_("请选择")),
            *(SelectChoice(one.id, one.title) for one in candidates),
        ]


class SplitForm(RefusingForm):
    """Why a proposal leaves a candidate."""

    reason = text(
        lazy_("拆开的理由"), REASON_MOST, required=lazy_("请写理由，建议人会看到。"),
        hint=lazy_("例如：看了现场，是两处不同的地方，要分开办。"),
    )  # fmt: skip
