"""Dresses the application, at the start and whenever another look is chosen."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from hpe_studio.render import theme as themes
from hpe_studio.ui.look.active import worn
from hpe_studio.ui.look.fonts import font, load_fonts, refresh_fonts
from hpe_studio.ui.look.sheet import palette, style_sheet
from hpe_studio.ui.settings import Settings, settings

THEME_CHOICES = (*themes.THEME_NAMES, "system")
_LEAST_PERCENT, _MOST_PERCENT = 100, 150


def apply(app: QApplication, name: str | None = None) -> None:
    """Dress the whole application, also while a project is open.

    From then on it follows the settings "look.theme" ("dark", "light", "contrast" or
    "system") and "look.text_percent" (100 to 150), and the system where that is chosen.

    Args:
        app: The application.
        name: A theme, whatever the settings say; None for the one chosen there.

    Raises:
        KeyError: If there is no such theme.
    """
    _follow(settings())
    theme = themes.theme(name or chosen_theme())
    percent = _chosen_percent()
    if _is_dressed(app) and (theme, percent) == (worn.theme, worn.text_percent):
        return
    worn.theme, worn.text_percent = theme, percent
    if not _is_dressed(app):
        load_fonts()
        app.setStyle("Fusion")
    app.setFont(font("body"))
    app.setPalette(palette())
    app.setStyleSheet(style_sheet())
    refresh_fonts()  # last, for a style sheet puts back what it found
    worn.changed.emit()


def chosen_theme() -> str:
    """The theme that the settings ask for; "system" is resolved."""
    wish = settings().read("look.theme", "dark")
    if wish == "system":
        return _theme_of_system()
    return wish if wish in themes.THEME_NAMES else "dark"


class _Follower(QObject):
    """Dresses anew when a setting or the system's look changes."""

    def on_setting_changed(self, name: str) -> None:
        """Wear what was chosen."""
        if name.startswith("look."):
            self.dress()

    def dress(self, _what: object = None) -> None:
        """Wear what the settings ask for."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply(app)


@cache
def _follower() -> _Follower:
    made = _Follower()
    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.connect(made.dress)
    hints.accessibility().contrastPreferenceChanged.connect(made.dress)
    return made


@cache
def _follow(chosen: Settings) -> None:
    chosen.changed.connect(_follower().on_setting_changed)


def _is_dressed(app: QApplication) -> bool:
    return bool(app.styleSheet())


def _chosen_percent() -> int:
    percent = settings().read("look.text_percent", _LEAST_PERCENT)
    return min(max(percent, _LEAST_PERCENT), _MOST_PERCENT)


def _theme_of_system() -> str:
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return "contrast"
    is_light = hints.colorScheme() == Qt.ColorScheme.Light
    return "light" if is_light else "dark"
