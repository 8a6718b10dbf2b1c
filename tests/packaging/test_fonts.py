"""The shipped fonts draw what names need, may be embedded, and carry their licence."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
RARE = "㐂䶮𠅤𬭊𬬻𬭳𫓧𫖯𡐓𣗋"
LICENCES = {
    "NotoSerifSC": "OFL-NotoSerifSC.txt",
    "NotoSansSC": "OFL-NotoSansSC.txt",
    "LXGWWenKai": "OFL-LXGWWenKai.txt",
    "SongPlane2": "OFL-SongPlane2.txt",
}


def points(name: str) -> set[int]:
    with TTFont(FONTS / f"{name}.ttf", lazy=True) as font:
        return set(font.getBestCmap())


@pytest.mark.parametrize("path", sorted(FONTS.glob("*.ttf")), ids=lambda p: p.stem)
def test_a_font_can_be_embedded_and_brings_its_licence(path: Path) -> None:
    with TTFont(path, lazy=True) as font:
        assert "glyf" in font
        assert font["OS/2"].fsType == 0
    licence = (FONTS / LICENCES[path.stem.partition("-")[0]]).read_text(encoding="utf-8")
    assert "Open Font License" in licence or "OPEN FONT LICENSE" in licence


def test_the_song_draws_every_character_of_the_basic_block_and_extension_a() -> None:
    song = points("NotoSerifSC-Regular")
    assert set(range(0x4E00, 0xA000)) <= song
    assert set(range(0x3400, 0x4DC0)) <= song


def test_rare_names_are_drawn_by_the_song_or_its_supplement() -> None:
    assert {ord(c) for c in RARE} <= points("NotoSerifSC-Regular") | points("SongPlane2")
