"""What the program is, what is new in it, and whose work it stands on."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from PySide6.QtCore import Qt

import hpe_studio
from hpe_studio.assets import ASSETS
from hpe_studio.ui import news
from hpe_studio.ui.dialogs.about import AboutDialog
from hpe_studio.ui.licences import licensed_works
from hpe_studio.ui.settings import settings
from tests.driver import StudioDriver


def _dialog(driver: StudioDriver) -> AboutDialog:
    driver.settle()
    shown = [d for d in driver.window.findChildren(AboutDialog) if d.isVisible()]
    assert len(shown) == 1
    return shown[0]


def test_each_menu_entry_shows_its_page(studio: StudioDriver):
    for number, action in enumerate(("about", "whats_new", "licences")):
        studio.window.actions_[action].trigger()
        dialog = _dialog(studio)
        assert dialog.pages.currentIndex() == number
        assert not dialog.isModal()
    studio.press("Esc", _dialog(studio))
    studio.settle()
    assert not [d for d in studio.window.findChildren(AboutDialog) if d.isVisible()]


def test_every_library_has_a_version_and_a_licence():
    works = {work.name.lower().replace("_", "-"): work for work in licensed_works()}
    for line in metadata.requires("hpe-studio") or []:
        if "extra ==" in line:
            continue
        name, version = line.split("==")
        work = works[name.lower()]
        assert work.version == version
    for work in works.values():
        assert work.licence, work.name
        assert work.text, work.name
    assert {asset.label.lower() for asset in ASSETS} <= set(works)
    assert {"inter", "lucide", "open body"} <= set(works)


def test_the_text_of_a_licence_is_shown(studio: StudioDriver):
    studio.window.actions_["licences"].trigger()
    page = _dialog(studio).licences
    (inter,) = page.list.findItems("Inter", Qt.MatchFlag.MatchRecursive)
    page.list.setCurrentItem(inter)
    assert "SIL OPEN FONT LICENSE" in page.text.toPlainText()


def test_what_is_new_is_what_the_changelog_says():
    text = (Path(__file__).parents[2] / "CHANGELOG.md").read_text()
    assert news.changelog().startswith(f"## {hpe_studio.__version__}")
    assert news.changelog() in text


def test_an_update_is_told_once_and_never_on_the_first_start(studio: StudioDriver):
    news.tell_once(studio.window.notices)
    assert studio.toast == ""
    settings().write("news.seen_version", "0.0.9")
    news.tell_once(studio.window.notices)
    assert studio.toast == f"Updated to {hpe_studio.__version__}"
    studio.window.toasts.clear()
    news.tell_once(studio.window.notices)
    assert studio.toast == ""
