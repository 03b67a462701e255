"""The readable form of an outcome: one line for each project, with its reason."""

import unicodedata
from fractions import Fraction

from voting.pabulib.rules.election import Election
from voting.pabulib.rules.refusals import shown
from voting.tally.rules.allocation import Outcome, Standing
from voting.tally.rules.balance import decimal_text
from voting.tally.rules.reasons import SENTENCES
from voting.tally.rules.sharing import RhoTie, SharesOutcome, fraction_text
from voting.tally.rules.ties import Tie, TieStep
from voting.web.text import _, lazy_

_STEPS = {
    TieStep.COST: lazy_("费用低者在前"),
    TieStep.VOTES: lazy_("得票多者在前"),
    TieStep.ID: lazy_("按编号先后"),
}


def page_lines(election: Election, outcome: Outcome, rule: str) -> list[str]:
    """Return the lines a terminal shows: the sums, every project, every tie."""
    return _Page(election, outcome).lines(rule)


def _pad(text: str, width: int) -> str:
    taken = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(0, width - taken)


def _order(tie: Tie | RhoTie) -> dict[str, str]:
    return {
        "order": "、".join(shown(candidate) for candidate in tie.candidates),
        "steps": "、".join(dict.fromkeys(str(_STEPS[step]) for step in tie.decided_by)),
    }


class _Page:
    def __init__(self, election: Election, outcome: Outcome) -> None:
        self.election = election
        self.outcome = outcome
        self.names = {project.id: project.name for project in election.projects}

    def money(self, amount: int) -> str:
        return decimal_text(amount, self.election.decimals)

    def votes(self, number: int) -> str:
        return decimal_text(number, self.election.point_decimals)

    def project(self, standing: Standing) -> str:
        values = standing.values(self.money, self.votes)
        safe = {k: shown(v) if isinstance(v, str) else v for k, v in values.items()}
        cells = (
            _pad("-" if standing.place is None else str(standing.place), 5),
            _pad(_("入选") if standing.funded else _("未入选"), 7),
            _pad(shown(standing.id), 14),
            _pad(self.votes(standing.votes), 8),
            _pad(self.money(standing.cost), 14),
            _(SENTENCES[standing.reason], **safe),
            shown(self.names[standing.id]) if self.names[standing.id] else "",
        )
        return " ".join(cells).rstrip()

    def tie(self, tie: Tie) -> str:
        sentence = _("同票（%(votes)s）：%(order)s。%(steps)s。")
        return str(sentence % {"votes": self.votes(tie.votes), **_order(tie)})

    def after(self) -> list[str]:
        if not isinstance(self.outcome, SharesOutcome):
            return [self.tie(tie) for tie in self.outcome.ties]
        sentence = _("同样划算（ρ = %(rho)s）：%(order)s。%(steps)s。")
        ties = []
        for tie in self.outcome.rho_ties:
            rho = self.outcome.rho_text(tie.rho, self.election.decimals)
            ties.append(str(sentence % {"rho": rho, **_order(tie)}))
        return [*ties, self.share(self.outcome)] if self.outcome.share is not None else ties

    def share(self, outcome: SharesOutcome) -> str:
        done, share = outcome.completed, outcome.share or Fraction(0)
        if done is None:
            exact = fraction_text(share, self.election.decimals)
            sentence = _("每张选票的份额是预算除以选票数（%(share)s），不再增加。", share=exact)
        elif done.over is None:
            sentence = _(
                "每张选票的份额从 %(first)s 加到 %(share)s，有票的项目都已入选。",
                first=self.money(int(done.first)),
                share=self.money(int(share)),
            )
        else:
            sentence = _(
                "每张选票的份额从 %(first)s 加到 %(share)s；再加一次，至少要用 %(over)s，超过预算。",
                first=self.money(int(done.first)),
                share=self.money(int(share)),
                over=self.money(done.over),
            )
        return str(sentence)

    def lines(self, rule: str) -> list[str]:
        head = _(
            "规则 %(rule)s，选票 %(ballots)s 张，预算 %(budget)s，用去 %(spent)s，剩余 %(left)s。",
            rule=rule,
            ballots=self.election.ballot_count,
            budget=self.money(self.outcome.budget),
            spent=self.money(self.outcome.spent),
            left=self.money(self.outcome.left),
        )
        titles = ((_("名次"), 5), (_("结果"), 7), (_("编号"), 14), (_("得票"), 8), (_("费用"), 14))
        columns = " ".join([*(_pad(title, width) for title, width in titles), _("理由、名称")])
        projects = [self.project(standing) for standing in self.outcome.standings]
        return [head, columns, *projects, *self.after()]
