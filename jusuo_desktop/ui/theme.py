"""How everything looks: one palette, one style sheet, a Chinese font on every machine. Calm, dense, dark ink on light paper."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton

RESOURCES: Final = Path(__file__).parents[2] / "resources"
FONTS: Final = RESOURCES / "fonts"
ICONS: Final = (RESOURCES / "icons").as_posix()

INK: Final = "#1c2733"
QUIET: Final = "#5d6b79"
PAPER: Final = "#ffffff"
DESK: Final = "#f2f4f6"
LINE: Final = "#d3dae1"
STRIPE: Final = "#f7f9fb"
ACCENT: Final = "#1f4e8c"
ACCENT_SOFT: Final = "#e3ecf7"
RAIL: Final = "#21344b"
RAIL_ON: Final = "#33507a"
RAIL_INK: Final = "#e8eef5"
AMBER: Final = "#fff3d1"
AMBER_LINE: Final = "#e0b440"
AMBER_INK: Final = "#6b4c00"
RED: Final = "#b3261e"
RED_SOFT: Final = "#fdeceb"
GREEN: Final = "#2b7a4b"
GREEN_SOFT: Final = "#dff3e6"

WISHED: Final = ("Microsoft YaHei UI", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "WenQuanYi Micro Hei")
POINTS: Final = 10.5
"""小四's little brother: 14 pixels at 96 dpi, which people past fifty read all day."""

SCALE: Final = "window/scale"
SCALES: Final = ("1.0", "1.1", "1.25", "1.4", "1.5")
"""Of everything in the window; app.main hands it to Qt when the program starts."""

