"""The list of people, shots and cameras: mouse, keys, search, drag and drop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from hpe_studio.core.clip import Shot
from hpe_studio.core.edit import Edit
from hpe_studio.core.person import Person
from hpe_studio.core.track import Source, Track
from hpe_studio.core.viewstate import Selection
from hpe_studio.edits import people
from tests.drive_panels import choose, double_click, drop, menu_at, middle_of
from tests.driver import StudioDriver
from tests.work import calls_of

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    """The window with the project of two people and a third without tracks."""
    with lasting.document.edit("Add person") as edit:
        people.add_person(edit, lasting.document)
    lasting.workspace.outliner.close_search()
    lasting.tree.collapseAll()
    for group in range(3):
        lasting.tree.expand(lasting.tree.index_of("group", group))
    lasting.settle()
    return lasting


def _names(driver: StudioDriver) -> list[str]:
    """What is listed below people and shots, closed rows left out."""
    tree, rows = driver.tree, driver.tree.rows
    found = []
    index = rows.index(0, 0)
    while index.isValid():
        found.append(str(index.data()))
        index = tree.indexBelow(index)
    return found


def _editor(driver: StudioDriver) -> QLineEdit | None:
    """The line a name is typed into; closed ones go with the next event loop."""
    editors = driver.tree.findChildren(QLineEdit)
    return next((line for line in editors if line.isVisible()), None)


def _persons(driver: StudioDriver, *letters: str) -> tuple[int, ...]:
    return tuple(driver.person(f"Person {letter}").id for letter in letters)


def test_people_shots_and_cameras_are_listed(opened: StudioDriver) -> None:
    people_and_shots = ["People", "Person A", "Person B", "Person C"]
    people_and_shots += ["Shots", "Shot 1", "Shot 2", "Cameras"]
    assert _names(opened)[:-1] == people_and_shots


def test_a_person_opens_to_estimate_and_tracks(opened: StudioDriver) -> None:
    (a,) = _persons(opened, "A")
    rect = opened.row_rect("person", a)
    opened.click(opened.tree.viewport(), rect.left(), rect.center().y())
    listed = _names(opened)
    assert listed[2:5] == ["Estimate", "0000–0024", "0025–0039"]
    opened.press("Left", opened.tree)
    opened.click(opened.tree.viewport(), rect.left(), rect.center().y())
    assert _names(opened)[2] == "Person B"


@pytest.mark.parametrize(
    ("clicks", "expected"),
    [
        ([("A", None), ("C", _SHIFT)], "ABC"),
        ([("A", None), ("C", _CTRL)], "AC"),
        ([("A", None), ("C", _SHIFT), ("B", _CTRL)], "AC"),
    ],
)
def test_several_are_selected_everywhere(
    opened: StudioDriver, clicks: list[tuple[str, object]], expected: str
) -> None:
    for letter, held in clicks:
        modifiers = Qt.KeyboardModifier.NoModifier if held is None else held
        opened.click_row(f"Person {letter}", modifiers=modifiers)
    assert set(opened.session.view.selection.persons) == set(
        _persons(opened, *expected)
    )


def test_what_is_selected_elsewhere_is_selected_here_and_seen(
    opened: StudioDriver,
) -> None:
    def write(edit: Edit) -> None:
        for _ in range(60):
            people.add_person(edit, opened.document)

    opened.session.perform("Add people", write)
    opened.settle()
    last = opened.session.persons[-1]
    opened.session.select(last.id)
    opened.settle()
    index = opened.tree.index_of("person", last.id)
    assert opened.tree.selectionModel().isSelected(index)
    seen = opened.tree.viewport().rect()
    assert seen.contains(opened.tree.visualRect(index).center())


def test_keys_are_counted(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    opened.scrub_to(5)
    opened.focus_video()
    opened.press("Shift+I")
    (a,) = _persons(opened, "A")
    node = opened.tree.rows.tree.find("person", a)
    assert node is not None
    assert node.key_count == 1


@pytest.mark.parametrize("how", ["click", "key"])
def test_eye_and_lock_of_a_selected_person_act_on_all_selected(
    opened: StudioDriver, how: str
) -> None:
    ids = set(_persons(opened, "A", "B"))
    opened.click_row("Person A")
    opened.click_row("Person B", modifiers=_CTRL)
    steps = opened.document.history.position
    if how == "click":
        opened.click_row("Person A", 2)
        opened.click_row("Person A", 1)
    else:
        opened.press("Space", opened.tree)
        opened.press("Ctrl+L", opened.tree)
    assert opened.session.view.layers.hidden_persons == ids
    assert {p.id for p in opened.session.persons if p.locked} == ids
    assert opened.menu_text("undo") == "Undo lock 2 people"
    assert opened.document.history.position == steps + 1
    opened.press("Alt+H", opened.tree)
    opened.press("Ctrl+L", opened.tree)
    assert opened.session.view.layers.hidden_persons == frozenset()
    assert not any(p.locked for p in opened.session.persons)


def test_an_eye_of_somebody_else_acts_on_that_one(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    opened.click_row("Person C", 2)
    assert opened.session.view.layers.hidden_persons == set(_persons(opened, "C"))


def test_all_selected_people_are_deleted_in_one_step(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    opened.click_row("Person C", modifiers=_SHIFT)
    opened.press("Del", opened.tree)
    assert opened.session.persons == ()
    assert opened.toast == "3 people deleted"
    assert opened.menu_text("undo") == "Undo delete 3 people"
    opened.press("Ctrl+Z")
    assert len(opened.session.persons) == 3


def test_one_locked_person_keeps_all_from_being_deleted(opened: StudioDriver) -> None:
    opened.click_row("Person B", 1)
    opened.click_row("Person A")
    opened.click_row("Person B", modifiers=_CTRL)
    opened.press("Del", opened.tree)
    assert len(opened.session.persons) == 3
    assert "Person B is locked" in opened.toast


def test_the_menu_recolours_all_selected(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    opened.click_row("Person C", modifiers=_SHIFT)
    choose(opened, menu_at(opened, "person", _persons(opened, "B")[0]), "colour_plum")
    assert {p.colour for p in opened.session.persons} == {"plum"}
    opened.press("Ctrl+Z", opened.video)
    assert len({p.colour for p in opened.session.persons}) == 3


def test_the_menu_of_somebody_else_selects_that_one(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    menu = menu_at(opened, "person", _persons(opened, "B")[0])
    menu.close()
    assert opened.session.view.selection.persons == _persons(opened, "B")


def test_names_are_typed_in_place_but_not_of_locked_people(
    opened: StudioDriver,
) -> None:
    opened.rename("Person B", "Lena")
    assert opened.person("Lena")
    opened.click_row("Lena", 1)
    opened.click_row("Lena")
    opened.press("F2", opened.tree)
    assert _editor(opened) is None
    assert "Lena is locked" in opened.toast


def test_a_double_click_types_a_name_and_goes_to_a_shot(opened: StudioDriver) -> None:
    double_click(opened, "person", _persons(opened, "A")[0])
    editor = _editor(opened)
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    opened.settle()
    shots = opened.document.shots
    assert shots is not None
    double_click(opened, "shot", shots[1].id)
    assert opened.frame == 25
    first, last = opened.lanes.axis.seen
    assert first >= 20
    assert last >= 38


def test_a_shot_is_used_by_enter_and_as_range_by_its_menu(
    opened: StudioDriver,
) -> None:
    shots = opened.document.shots
    assert shots is not None
    opened.tree.setFocus()
    opened.tree.setCurrentIndex(opened.tree.index_of("shot", shots[1].id))
    opened.press("Return", opened.tree)
    assert opened.frame == 25
    choose(opened, menu_at(opened, "shot", shots[0].id), "range_of_shot")
    assert opened.session.view.play_range == (0, 25)


def test_typing_goes_to_a_name(opened: StudioDriver) -> None:
    opened.rename("Person C", "Zoe")
    opened.click_row("Person A")
    QTest.keyClicks(opened.tree, "zo")
    opened.settle()
    assert opened.session.active_person == opened.person("Zoe")


def test_search_lists_what_holds_the_text_until_esc(opened: StudioDriver) -> None:
    opened.rename("Person C", "Zoe")
    opened.press("Ctrl+F", opened.tree)
    search = opened.workspace.outliner.search
    assert search.hasFocus()
    QTest.keyClicks(search, "ZO")
    assert _names(opened) == ["People", "Zoe", "Shots"]
    QTest.keyClick(search, Qt.Key.Key_Return)
    opened.settle()
    assert opened.session.active_person == opened.person("Zoe")
    opened.press("Ctrl+F", opened.tree)
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert len(_names(opened)) == 9
    assert not search.isVisible()
    assert opened.tree.hasFocus()


def test_plus_adds_a_person_as_one_step(opened: StudioDriver) -> None:
    button = opened.workspace.outliner.add_button
    opened.click(button, 10, 10)
    menu = opened.app.activePopupWidget()
    choose(opened, menu, "add_person")  # type: ignore[arg-type]
    assert opened.session.active_person == opened.person("Person D")
    assert opened.menu_text("undo") == "Undo add person"


def test_the_eye_of_an_estimate_is_its_ghost(opened: StudioDriver) -> None:
    (a,) = _persons(opened, "A")
    take = next(iter(opened.document.takes))
    opened.tree.expand(opened.tree.index_of("person", a))
    index = opened.tree.index_of("estimate", take, a).siblingAtColumn(2)
    at = opened.tree.visualRect(index).center()
    opened.click(opened.tree.viewport(), at.x(), at.y())
    assert opened.session.view.layers.ghost_persons == {a}
    lock = opened.tree.visualRect(index.siblingAtColumn(1)).center()
    opened.click(opened.tree.viewport(), lock.x(), lock.y())
    assert "never changed" in opened.toast


def test_an_estimate_tells_what_made_it(opened: StudioDriver) -> None:
    (a,) = _persons(opened, "A")
    ((number, take),) = opened.document.takes.items()
    with opened.document.edit("Note") as edit:
        made_by = {"torch": "2.13.0", "romp": "ROMP.pkl sha256 0123456789abcdef"}
        edit.put(replace(take, versions=made_by))
    index = opened.tree.index_of("estimate", number, a)
    told = index.data(Qt.ItemDataRole.ToolTipRole)
    lines = ["test", "torch 2.13.0", "ROMP.pkl sha256 0123456789ab…"]
    assert told.splitlines() == lines


def _track_of(driver: StudioDriver, person: Person, place: int = 0) -> Track:
    return driver.document.tracks_of(person.id)[place]


def _dragged(driver: StudioDriver, track: Track) -> QMimeData:
    driver.tree.expand(driver.tree.index_of("person", track.person_id))
    return driver.tree.rows.mimeData([driver.tree.index_of("track", track.id)])


def test_a_track_dropped_on_a_person_is_given_to_them(opened: StudioDriver) -> None:
    a, c = opened.person("Person A"), opened.person("Person C")
    track = _track_of(opened, a)
    data = _dragged(opened, track)
    assert drop(opened, data, middle_of(opened, "person", c.id))
    assert opened.document.tracks[track.id].person_id == c.id
    assert opened.session.active_person == c
    assert opened.menu_text("undo") == "Undo give track to Person C"
    opened.press("Ctrl+Z", opened.video)
    assert opened.document.tracks[track.id].person_id == a.id


def test_a_track_is_not_given_to_who_has_one_there(opened: StudioDriver) -> None:
    a, b = opened.person("Person A"), opened.person("Person B")
    track = _track_of(opened, a)
    drop(opened, _dragged(opened, track), middle_of(opened, "person", b.id))
    assert opened.document.tracks[track.id].person_id == a.id
    assert "Person B has a track on frame 0 already" in opened.toast


def test_tracks_cannot_be_dropped_on_shots(opened: StudioDriver) -> None:
    shots = opened.document.shots
    assert shots is not None
    data = _dragged(opened, _track_of(opened, opened.person("Person A")))
    assert not drop(opened, data, middle_of(opened, "shot", shots[0].id))


def test_a_track_is_given_by_its_menu_too(opened: StudioDriver) -> None:
    a, c = opened.person("Person A"), opened.person("Person C")
    track = _track_of(opened, a, 1)
    opened.tree.expand(opened.tree.index_of("person", a.id))
    choose(opened, menu_at(opened, "track", track.id), f"give_to_{c.id}")
    assert opened.document.tracks[track.id].person_id == c.id


def test_closed_groups_stay_closed(opened: StudioDriver) -> None:
    group = opened.tree.index_of("group", 1)
    at = opened.tree.visualRect(group).center()
    opened.click(opened.tree.viewport(), at.x(), at.y())
    assert "Shot 1" not in _names(opened)
    opened.session.perform(
        "Add person", lambda edit: people.add_person(edit, opened.document)
    )
    opened.settle()
    assert "Person D" in _names(opened)
    assert "Shot 1" not in _names(opened)
    opened.click(opened.tree.viewport(), at.x(), at.y() + 24)
    assert "Shot 1" in _names(opened)


def test_rows_speak_of_their_state(opened: StudioDriver) -> None:
    opened.click_row("Person A", 1)
    opened.click_row("Person A", 2)
    index = opened.tree.index_of("person", _persons(opened, "A")[0])
    role = Qt.ItemDataRole.AccessibleTextRole
    assert index.data(role) == "Person A, locked, hidden"
    assert index.siblingAtColumn(1).data(role) == "Lock of Person A"


def _fill(edit: Edit, driver: StudioDriver) -> None:
    """500 people and 2,000 shots of no length to speak of."""
    document = driver.document
    for number in range(500):
        person = Person(id=document.new_id(), name=f"Extra {number}", colour="azure")
        edit.put(person)
        track = Track(
            id=document.new_id(),
            person_id=person.id,
            start=0,
            stop=2,
            skeleton="smpl24",
        )
        arrays = {
            "base_rad": np.zeros((2, 24, 3)),
            "base_root_m": np.full((2, 3), np.nan),
            "base_source": np.full((2, 24), Source.MISSING),
        }
        edit.add_track(track, arrays)
    for _ in range(2000):
        edit.put(Shot(id=document.new_id(), start=39, stop=40))


def test_many_people_and_shots_stay_little_work(opened: StudioDriver) -> None:
    opened.session.perform("Fill", lambda edit: _fill(edit, opened))
    opened.settle()
    assert opened.tree.rows.rowCount(opened.tree.index_of("group", 0)) == 503
    extra = opened.session.persons[400]
    resets: list[None] = []
    opened.tree.rows.modelReset.connect(lambda: resets.append(None))
    row_count = len(opened.tree.rows.tree.nodes)
    with opened.document.edit("Rename") as edit:
        edit.put(replace(extra, name="Renamed"))
    assert calls_of(opened.tree._refresh) < 40 * row_count
    opened.settle()
    assert not resets, "the rows stay where only a name differs"

    def select_all() -> None:
        opened.session.view.selection = Selection(
            persons=tuple(p.id for p in opened.session.persons)
        )

    assert calls_of(select_all) < 100 * row_count
