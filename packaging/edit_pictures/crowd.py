"""Pictures of people, tracks and cuts."""

from __future__ import annotations

from edit_pictures.stage import Stage
from hpe_studio import edit
from hpe_studio.core.viewstate import Layers


def _named(stage: Stage, frame: int, selected: str = "") -> None:
    """A frame with names beside people."""
    stage.begin(frame, selected)
    stage.driver.session.view.layers = Layers(frustum=False, thumbnails=False)


def add_person(stage: Stage) -> None:
    """Somebody new in the list."""
    stage.begin(60)
    stage.widget("add_person", lambda: edit.add_person(stage.project), stage.people)


def rename(stage: Stage) -> None:
    """Another name."""
    stage.begin(60, "B")
    stage.widget("rename", lambda: edit.rename(stage.person("B"), "Anna"), stage.people)


def recolour(stage: Stage) -> None:
    """Another colour."""
    stage.begin(60)
    stage.bodies("recolour", lambda: edit.recolour(stage.person("B"), "mint"), "B")


def note(stage: Stage) -> None:
    """What is kept about somebody."""
    stage.begin(60, "B")
    stage.widget(
        "note",
        lambda: edit.note(stage.person("B"), "Grey coat; passes behind the tree"),
        stage.section("notes"),
    )


def lock(stage: Stage) -> None:
    """A closed lock in the list."""
    stage.begin(60, "B")
    stage.widget("lock", lambda: edit.lock(stage.person("B")), stage.people)


def ignore(stage: Stage) -> None:
    """Somebody who does not count."""
    stage.begin(60, "B")
    stage.widget("ignore", lambda: edit.ignore(stage.person("B")), stage.people)


def merge(stage: Stage) -> None:
    """Two people who are one."""
    stage.begin(60)
    person = stage.person("B")
    edit.cut(person, frame=110)
    new = edit.add_person(stage.project)
    edit.give(person, new, frame=130)
    stage.show_lanes(96, 128)
    stage.widget("merge", lambda: edit.merge(person, new), lambda: stage.lanes(150))


def swap(stage: Stage) -> None:
    """Two people told the other way round."""
    _named(stage, 60)
    a, b = stage.person("A"), stage.person("B")
    stage.overlay("swap", lambda: edit.swap(a, b, frames=(40, 80)), "AB", margin=0.1)


def give(stage: Stage) -> None:
    """A stretch that is somebody else's."""
    stage.begin(60)
    person = stage.person("B")
    edit.cut(person, frame=110)
    new = edit.add_person(stage.project)
    stage.show_lanes(96, 128)
    stage.widget(
        "give", lambda: edit.give(person, new, frame=130), lambda: stage.lanes(150)
    )


def cut(stage: Stage) -> None:
    """A track in two."""
    stage.begin(104, "B")
    stage.show_lanes(96, 128)
    stage.widget("cut", lambda: edit.cut(stage.person("B"), frame=110), stage.lanes)


def join(stage: Stage) -> None:
    """Two tracks in one."""
    stage.begin(104, "B")
    edit.cut(stage.person("B"), frame=110)
    stage.show_lanes(96, 128)
    stage.widget("join", lambda: edit.join(stage.person("B"), frame=110), stage.lanes)


def delete(stage: Stage) -> None:
    """Somebody who goes."""
    stage.begin(60)
    stage.widget("delete", lambda: edit.delete(stage.person("B")), stage.people)


def add_cut(stage: Stage) -> None:
    """A new shot."""
    stage.begin(104)
    stage.show_lanes(96, 128)
    stage.widget("add_cut", lambda: edit.add_cut(stage.project, frame=110), stage.lanes)


def move_cut(stage: Stage) -> None:
    """A cut elsewhere."""
    stage.begin(104)
    edit.add_cut(stage.project, frame=110)
    stage.show_lanes(96, 128)
    stage.widget(
        "move_cut", lambda: edit.move_cut(stage.project, frame=110, to=114), stage.lanes
    )


def remove_cut(stage: Stage) -> None:
    """Two shots in one."""
    stage.begin(104)
    edit.add_cut(stage.project, frame=110)
    stage.show_lanes(96, 128)
    stage.widget(
        "remove_cut", lambda: edit.remove_cut(stage.project, frame=110), stage.lanes
    )


def set_dissolve(stage: Stage) -> None:
    """A picture that changes over some frames."""
    stage.begin(104)
    edit.add_cut(stage.project, frame=110)
    stage.show_lanes(96, 128)
    stage.widget(
        "set_dissolve",
        lambda: edit.set_dissolve(stage.project, frame=110, length=6),
        stage.lanes,
    )


PICTURES = {
    draw.__name__: draw
    for draw in (
        add_person,
        rename,
        recolour,
        note,
        lock,
        ignore,
        merge,
        swap,
        give,
        cut,
        join,
        delete,
        add_cut,
        move_cut,
        remove_cut,
        set_dissolve,
    )
}