SHEET: Final = f"""
QWidget {{ color: {INK}; }}
QMainWindow, QDialog, QStackedWidget, QScrollArea, QScrollArea > QWidget > QWidget {{ background: {DESK}; }}
QLabel[kind="heading"] {{ font-size: 17px; font-weight: 600; }}
QLabel[kind="section"] {{ font-weight: 600; color: {ACCENT}; }}
QLabel[kind="hint"] {{ color: {QUIET}; }}
QLabel[kind="problem"] {{ color: {RED}; }}
QLabel[kind="doubt"] {{ color: {AMBER_INK}; }}
QLabel[kind="good"] {{ color: {GREEN}; }}
QFrame[kind="card"] {{ background: {PAPER}; border: 1px solid {LINE}; border-radius: 4px; }}
QFrame[kind="bar"] {{ background: {AMBER}; border: 0; border-bottom: 1px solid {AMBER_LINE}; }}
QFrame[kind="bar"] QLabel {{ color: {AMBER_INK}; }}
QFrame[kind="line"] {{ background: {LINE}; border: 0; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit {{
  background: {PAPER}; border: 1px solid {LINE}; border-radius: 3px; padding: 2px 5px;
  selection-background-color: {ACCENT}; selection-color: white; }}
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit {{ min-height: 22px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus {{ border: 1px solid {ACCENT}; }}
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QComboBox[problem="true"] {{ border: 1px solid {RED}; background: {RED_SOFT}; }}
QLineEdit[problem="doubt"], QPlainTextEdit[problem="doubt"] {{ border: 1px solid {AMBER_LINE}; }}
QComboBox {{ padding-right: 20px; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: 0; width: 20px; subcontrol-origin: padding; subcontrol-position: center right; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url({ICONS}/down.svg); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ border: 1px solid {LINE}; background: {PAPER}; selection-background-color: {ACCENT_SOFT}; selection-color: {INK}; }}
QSpinBox, QDoubleSpinBox {{ padding-right: 20px; }}
QSpinBox::up-button, QSpinBox::down-button,
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{ border: 0; width: 18px; subcontrol-origin: padding; }}
QSpinBox::up-button, QDoubleSpinBox::up-button {{ subcontrol-position: top right; }}
QSpinBox::down-button, QDoubleSpinBox::down-button {{ subcontrol-position: bottom right; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url({ICONS}/up.svg); width: 10px; height: 10px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ image: url({ICONS}/down.svg); width: 10px; height: 10px; }}
QLineEdit:read-only, QPlainTextEdit:read-only, QLineEdit:disabled, QComboBox:disabled {{ background: {DESK}; color: {QUIET}; }}
QPushButton {{ background: {PAPER}; border: 1px solid {LINE}; border-radius: 3px; padding: 4px 12px; min-height: 20px; }}
QPushButton:hover {{ border-color: {ACCENT}; }}
QPushButton:focus {{ border: 1px solid {ACCENT}; }}
QPushButton:pressed {{ background: {ACCENT_SOFT}; }}
QPushButton:disabled {{ color: #9aa5b0; background: {DESK}; }}
QPushButton[kind="primary"] {{ background: {ACCENT}; border-color: {ACCENT}; color: white; }}
QPushButton[kind="primary"]:hover {{ background: #28609f; }}
QPushButton[kind="primary"]:disabled {{ background: #a9bbd2; border-color: #a9bbd2; color: white; }}
QPushButton[kind="flat"] {{ background: transparent; border: 0; color: {ACCENT}; padding: 3px 6px; text-align: left; }}
QPushButton[kind="flat"][tight="true"] {{ padding: 3px; }}
QPushButton[kind="flat"]:hover {{ text-decoration: underline; }}
QPushButton[kind="chip"] {{ background: transparent; border: 1px solid {LINE}; border-radius: 9px; color: {QUIET};
  padding: 0px 9px; min-height: 18px; }}
QPushButton[kind="chip"]:hover, QPushButton[kind="chip"]:focus {{ border-color: {ACCENT}; }}
QPushButton[kind="chip"][standing="good"] {{ color: {GREEN}; }}
QPushButton[kind="chip"][standing="bad"] {{ color: {RED}; border-color: {RED}; background: {RED_SOFT}; }}
QPushButton[kind="menu"] {{ padding: 3px 24px 3px 8px; text-align: left; background-image: none; }}
QPushButton[kind="menu"]::menu-indicator {{ image: url({ICONS}/down.svg); subcontrol-position: center right; right: 7px; width: 12px; height: 12px; }}
QPushButton[kind="menu"][chosen="true"] {{ background: {ACCENT_SOFT}; border-color: {ACCENT}; color: {ACCENT}; }}
QPushButton[kind="rail"] {{ background: transparent; border: 0; border-radius: 0; border-left: 3px solid transparent; color: {RAIL_INK};
  padding: 9px 10px 9px 13px; text-align: left; }}
QPushButton[kind="rail"]:hover {{ background: #2a4160; }}
QPushButton[kind="rail"]:checked {{ background: {RAIL_ON}; border-left: 3px solid #7fb0ee; color: white; font-weight: 600; }}
QPushButton[kind="rail"]:focus {{ border-left: 3px solid #7fb0ee; }}
QFrame[kind="rail"] {{ background: {RAIL}; }}
QFrame[kind="rail"] QLabel {{ color: #9fb3c8; }}
QFrame[kind="top"], QFrame[kind="status"] {{ background: {PAPER}; border: 0; }}
QFrame[kind="top"] {{ border-bottom: 1px solid {LINE}; }}
QFrame[kind="status"] {{ border-top: 1px solid {LINE}; }}
QFrame[kind="popup"] {{ background: {PAPER}; border: 1px solid {ACCENT}; border-radius: 3px; }}
QLabel[kind="mark"] {{ background: {AMBER}; color: {AMBER_INK}; border: 1px solid {AMBER_LINE}; border-radius: 3px; padding: 1px 8px; }}
QMenu {{ background: {PAPER}; border: 1px solid {LINE}; padding: 4px; }}
QMenu::item {{ padding: 4px 24px 4px 24px; }}
QMenu::item:selected {{ background: {ACCENT_SOFT}; }}
QTableView, QTreeView, QListView {{
  background: {PAPER}; alternate-background-color: {STRIPE}; border: 1px solid {LINE}; gridline-color: {LINE};
  selection-background-color: {ACCENT_SOFT}; selection-color: {INK}; outline: 0; }}
QHeaderView {{ background: {DESK}; }}
QHeaderView::up-arrow {{ image: url({ICONS}/up.svg); width: 11px; height: 11px; }}
QHeaderView::down-arrow {{ image: url({ICONS}/down.svg); width: 11px; height: 11px; }}
QHeaderView::section {{ background: {DESK}; border: 0; border-right: 1px solid {LINE}; border-bottom: 1px solid {LINE}; padding: 4px 6px; }}
QTabBar::tab {{ background: transparent; border: 0; padding: 5px 12px; color: {QUIET}; }}
QTabBar::tab:selected {{ color: {ACCENT}; border-bottom: 2px solid {ACCENT}; }}
QTabWidget::pane {{ border: 1px solid {LINE}; background: {PAPER}; }}
QStatusBar {{ background: {PAPER}; border-top: 1px solid {LINE}; }}
QStatusBar::item {{ border: 0; }}
QProgressBar {{ background: {DESK}; border: 1px solid {LINE}; border-radius: 3px; text-align: center; height: 16px; }}
QProgressBar::chunk {{ background: {ACCENT}; }}
QToolTip {{ background: {INK}; color: white; border: 0; padding: 4px; }}
QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; }}
QScrollBar::handle:vertical {{ background: #c3ccd5; border-radius: 4px; min-height: 32px; margin: 1px; }}
QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: #c3ccd5; border-radius: 4px; min-width: 32px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
"""


