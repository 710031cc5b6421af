"""A gesture is answered under the hand at once; all else follows in the next turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent

from hpe_studio.core.viewstate import Selection
from hpe_studio.ui.bridge import Touched
from tests.drive_answers import (
    FRAME,
    PaintWatch,
    begin,
    draw_all_anew,
    end,
    field_of,
    made_ready,
    pull_of,
    region,
    screen,
)
from tests.drive_hands import send_mouse
from tests.driver import StudioDriver

GESTURES = (
    "ring in video",
    "ring in viewport",
    "joint in video",
    "joint in viewport",
    "playhead in lanes",
    "key in lanes",
    "blend in lanes",
    "range in lanes",
    "row in people",
    "number in field",
    "key in curves",
)


@pytest.fixture
def ready(lasting: StudioDriver) -> Iterator[StudioDriver]:
    made_ready(lasting)
    yield lasting
    curves = lasting.workspace.docks["curves"]
    if curves.isVisible():
        lasting.workspace.toggle_dock("curves")
    lasting.settle()


@pytest.mark.parametrize("name", GESTURES)
def test_only_what_is_under_the_hand_answers_first(
    ready: StudioDriver, name: str
) -> None:
    if name == "key in curves":
        ready.workspace.toggle_dock("curves")
        ready.wait_idle()
    pull = pull_of(ready, name)
    focused = field_of(ready) if pull.pane == "field" else pull.widget
    focused.setFocus()  # else its mark is painted too, where it was and where it comes
    ready.wait_idle()
    before, answers = screen(ready), ready.session.bridge.answers
    watch = PaintWatch(ready)
    try:
        begin(pull)
        first = list(watch.painted)
        seen = screen(ready)
        ready.settle()
        later = watch.painted[len(first) :]
    finally:
        watch.stop()
    assert set(first) - {"labels"} == {pull.pane}  # lanes are as high as their labels
    assert ready.session.bridge.answers > answers
    assert region(ready, seen, pull.pane) != region(ready, before, pull.pane)
    assert later or name == "range in lanes"
    end(ready, pull)


@pytest.mark.parametrize("name", GESTURES[:-1])
def test_when_all_has_followed_it_looks_as_if_drawn_anew(
    ready: StudioDriver, name: str
) -> None:
    pull = pull_of(ready, name)
    begin(pull)
    ready.settle()
    if not ready.document.is_editing:
        ready.wait_idle()
    followed = screen(ready)
    draw_all_anew(ready)
    if not ready.document.is_editing:
        ready.wait_idle()
    assert screen(ready) == followed
    end(ready, pull)


@pytest.mark.parametrize("name", ["ring in viewport", "key in lanes"])
def test_a_gesture_taken_back_before_the_next_turn_leaves_nothing(
    ready: StudioDriver, name: str
) -> None:
    pull = pull_of(ready, name)
    ready.wait_idle()
    before = [ready.document.history.undo_label, *ready.document.keys_of(_track(ready))]
    begin(pull)
    end(ready, pull)
    ready.wait_idle()
    after = [ready.document.history.undo_label, *ready.document.keys_of(_track(ready))]
    assert after == before


def test_later_moves_are_painted_together(ready: StudioDriver) -> None:
    pull = pull_of(ready, "playhead in lanes")
    begin(pull)
    ready.settle()
    heard: list[int] = []
    ready.session.bridge.frame_changed.connect(heard.append)
    answers = ready.session.bridge.answers
    x, y = pull.stop or pull.start
    send_mouse(pull.widget, QEvent.Type.MouseMove, (x + 40, y))
    assert heard == [ready.frame]
    assert ready.session.bridge.answers == answers
    ready.session.bridge.frame_changed.disconnect(heard.append)
    end(ready, pull)
    assert ready.frame == FRAME


def test_the_first_picture_of_a_drag_makes_no_room_for_its_ghost(
    ready: StudioDriver,
) -> None:
    scene = ready.viewport._stage.scene
    ready.session.undo()  # the key: nothing differs from the estimate yet
    ready.wait_idle()
    made, moved = scene.mesh_work.made, scene.mesh_work.moved
    pull = pull_of(ready, "ring in viewport")
    send_mouse(pull.widget, QEvent.Type.MouseButtonPress, pull.start)
    ready.settle()
    assert scene.mesh_work.moved == moved  # a press skins nobody, nor a ghost
    assert pull.stop is not None
    send_mouse(pull.widget, QEvent.Type.MouseMove, pull.stop)
    assert scene.mesh_work.made == made
    assert scene._people.ghosts.present
    end(ready, pull)
    ready.wait_idle()
    assert not scene._people.ghosts.present
    assert scene.mesh_work.made == made


def test_who_is_dragged_next_has_a_ghost_of_their_colour(ready: StudioDriver) -> None:
    ghosts = ready.viewport._stage.scene._people.ghosts
    colours = []
    for name in ("Person A", "Person B"):
        person = ready.person(name)
        joint = ready.joint_index(person, "left_elbow")
        ready.session.select(person.id, joint)
        ready.wait_idle()
        pull = pull_of(ready, "ring in viewport")
        begin(pull)
        (share,) = ghosts.present
        colours.append(ghosts._colours[ghosts._slices[share]][0].tolist())
        end(ready, pull)
    assert colours[0] != colours[1]


def _track(driver: StudioDriver) -> int:
    track = driver.session.active_track
    assert track is not None
    return track.id


class _Pane:
    """A pane that only counts."""

    def __init__(self) -> None:
        self.told: list[Touched] = []
        self.painted = 0

    def catch_up(self, touched: Touched) -> None:
        self.told.append(touched)

    def repaint(self) -> None:
        self.painted += 1


def test_what_was_kept_back_is_told_in_order(ready: StudioDriver) -> None:
    view, bridge = ready.session.view, ready.session.bridge
    heard: list[object] = []
    hear = heard.append
    bridge.frame_changed.connect(hear)
    bridge.selection_changed.connect(hear)
    pane, chosen = _Pane(), Selection()
    with bridge.answering(pane):
        view.frame = 3
        view.selection = chosen
    assert (heard, pane.painted) == ([], 1)
    view.frame = 5  # before the next turn
    assert heard == [3, chosen, 5]
    ready.settle()
    assert heard == [3, chosen, 5]
    bridge.frame_changed.disconnect(hear)
    bridge.selection_changed.disconnect(hear)


def test_a_pane_is_left_alone_where_nothing_was_done(ready: StudioDriver) -> None:
    pane, bridge = _Pane(), ready.session.bridge
    answers = bridge.answers
    with bridge.answering(pane):
        pass
    assert (pane.painted, pane.told, bridge.answers) == (0, [], answers)


def test_what_fails_on_the_way_is_still_told(ready: StudioDriver) -> None:
    view, bridge, pane = ready.session.view, ready.session.bridge, _Pane()

    def fail() -> None:
        with bridge.answering(pane):
            view.frame = FRAME + 4
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    ready.wait_idle()
    assert pane.painted == 0
    assert ready.video.shown_frame == FRAME + 4


def test_the_pane_that_answered_is_not_drawn_twice(ready: StudioDriver) -> None:
    pull = pull_of(ready, "ring in viewport")
    heard: list[Touched] = []
    ready.session.bridge.document_changed.connect(heard.append)
    begin(pull)
    watch = PaintWatch(ready)
    ready.settle()
    watch.stop()
    assert [touched.shown_by for touched in heard] == [ready.viewport]
    assert "video" in watch.painted
    ready.session.bridge.document_changed.disconnect(heard.append)
    end(ready, pull)
    assert field_of(ready).isVisible()
