"""The pages of the window: one ground page for each part of the rail, and pages laid over it, last one in front."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from jusuo_desktop.ui.page import Page


class PageStack(QStackedWidget):
    """Ground pages are made when first shown, and kept; a part keeps the pages laid over it while another part is in front."""

    front_changed = Signal()

    def __init__(self, makers: Mapping[str, Callable[[], Page]]) -> None:
        super().__init__()
        self._makers = makers
        self._stacks: dict[str, list[Page]] = {name: [] for name in makers}
        self._focus: dict[Page, QWidget] = {}
        self.part = ""

    @property
    def front(self) -> Page | None:
        """The page that is seen."""
        stack = self._stacks.get(self.part)
        return stack[-1] if stack else None

    @property
    def laid_over(self) -> int:
        """How many pages lie over the ground page of this part."""
        return max(len(self._stacks.get(self.part, ())) - 1, 0)

    @property
    def trail(self) -> list[str]:
        """The titles from the ground page to the front."""
        return [page.title for page in self._stacks.get(self.part, ())]

    def pages(self) -> list[Page]:
        """Every page there is, of all parts."""
        return [page for stack in self._stacks.values() for page in stack]

    def ground(self, part: str) -> Page:
        """The ground page of a part."""
        stack = self._stacks[part]
        if not stack:
            made = self._makers[part]()
            self.addWidget(made)
            stack.append(made)
        return stack[0]

    def show_part(self, part: str) -> None:
        """Brings a part to the front, with whatever lies over its ground page."""
        self._remember_focus()
        self.ground(part)
        self.part = part
        self._bring_front()

    def lay_over(self, page: Page) -> None:
        """Lays a page over the one in front, until it is closed."""
        self._remember_focus()
        self._stacks[self.part].append(page)
        self.addWidget(page)
        page.closed.connect(lambda: self.take_away(page))
        self._bring_front()

    def raise_if(self, matches: Callable[[Page], bool]) -> bool:
        """Brings the page to the front for which `matches` holds, with its part; False when there is none.

        Pages that lay over it stay open beneath: nothing that is typed goes away.
        """
        for part, stack in self._stacks.items():
            for page in stack[1:]:
                if matches(page):
                    self._remember_focus()
                    stack.remove(page)
                    stack.append(page)
                    self.part = part
                    self._bring_front()
                    return True
        return False

    def back(self) -> bool:
        """Closes the page in front if it lies over another and may close."""
        page = self.front
        if page is None or not self.laid_over or not page.may_close():
            return False
        self.take_away(page)
        return True

    def take_away(self, page: Page) -> None:
        """Removes a page that was closed; what lay beneath comes to the front."""
        was_front = page is self.front
        for stack in self._stacks.values():
            if page in stack:
                stack.remove(page)
                self._focus.pop(page, None)
                self.removeWidget(page)
                page.deleteLater()
                break
        else:
            return
        if was_front:
            self._bring_front()
        else:
            self.front_changed.emit()

    def _remember_focus(self) -> None:
        page, focus = self.front, self.focusWidget()
        if page is not None and focus is not None and page.isAncestorOf(focus):
            self._focus[page] = focus

    def _bring_front(self) -> None:
        page = self.front
        if page is None:
            return
        self.setCurrentWidget(page)
        page.shown()
        known = self._focus.pop(page, None)
        if known is not None and not known.isVisibleTo(page):
            known = None
        target = known or page.first_field()
        (target or page).setFocus()
        self.front_changed.emit()