def apply(app: QApplication, scale: float = 1.0) -> None:
    """Gives the application its font, palette and style sheet. `scale` enlarges all writing (1.0 to 1.5)."""
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setFont(_font(scale))
    app.setPalette(_palette())
    app.setStyleSheet(SHEET)


def _font(scale: float) -> QFont:
    present = set(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))
    family = next((name for name in WISHED if name in present), "")
    if not family:
        shipped = QFontDatabase.addApplicationFont(str(FONTS / "NotoSansSC-Regular.ttf"))
        QFontDatabase.addApplicationFont(str(FONTS / "NotoSansSC-Bold.ttf"))
        family = QFontDatabase.applicationFontFamilies(shipped)[0]
    QFontDatabase.addApplicationFont(str(FONTS / "SongPlane2.ttf"))  # rare names: Qt takes it where the first font has no glyph
    font = QFont(family)
    font.setPointSizeF(POINTS * scale)
    return font


def _palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for one, colour in {
        role.Window: DESK, role.WindowText: INK, role.Base: PAPER, role.AlternateBase: STRIPE, role.Text: INK, role.Button: PAPER,
        role.ButtonText: INK, role.Highlight: ACCENT, role.HighlightedText: PAPER, role.PlaceholderText: "#93a0ad", role.Link: ACCENT,
    }.items():  # fmt: skip
        palette.setColor(one, QColor(colour))
    return palette


def label(text: str, kind: str = "") -> QLabel:
    """A label; kinds: heading, section, hint, problem, doubt, good."""
    made = QLabel(text)
    if kind:
        made.setProperty("kind", kind)
    return made


def heading(text: str) -> QLabel:
    """A page's heading."""
    return label(text, "heading")


def hint(text: str) -> QLabel:
    """A quiet remark that wraps."""
    made = label(text, "hint")
    made.setWordWrap(True)
    return made


def button(text: str, *, primary: bool = False, flat: bool = False) -> QPushButton:
    """A button that Enter presses when it has the focus."""
    made = QPushButton(text)
    made.setAutoDefault(True)
    if primary or flat:
        made.setProperty("kind", "primary" if primary else "flat")
    return made


def card() -> QFrame:
    """A white sheet with a fine border, to group what belongs together."""
    made = QFrame()
    made.setProperty("kind", "card")
    return made
