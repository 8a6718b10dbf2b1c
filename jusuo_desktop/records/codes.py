"""Code lists: fixed sets of codes with the label the clerk sees, read once from resources/codes.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

CODES_FILE = Path(__file__).parents[2] / "resources" / "codes.toml"


@dataclass(frozen=True)
class CodeList:
    """One list: `codes` are (code, label) pairs in the order in which they are offered."""

    name: str
    label: str
    source: str
    codes: tuple[tuple[str, str], ...]
    synonyms: Mapping[str, str]
    """Further wordings that ledgers use, to the code they mean."""

    @cached_property
    def labels(self) -> dict[str, str]:
        """Label by code."""
        return dict(self.codes)

    @cached_property
    def by_label(self) -> dict[str, str]:
        """Code by label."""
        return {label: code for code, label in self.codes}

    def label_of(self, code: str) -> str:
        """The label, or the bare code where a newer version of the list wrote one that this one does not know."""
        return self.labels.get(code, code)


@cache
def _all() -> dict[str, CodeList]:
    with CODES_FILE.open("rb") as file:
        table = tomllib.load(file)
    return {
        name: CodeList(
            name,
            str(entry["label"]),
            str(entry["source"]),
            tuple((c, lab) for c, lab in entry["codes"]),
            dict(entry.get("synonyms", {})),
        )
        for name, entry in table.items()
    }


def code_list(name: str) -> CodeList:
    """The list of that name.

    Raises:
        KeyError: no such list; a declaration is wrong.
    """
    return _all()[name]
