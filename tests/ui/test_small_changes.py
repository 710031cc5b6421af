"""A small change of the document costs little: bodies that look the same stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from hpe_studio.edits import people
from hpe_studio.render.people3d import MeshWork
from tests.driver import StudioDriver

LEVELS, PEOPLE = 2, 2
"""Each body has a whole mesh and a light one."""


def _work_of(driver: StudioDriver, change: Callable[[], object]) -> MeshWork:
    """What is done for meshes until a change is drawn carefully."""
    driver.wait_idle()
    scene = driver.viewport._stage.scene
    before = scene.mesh_work
    change()
    driver.wait_idle()
    now = scene.mesh_work
    return MeshWork(made=now.made - before.made, moved=now.moved - before.moved)


def _one_body(driver: StudioDriver) -> MeshWork:
    """What moving one body costs: half of what a step by one frame moves."""
    return MeshWork(made=0, moved=_work_of(driver, driver.step).moved // PEOPLE)


def _put(driver: StudioDriver, **fields: object) -> Callable[[], None]:
    def write() -> None:
        person = driver.person("Person A")
        with driver.document.edit("Change the person") as edit:
            edit.put(replace(person, **fields))  # type: ignore[arg-type]

    return write


def _picture(driver: StudioDriver) -> np.ndarray:
    driver.wait_idle()
    image = driver.viewport.picture._image
    assert image is not None
    rows = np.frombuffer(image.constBits(), np.uint8)
    return rows.reshape(image.height(), -1, 4)[..., :3].astype(int)


def test_a_name_or_a_lock_touches_no_mesh(lasting: StudioDriver) -> None:
    nothing = MeshWork(made=0, moved=0)
    assert _work_of(lasting, lambda: lasting.rename("Person A", "Ada")) == nothing
    assert _work_of(lasting, lasting.session.undo) == nothing
    assert _work_of(lasting, _put(lasting, locked=True)) == nothing


def test_a_colour_repaints_one_body_and_moves_none(lasting: StudioDriver) -> None:
    before = _picture(lasting)
    change = _put(lasting, colour="olive")
    assert _work_of(lasting, change) == MeshWork(made=0, moved=0)
    changed = np.abs(_picture(lasting) - before).max(axis=-1) > 24
    columns = np.flatnonzero(changed.any(axis=0))
    assert changed.sum() > 300
    assert columns.max() < changed.shape[1] / 2  # Person A stands at the left
    assert _work_of(lasting, lasting.session.undo) == MeshWork(made=0, moved=0)
    assert np.array_equal(_picture(lasting), before)


def test_a_shape_moves_that_body_alone(lasting: StudioDriver) -> None:
    one = _one_body(lasting)
    assert one.moved > 0
    before = _picture(lasting)
    assert _work_of(lasting, _put(lasting, scale=0.7)) == one
    assert (np.abs(_picture(lasting) - before).max(axis=-1) > 24).sum() > 300
    assert _work_of(lasting, lasting.session.undo) == one
    assert np.array_equal(_picture(lasting), before)


def test_a_person_comes_and_goes_without_the_others(lasting: StudioDriver) -> None:
    def delete() -> None:
        with lasting.document.edit("Delete Person B") as edit:
            people.delete_person(edit, lasting.document, lasting.person("Person B"))

    one = _one_body(lasting)
    before = _picture(lasting)
    assert _work_of(lasting, delete) == MeshWork(made=0, moved=0)
    assert _work_of(lasting, lasting.session.undo) == replace(one, made=LEVELS)
    # Bodies are drawn in another order now, which rounds a pixel of the shadow anew.
    assert np.abs(_picture(lasting) - before).max() <= 1


def test_a_corrected_pose_moves_that_body_alone(lasting: StudioDriver) -> None:
    one = _one_body(lasting)
    lasting.session.select(lasting.person("Person A").id, 16)

    def key() -> None:
        lasting.focus_video()
        lasting.press("I")

    assert _work_of(lasting, key) == one
