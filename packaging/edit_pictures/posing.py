"""Pictures of poses and keys."""

from __future__ import annotations

import numpy as np

from edit_pictures.stage import Stage
from hpe_studio import edit

_STILL = 24


def rotate_joint(stage: Stage) -> None:
    """An arm turned at the shoulder, its rings shown."""
    stage.begin(_STILL, "A", "left_shoulder")
    person = stage.person("A")
    stage.driver.session.view.tool = "rotate"
    stage.bodies(
        "rotate_joint",
        lambda: edit.rotate_joint(
            person, "left_shoulder", np.radians([0, 0, -75]), frame=_STILL
        ),
        "A",
    )


def move_joint(stage: Stage) -> None:
    """A wrist dragged in the picture."""
    stage.begin(_STILL, "A", "left_wrist")
    person = stage.person("A")
    place = edit.joint_place_m(person, "left_wrist", frame=_STILL)
    stage.overlay(
        "move_joint",
        lambda: edit.move_joint(
            person, "left_wrist", place + np.array([0.12, 0.45, 0.0]), frame=_STILL
        ),
        "A",
    )


def move_person(stage: Stage) -> None:
    """A whole body put elsewhere."""
    stage.begin(60, "B")
    person = stage.person("B")
    place = edit.joint_place_m(person, "pelvis", frame=60)
    stage.bodies(
        "move_person",
        lambda: edit.move_person(person, place + np.array([-0.9, 0.0, 0.0]), frame=60),
        "B",
        look_from="front",
        back=4,
    )


def paste_pose(stage: Stage) -> None:
    """One person's pose on another one."""
    stage.begin(60, "B")
    copied = edit.copy_pose(stage.person("A"), frame=60)
    stage.bodies(
        "paste_pose",
        lambda: edit.paste_pose(stage.person("B"), copied, frame=60),
        "B",
    )


def mirror_pose(stage: Stage) -> None:
    """A pose left for right."""
    stage.begin(60, "B")
    person = stage.person("B")
    edit.rotate_joint(person, "left_shoulder", np.radians([0, 0, 75]), frame=60)
    stage.bodies("mirror_pose", lambda: edit.mirror_pose(person, frame=60), "B")


def reset(stage: Stage) -> None:
    """A wrong correction taken back to what was estimated."""
    stage.begin(60, "B")
    person = stage.person("B")
    edit.rotate_joint(person, "left_shoulder", np.radians([0, 60, 80]), frame=60)
    edit.rotate_joint(person, "right_hip", np.radians([-70, 0, 0]), frame=60)
    stage.bodies("reset", lambda: edit.reset(person, frames=(60, 61)), "B")


def _keyed(stage: Stage, *frames: int) -> None:
    """A stretch of the lanes with keys in it."""
    stage.begin(62, "B")
    for frame in frames:
        edit.rotate_joint(
            stage.person("B"), "left_elbow", np.radians([0, -40, 0]), frame=frame
        )
    stage.show_lanes(46, 78)


def insert_key(stage: Stage) -> None:
    """A diamond comes."""
    _keyed(stage, 51)
    stage.widget(
        "insert_key", lambda: edit.insert_key(stage.person("B"), frame=62), stage.lanes
    )


def delete_key(stage: Stage) -> None:
    """A diamond goes."""
    _keyed(stage, 51, 62)
    stage.widget(
        "delete_key", lambda: edit.delete_key(stage.person("B"), frame=62), stage.lanes
    )


def move_key(stage: Stage) -> None:
    """A diamond goes elsewhere."""
    _keyed(stage, 51, 62)
    stage.widget(
        "move_key",
        lambda: edit.move_key(stage.person("B"), frame=62, to=71),
        stage.lanes,
    )


def copy_key(stage: Stage) -> None:
    """A second diamond."""
    _keyed(stage, 51, 62)
    stage.widget(
        "copy_key",
        lambda: edit.move_key(stage.person("B"), frame=62, to=72, copy=True),
        stage.lanes,
    )


def set_blend(stage: Stage) -> None:
    """A key's hill made wide."""
    _keyed(stage, 62)
    stage.widget(
        "set_blend",
        lambda: edit.set_blend(stage.person("B"), frame=62, blend_in=14, blend_out=10),
        stage.lanes,
    )


def mute_keys(stage: Stage) -> None:
    """A key that does not count."""
    _keyed(stage, 51, 62)
    stage.widget(
        "mute_keys",
        lambda: edit.mute_keys(stage.person("B"), frames=(62, 63)),
        stage.lanes,
    )


def solo_key(stage: Stage) -> None:
    """Only one key counts."""
    _keyed(stage, 51, 62, 72)
    stage.widget(
        "solo_key", lambda: edit.solo_key(stage.person("B"), frame=62), stage.lanes
    )


def bake(stage: Stage) -> None:
    """Keys gone into the base."""
    _keyed(stage, 51, 62)
    stage.widget("bake", lambda: edit.bake(stage.person("B")), stage.lanes)


PICTURES = {
    draw.__name__: draw
    for draw in (
        rotate_joint,
        move_joint,
        move_person,
        paste_pose,
        mirror_pose,
        reset,
        insert_key,
        delete_key,
        move_key,
        copy_key,
        set_blend,
        mute_keys,
        solo_key,
        bake,
    )
}
