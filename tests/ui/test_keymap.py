"""Keys: profiles, changes, conflicts, key files, other keyboards, live change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from hpe_studio.core.errors import StudioError
from hpe_studio.ui.actions import ACTIONS
from hpe_studio.ui.keys import (
    PROFILES,
    Keymap,
    caps,
    chord,
    conflicts,
    profile,
    read_key_file,
)
from hpe_studio.ui.settings import Settings
from tests.driver import StudioDriver

from .layouts import LAYOUTS, is_typable

IDS = [spec.id for spec in ACTIONS]


@pytest.fixture
def keymap(tmp_path: Path) -> Keymap:
    return Keymap(ACTIONS, Settings(tmp_path / "settings.ini"))


@pytest.fixture
def opened(lasting: StudioDriver) -> Iterator[StudioDriver]:
    """The window, its keys put back afterwards."""
    yield lasting
    keymap = lasting.window.actions_.keymap
    keymap.profile = PROFILES[0]
    keymap.reset()


def keys_in(profile_id: str) -> dict[str, tuple[str, ...]]:
    usual = {spec.id: spec.keys for spec in ACTIONS}
    return {**usual, **profile(profile_id).keys}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_default_action_has_a_key_that_can_be_typed(layout: str) -> None:
    lacking = [
        spec.id
        for spec in ACTIONS
        if spec.keys and not any(is_typable(keys, layout) for keys in spec.keys)
    ]
    assert lacking == []


def test_the_layouts_know_what_is_hard_to_type() -> None:
    assert is_typable("[", "US")
    for layout in ("German", "Spanish", "French"):
        for keys in ("[", "]", "\\", "`"):
            assert not is_typable(keys, layout), (layout, keys)
        assert is_typable("Shift+F8", layout)


@pytest.mark.parametrize("profile_id", PROFILES)
def test_profiles_name_actions_that_exist_and_have_no_conflicts(
    profile_id: str,
) -> None:
    found = profile(profile_id)
    assert found.warnings == ()
    assert found.name
    assert set(found.keys) <= set(IDS)
    assert conflicts(ACTIONS, keys_in(profile_id)) == ()


def test_default_keys_are_written_as_they_are_stored() -> None:
    for spec in ACTIONS:
        for keys in spec.keys:
            assert chord(keys) == keys, spec.id


def test_caps_of_keys() -> None:
    assert caps("Ctrl+Shift+Z") == ("Ctrl", "Shift", "Z")
    assert caps("Ctrl++") == ("Ctrl", "+")
    assert caps("Left") == ("←",)
    assert caps("") == ()


@pytest.mark.parametrize("text", ["", "Ctrl", "Ctrl+K, Ctrl+C", "nonsense+", "Shift"])
def test_what_is_no_single_key_is_refused(text: str) -> None:
    assert chord(text) == ""


def test_a_change_outlives_the_program_and_a_reset_ends_it(tmp_path: Path) -> None:
    store = Settings(tmp_path / "settings.ini")
    keymap = Keymap(ACTIONS, store)
    heard: list[int] = []
    keymap.changed.connect(lambda: heard.append(1))
    keymap.set_keys("loop", ["Ctrl+L"])
    assert heard == [1]
    again = Keymap(ACTIONS, Settings(tmp_path / "settings.ini"))
    assert again.keys_of("loop") == ("Ctrl+L",)
    keymap.reset("loop")
    assert keymap.keys_of("loop") == ("\\", "F9")
    assert keymap.changes == {}


def test_giving_a_key_takes_it_from_the_other_action(keymap: Keymap) -> None:
    keymap.give_key("export", "Ctrl+Z")
    assert keymap.keys_of("export") == ("Ctrl+Z",)
    assert keymap.keys_of("undo") == ()
    assert keymap.conflicts() == ()
    keymap.give_key("redo", "F12", is_twin=True)
    assert keymap.keys_of("redo") == ("Ctrl+Shift+Z", "Ctrl+Y", "F12")


def test_changes_stand_over_every_profile(keymap: Keymap) -> None:
    keymap.set_keys("insert_key", ["F12"])
    keymap.profile = "editor"
    assert keymap.keys_of("insert_key") == ("F12",)
    assert keymap.keys_of("range_in") == ("I",)
    keymap.reset()
    assert keymap.keys_of("insert_key") == ("Alt+K",)


def test_conflicts_say_where_two_actions_meet(keymap: Keymap) -> None:
    keymap.set_keys("play_forward", ["J"])
    keymap.set_keys("export", ["Ctrl+O"])
    keymap.set_keys("next_region", ["V"])
    keymap.set_keys("about", ["Tab"])
    keymap.set_keys("flip_focus", [])
    keymap.set_keys("preferences", ["Space"])
    keymap.set_keys("play", ["F12"])
    found = {c.keys: (c.where, set(c.actions)) for c in keymap.conflicts()}
    assert found == {
        "J": ("viewers", {"play_back", "play_forward"}),
        "Ctrl+O": ("window", {"open", "export"}),
        "V": ("viewers", {"tool_select", "next_region"}),
        "Tab": ("fields", {"about"}),
        "Space": ("fields", {"preferences"}),
    }


def test_an_exported_file_brings_all_keys_elsewhere(
    keymap: Keymap, tmp_path: Path
) -> None:
    keymap.profile = "blender"
    keymap.set_keys("export", ["Ctrl+Shift+E"])
    path = tmp_path / "mine.json"
    keymap.export(path)
    other = Keymap(ACTIONS, Settings(tmp_path / "other.ini"))
    other.import_file(path)
    assert other.every() == keymap.every()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b'"keys"',
        b'{"keys": []}',
        b'{"keys": 3}',
        b"[" * 5000,
        b'{"keys": {}}' + b" " * 300_000,
        json.dumps({"keys": {str(i): [] for i in range(3000)}}).encode(),
    ],
)
def test_files_that_are_no_key_files_change_nothing(
    keymap: Keymap, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "hostile.json"
    path.write_bytes(content)
    before = keymap.every()
    with pytest.raises(StudioError, match=r"hostile\.json"):
        keymap.import_file(path)
    assert keymap.every() == before


def test_what_a_file_has_too_much_is_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    table = {
        "undo": ["Ctrl+U", "rubbish+", 7, "Ctrl+K, Ctrl+B"],
        "fly": ["F"],
        "redo": "Ctrl+Y",
        "loop": [],
    }
    path.write_text(json.dumps({"name": 7, "keys": table}))
    found = read_key_file(path, IDS)
    assert found.keys == {"undo": ("Ctrl+U",), "loop": ()}
    assert found.name == ""
    assert any("fly" in told for told in found.warnings)
    assert any("redo" in told for told in found.warnings)


def test_damaged_settings_count_as_never_chosen(tmp_path: Path) -> None:
    store = Settings(tmp_path / "settings.ini")
    store.write("keys.profile", "emacs")
    store.write("keys.changes", {"undo": "Ctrl+U", "fly": ["F"], "redo": [None]})
    keymap = Keymap(ACTIONS, store)
    assert keymap.profile == "studio"
    assert keymap.keys_of("undo") == ("Ctrl+Z",)


def test_a_changed_key_acts_and_shows_at_once(opened: StudioDriver) -> None:
    keymap = opened.window.actions_.keymap
    button = opened.button("loop")
    was = opened.session.playback.is_looping
    keymap.set_keys("loop", ["Shift+R"])
    keymap.set_keys("before", ["F12"])
    opened.settle()
    caps_shown = {w.text() for w in opened.workspace.transport.findChildren(QLabel)}
    assert "F12" in caps_shown
    action = opened.window.actions_["loop"]
    assert action.shortcut().toString() == "Shift+R"
    assert "Shift" in button.toolTip()
    opened.press("F9", opened.video)
    assert opened.session.playback.is_looping is was
    opened.press("Shift+R", opened.video)
    assert opened.session.playback.is_looping is not was


def test_a_profile_changes_all_keys_at_once(opened: StudioDriver) -> None:
    opened.window.actions_.keymap.profile = "annotator"
    opened.press("F", opened.video)
    assert opened.frame == 1
    opened.press("D", opened.video)
    assert opened.frame == 0


def test_an_action_that_is_off_says_why(opened: StudioDriver) -> None:
    actions = opened.window.actions_
    assert actions.why_off("mirror_pose") == "needs a selected person"
    assert "needs a selected person" in actions["mirror_pose"].toolTip()
    opened.click_row("Person A")
    assert actions.why_off("mirror_pose") == ""
    assert "needs" not in actions["mirror_pose"].toolTip()


def test_every_condition_of_the_table_exists() -> None:
    from hpe_studio.ui.commands.conditions import CONDITIONS

    assert {spec.when for spec in ACTIONS} <= {"always", *CONDITIONS}


def test_k_held_with_j_and_l_steps_single_frames(opened: StudioDriver) -> None:
    opened.session.view.frame = 10
    video = opened.video
    video.setFocus()
    QTest.keyPress(video, Qt.Key.Key_K)
    for key in (Qt.Key.Key_L, Qt.Key.Key_L, Qt.Key.Key_J):
        QTest.keyClick(video, key)
    opened.settle()
    assert opened.frame == 11
    assert opened.session.playback.direction == 0
    QTest.keyRelease(video, Qt.Key.Key_K)
    QTest.keyClick(video, Qt.Key.Key_L)
    assert opened.session.playback.direction == 1
    QTest.keyClick(video, Qt.Key.Key_L)
    assert opened.session.playback.speed == 2.0
    QTest.keyClick(video, Qt.Key.Key_L)
    assert opened.session.playback.speed == 4.0
