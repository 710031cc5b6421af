"""Pictures of bodies, sizes, floor and lens."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from edit_pictures.stage import Stage
from hpe_studio import edit
from hpe_studio.body import open_body


def set_measure(stage: Stage) -> None:
    """Longer arms."""
    stage.begin(24)
    person = stage.person("A")
    stage.bodies(
        "set_measure",
        lambda: edit.set_measure(person, "arm", 0.54),
        "A",
        look_from="front",
    )


def set_shape(stage: Stage) -> None:
    """Another build by coefficients."""
    stage.begin(24)
    person = stage.person("A")
    stage.bodies(
        "set_shape",
        lambda: edit.set_shape(person, [0.0, 4.0, 3.0]),
        "A",
        look_from="front",
    )


def take_median_shape(stage: Stage) -> None:
    """A wild shape back to what estimates said."""
    stage.begin(60)
    person = stage.person("B")
    edit.set_shape(person, [-3.0, -5.0, 4.0], scale=1.3)
    stage.bodies("take_median_shape", lambda: edit.take_median_shape(person), "B")


def take_shape_of_frame(stage: Stage) -> None:
    """A wild shape back to what a frame said."""
    stage.begin(60)
    person = stage.person("B")
    edit.set_shape(person, [4.0, 5.0, -4.0], scale=0.8)
    stage.bodies(
        "take_shape_of_frame", lambda: edit.take_shape_of_frame(person, 60), "B"
    )


def set_known_height(stage: Stage) -> None:
    """Taller and farther away; the picture stays."""
    stage.begin(60)
    person = stage.person("B")
    stage.bodies(
        "set_known_height", lambda: edit.set_known_height(person, 2.2), "B", back=5
    )


def set_known_distance(stage: Stage) -> None:
    """Farther away and taller; the picture stays."""
    stage.begin(60)
    person = stage.person("B")
    stage.bodies(
        "set_known_distance",
        lambda: edit.set_known_distance(person, 5.0, frame=60),
        "B",
        back=5,
    )


def level_from_contacts(stage: Stage) -> None:
    """The floor under standing feet."""
    stage.begin(205)
    person = stage.person("A")
    edit.find_contacts(person, frames=(190, 228))
    stage.bodies(
        "level_from_contacts",
        lambda: edit.level_from_contacts(stage.project, frame=205),
        "A",
        look_from="side",
        back=4,
    )


def common_ground(stage: Stage) -> None:
    """Two people on one floor."""
    stage.begin(190)
    a, b = stage.person("A"), stage.person("B")
    edit.set_known_distance(a, 5.0, frame=190)
    for person in (a, b):
        edit.find_contacts(person, frames=(170, 228))
    stage.bodies(
        "common_ground",
        lambda: edit.common_ground(
            stage.project, frame=190, known_heights_m={b.id: 1.66}
        ),
        "AB",
        look_from="side",
        back=8,
    )


def set_focal(stage: Stage) -> None:
    """A longer lens: everybody farther away."""
    stage.begin(60)
    stage.driver.session.view.layers = stage.with_camera()
    stage.bodies(
        "set_focal",
        lambda: edit.set_focal(stage.project, fov_deg=48.0),
        "AB",
        look_from="side",
        back=14,
    )


def choose_body(stage: Stage) -> None:
    """A body of one's own: here a stout one, made from the open body."""
    stage.begin(60)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "stout.npz"
        _write_stout(file)
        stage.bodies("choose_body", lambda: edit.choose_body(stage.project, file), "B")
        stage.begin(60)


def _write_stout(file: Path) -> None:
    """The open body's mesh, thicker, as a file in SMPL's format."""
    body = open_body(24)
    away_m = np.linalg.norm(
        body.v_template[None] - body.joint_model.joints_m[:, None], axis=-1
    )
    nearest = np.argsort(away_m, axis=1)[:, :40]
    regressor = np.zeros((24, body.vertex_count))
    np.put_along_axis(regressor, nearest, 1 / 40, axis=1)
    parents = list(body.skeleton.parents)
    np.savez(
        file,
        v_template=body.v_template * (1.3, 1.0, 1.45),
        f=body.faces,
        shapedirs=body.shapedirs,
        weights=body.weights.dense(24),
        J_regressor=regressor,
        kintree_table=np.array([parents, range(24)]),
        posedirs=np.zeros((body.vertex_count, 3, 207), np.float32),
    )


PICTURES = {
    draw.__name__: draw
    for draw in (
        set_measure,
        set_shape,
        take_median_shape,
        take_shape_of_frame,
        set_known_height,
        set_known_distance,
        level_from_contacts,
        common_ground,
        set_focal,
        choose_body,
    )
}
