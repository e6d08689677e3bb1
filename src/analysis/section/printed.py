"""What a section shows of the printed source itself."""

from __future__ import annotations

from analysis.display import loose, source_tables
from analysis.display.exhibit import Table
from analysis.display.rehearsing import from_print_alone
from analysis.problems import InputError, Problem
from analysis.section.opened import OpenedSection


class PrintedSource(OpenedSection):
    """The calls of a notebook that show what the source prints."""

    @from_print_alone
    def external(self) -> Table:
        """Return the findings of the page that the source quotes from elsewhere."""
        return source_tables.external(self._scene, self.page.sections)

    @from_print_alone
    def lists(self, *sections: str) -> Table:
        """Return the orderings and lists of sections, which no figure can show."""
        return source_tables.lists(self._scene, sections or self.page.sections)

    @from_print_alone
    def findings_table(self) -> Table:
        """Return every finding of the page's sections, each with its anchor and its place."""
        return source_tables.findings(self._scene, self.page.sections)

    @from_print_alone
    def readings(self, indicator: str) -> Table:
        """Return every meaning that the loose words about an indicator can have."""
        self._check_indicators((indicator,))
        return loose.readings(self._scene, indicator)

    @from_print_alone
    def possible_counts(self, smallest_base: int) -> Table:
        """Return every count and base that the printed percentages allow.

        Raises
        ------
        InputError
            The smallest base is not a whole number from 1 to the number that could have answered.
        """
        largest = self._scene.eligible or 0
        if not 1 <= smallest_base <= largest:
            message = f"smallest_base must be a whole number from 1 to {largest}."
            raise InputError(Problem(message, value=smallest_base))
        return source_tables.possible(self._scene, smallest_base)

    @from_print_alone
    def consistency(self) -> Table:
        """Return where the source can be held against itself, and what comes out."""
        return source_tables.consistency(self._scene)

    @from_print_alone
    def loose_words(self) -> Table:
        """Return every meaning of all loose words and bare percentages of the source."""
        return loose.loose_words(self._scene)
