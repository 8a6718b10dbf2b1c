"""The headings of folded sections that follow one another, on one line: a click or Alt with the letter opens one beneath."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from jusuo_desktop.ui.flow import Flow
from jusuo_desktop.ui.section_view import SectionView


class FoldLine(QWidget):
    """Takes the headings out of their sections."""

    def __init__(self) -> None:
        super().__init__()
        self._flow = Flow(self)

    def take(self, section: SectionView) -> None:
        """Adds a section's heading at the end."""
        if section.fold is not None:
            section.name_in_line()
            self._flow.addWidget(section.fold)
