"""A file while it is being read: the rows of its sections, nothing interpreted beyond their names."""

from dataclasses import dataclass, field

from voting.pabulib.rules import refusals
from voting.pabulib.rules.figures import Figure, figure
from voting.pabulib.rules.pile import Pile
from voting.pabulib.rules.remarks import Doubt, Sightings
from voting.pabulib.rules.sections import Layout, Row, Section


@dataclass
class Draft:
    """What has been read so far; every refusal names the line."""

    layout: Layout = field(default_factory=Layout)
    meta: dict[str, Row] = field(default_factory=dict)
    projects: dict[str, Row] = field(default_factory=dict)
    pile: Pile = field(default_factory=Pile)
    sightings: Sightings = field(default_factory=Sightings)

    def take(self, row: Row) -> None:
        """Add one row."""
        if row.short:
            self.sightings.note(Doubt.SHORT_ROWS, row.line)
        if row.section is Section.META:
            self._take_pair(row)
        elif row.section is Section.PROJECTS:
            self._take_project(row)
        else:
            self.pile.add(row, self.sightings)

    def _take_pair(self, row: Row) -> None:
        key = row.cells["key"].lower()
        if not key:
            raise refusals.MissingCell(row.line, column="key")
        if key in self.meta:
            raise refusals.RepeatedKey(row.line, key=key, first=self.meta[key].line)
        self.meta[key] = row

    def _take_project(self, row: Row) -> None:
        project = row.cells["project_id"]
        if not project:
            raise refusals.EmptyId(row.line)
        if "," in project:
            raise refusals.IdWithComma(row.line, project=project)
        if project in self.projects:
            first = self.projects[project].line
            raise refusals.RepeatedProject(row.line, project=project, first=first)
        self.projects[project] = row

    def text(self, key: str) -> str:
        """Return the value of a META key, empty where there is none."""
        row = self.meta.get(key)
        return row.cells["value"] if row else ""

    def required(self, key: str) -> str:
        """Return the value of a META key without which nothing can be counted."""
        text = self.text(key)
        if not text:
            row = self.meta.get(key)
            line = row.line if row else self.layout.titles[Section.META]
            raise refusals.MissingKey(line, key=key)
        return text

    def line(self, key: str) -> int:
        """Return the line of a META key that is there."""
        return self.meta[key].line

    def figure(self, key: str) -> Figure | None:
        """Return a META key as a number, None where it is missing or empty."""
        text = self.text(key)
        return figure(text, line=self.line(key), column=key) if text else None

    def costs(self) -> dict[str, Figure]:
        """Return the cost of every project."""
        return {
            project: figure(row.cells["cost"], line=row.line, column="cost")
            for project, row in self.projects.items()
        }
