"""Text as it stands in files: Chinese of every plane, punctuation, Latin, digits, newlines."""

from __future__ import annotations

from typing import Final

from fontTools.ttLib import TTFont
from hypothesis import strategies as st

from jusuo_desktop.printing.fonts import FOLDER


def _points(stem: str) -> set[int]:
    with TTFont(FOLDER / f"{stem}.ttf", lazy=True) as font:
        return set(font.getBestCmap())


SONG: Final = _points("NotoSerifSC-Regular")
PLANE_2: Final = sorted(chr(p) for p in _points("SongPlane2") if p > 0xFFFF)
COMMON: Final = [chr(p) for p in range(0x4E00, 0xA000) if p in SONG]
EXTENSION_A: Final = [chr(p) for p in range(0x3400, 0x4DC0) if p in SONG]
PUNCTUATION: Final = list("，。、；：？！“”‘’（）《》〈〉【】〔〕…—·％")
LATIN: Final = list("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;/()%+")

CHARACTERS: Final = st.one_of(
    st.sampled_from(COMMON),
    st.sampled_from(COMMON),
    st.sampled_from(PUNCTUATION),
    st.sampled_from(LATIN),
    st.sampled_from(EXTENSION_A),
    st.sampled_from(PLANE_2),
    st.sampled_from([" ", "\n"]),
)
SENTENCES: Final = st.text(CHARACTERS, min_size=1, max_size=160)
NAMES: Final = st.text(st.one_of(st.sampled_from(COMMON), st.sampled_from(PLANE_2), st.sampled_from(EXTENSION_A)), min_size=1, max_size=8)
