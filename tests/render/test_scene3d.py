"""The rendered 3D view: right colours at right places, picking, nothing leaked."""

from __future__ import annotations

import gc
import tracemalloc
import weakref

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from vtkmodules.vtkCommonCore import vtkStringOutputWindow
from vtkmodules.vtkRenderingCore import vtkRenderWindow

from hpe_studio.core.camera import default_camera
from hpe_studio.render.backdrop import picture_behind, straighten
from hpe_studio.render.frustum import frustum_points_m
from hpe_studio.render.mesh import LevelOfDetail, PersonMesh, level_between
from hpe_studio.render.orbit import OrbitState
from hpe_studio.render.picking import pick_joint
from hpe_studio.render.scene3d import Scene3D
from hpe_studio.render.theme import parse_colour, theme
from hpe_studio.render.viewcamera import through_camera
from hpe_studio.render.viewtransform import fit
from tests.render.synthetic3d import ball

SIZE = (240, 220)
RADIUS = 0.35
PLACES = {"a": (-0.6, 1.0, 0.0), "b": (0.5, 0.7, 0.4)}
COLOURS = {"a": "#13A4F5", "b": "#F66BB9"}


@pytest.fixture(autouse=True)
def messages():
    """VTK's own errors and warnings fail the test."""
    window, before = vtkStringOutputWindow(), vtkStringOutputWindow.GetInstance()
    vtkStringOutputWindow.SetInstance(window)
    yield
    vtkStringOutputWindow.SetInstance(before)
    assert window.GetOutput() == ""


@pytest.fixture
def scene():
    made = Scene3D(theme("dark"))
    yield made
    made.finalize()


def _people(scene, **light):
    people = []
    for key, place in PLACES.items():
        vertices, faces = ball(place, RADIUS)
        people.append(
            PersonMesh(
                id=key,
                vertex_count=len(vertices),
                faces=faces,
                colour=COLOURS[key],
                **light,
            )
        )
    scene.set_people(people)
    for key, place in PLACES.items():
        scene.set_vertices(key, ball(place, RADIUS)[0])
    scene.set_view(OrbitState(focal_m=(0, 0.8, 0)).view_camera(SIZE))


def _at(picture, point):
    x, y = point
    return picture[int(y), int(x), :3].astype(float)


def _hue_of(pixel, colour) -> bool:
    """True if a lit pixel has the hue of a colour."""
    want = np.array(parse_colour(colour)[:3])
    want, got = want - want.min(), pixel - pixel.min()
    cosine = want @ got / max(np.linalg.norm(want) * np.linalg.norm(got), 1e-9)
    return bool(cosine > 0.97 and np.ptp(pixel) > 40)


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("quality", ["moving", "still", "photo"])
def test_people_are_drawn_in_their_colour_where_they_project(scene, quality, parallel):
    _people(scene)
    if parallel:
        state = OrbitState(focal_m=(0, 0.8, 0), orthographic=True)
        scene.set_view(state.view_camera(SIZE))
    picture = scene.render(*SIZE, quality)
    assert picture.shape == (SIZE[1], SIZE[0], 4)
    assert (picture[..., 3] == 255).all()
    for key, place in PLACES.items():
        pixel = _at(picture, scene.view.project(np.array(place)))
        assert _hue_of(pixel, COLOURS[key])


def test_what_was_begun_is_fetched_later_the_last_one(scene):
    _people(scene)
    before = scene.render(*SIZE, "moving").copy()
    scene.set_vertices("a", None)
    alone = scene.render(*SIZE, "moving").copy()
    assert (before != alone).any()
    scene.begin(*SIZE, "moving")  # never fetched
    scene.set_vertices("a", ball(PLACES["a"], RADIUS)[0])
    scene.begin(*SIZE, "moving")
    assert_array_equal(scene.finish(), before)


def test_the_silhouette_lies_where_projection_says(scene):
    _people(scene)
    view = OrbitState(
        focal_m=PLACES["a"], yaw_rad=0, pitch_rad=0, orthographic=True, distance_m=2
    ).view_camera(SIZE)
    scene.set_view(view)
    empty = _difference_mask(scene)
    rows, columns = np.nonzero(empty)
    low, high = (
        view.project(np.array(PLACES["a"]) + s * np.array([RADIUS, -RADIUS, 0]))
        for s in (-1, 1)
    )
    assert_allclose((columns.min(), rows.min()), low, atol=1.5)
    assert_allclose((columns.max() + 1, rows.max() + 1), high, atol=1.5)


def _difference_mask(scene):
    scene.set_vertices("b", None)
    with_a = scene.render(*SIZE, "moving")[..., :3].astype(int).copy()
    scene.set_vertices("a", None)
    without = scene.render(*SIZE, "moving")[..., :3].astype(int)
    solid = _close_to(with_a, COLOURS["a"])
    return (np.abs(with_a - without).max(axis=-1) > 12) & solid


def _close_to(picture, colour):
    want = np.array(parse_colour(colour)[:3])
    got = picture - picture.min(axis=-1, keepdims=True)
    want = want - want.min()
    length = np.linalg.norm(got, axis=-1) * np.linalg.norm(want)
    return got @ want > 0.95 * np.maximum(length, 1e-9)


def test_moving_someone_moves_the_pixels_in_place(scene):
    _people(scene)
    scene.render(*SIZE, "moving")
    there = np.array([0.1, 1.4, 0.0])
    scene.set_vertices("a", ball(there, RADIUS)[0])
    picture = scene.render(*SIZE, "moving")
    assert _hue_of(_at(picture, scene.view.project(there)), COLOURS["a"])
    left = scene.view.project(np.array(PLACES["a"]) - [0.2, 0, 0])
    assert not _hue_of(_at(picture, left), COLOURS["a"])


@pytest.mark.parametrize("gone", [None, np.full((768, 3), np.nan, np.float32)])
def test_who_is_not_in_the_frame_is_neither_seen_nor_picked(scene, gone):
    _people(scene)
    scene.set_vertices("a", gone)
    picture = scene.render(*SIZE, "still")
    x, y = scene.view.project(np.array(PLACES["a"]))
    assert not _hue_of(_at(picture, (x, y)), COLOURS["a"])
    assert scene.pick_person(x, y) is None


def test_the_nearer_person_is_picked(scene):
    _people(scene)
    for key, place in PLACES.items():
        assert scene.pick_person(*scene.view.project(np.array(place))) == key
    assert scene.pick_person(3, 3) is None
    scene.set_vertices("b", ball(np.array(PLACES["a"]) - [0.3, 0, 0.6], RADIUS)[0])
    assert scene.pick_person(*scene.view.project(np.array(PLACES["a"]))) == "a"


def test_the_light_mesh_is_drawn_while_moving_and_picked(scene):
    vertices, _ = ball((0, 0, 0), RADIUS)
    few, few_faces = ball((0, 0, 0), RADIUS, rows=24, columns=32)
    light = level_between(vertices, few[:-32], few_faces[(few_faces < 700).all(1)])
    assert isinstance(light, LevelOfDetail)
    _people(scene, light=light)
    for quality in ("moving", "still"):
        picture = scene.render(*SIZE, quality)
        at = scene.view.project(np.array(PLACES["b"]))
        assert _hue_of(_at(picture, at), COLOURS["b"])
    moved = ball((0, 1.2, 0), RADIUS)[0][:-32]
    scene.set_vertices("a", moved, light=True)
    at = scene.view.project(np.array([0, 1.2, 0]))
    for quality in ("moving", "still"):
        assert _hue_of(_at(scene.render(*SIZE, quality), at), COLOURS["a"])
    assert scene.pick_person(*at) == "a"
    with pytest.raises(ValueError, match="vertices of its own"):
        level_between(vertices, few + 1, few_faces)


def test_through_the_camera_the_picture_lies_behind_exactly(scene):
    camera = default_camera((320, 240))
    rgb = np.zeros((240, 320, 3), np.uint8)
    rgb[:, :, 0] = np.arange(320) * 255 // 319
    rgb[:, :, 1] = (np.arange(240) * 255 // 239)[:, None]
    transform = fit((320, 240), SIZE)
    vertices, faces = ball((0.2, 0.1, -3.0), 0.2)
    scene.set_people(
        [PersonMesh(id=1, vertex_count=len(vertices), faces=faces, colour="#3FE0A1")]
    )
    scene.set_vertices(1, vertices)
    scene.set_frustum(frustum_points_m(camera, (320, 240)), rgb)
    scene.set_view(through_camera(camera, transform))
    scene.set_backdrop(picture_behind(rgb, camera, transform))
    picture = scene.render(*SIZE, "moving")
    for pixel in ([10, 20], [300, 30], [40, 220], [160, 10]):
        x, y = transform.to_view(np.array(pixel, float))
        assert_allclose(_at(picture, (x, y))[:2], rgb[pixel[1], pixel[0], :2], atol=3)
    seen = camera.project(np.array([0.2, 0.1, -3.0]))
    where = transform.to_view(seen)
    assert_allclose(scene.view.project(np.array([0.2, 0.1, -3.0])), where, atol=0.01)
    rows, columns = np.nonzero(picture[..., 2] > 19)
    centre = (columns.min() + columns.max() + 1) / 2, (rows.min() + rows.max() + 1) / 2
    assert_allclose(centre, where, atol=1.0)
    assert_allclose(_at(picture, (100, 3)), [12, 13, 16], atol=1)
    scene.set_backdrop(None)
    assert _at(scene.render(*SIZE, "moving"), (100, 3)).min() > 20


def test_a_bent_picture_is_straightened():
    camera = default_camera((320, 240))
    bent = type(camera)(
        intrinsics=camera.intrinsics,
        distortion=np.array([-0.25, 0.05, 0, 0, 0]),
        camera_from_scene=camera.camera_from_scene,
    )
    point = np.array([0.6, 0.4, -1.6])
    x, y = (round(float(v)) for v in bent.project(point))
    rgb = np.zeros((240, 320, 3), np.uint8)
    rgb[y - 2 : y + 3, x - 2 : x + 3] = 255
    rows, columns = np.nonzero(straighten(rgb, bent)[..., 0] > 128)
    assert_allclose((columns.mean(), rows.mean()), camera.project(point), atol=1.0)
    behind = picture_behind(rgb, bent, fit((320, 240), SIZE))
    assert_allclose(behind.rgb, straighten(rgb, bent))


def test_bodies_are_opaque_from_outside(scene):
    _people(scene)
    scene.set_vertices("b", ball(PLACES["a"], 0.3 * RADIUS)[0])
    at = scene.view.project(np.array(PLACES["a"]))
    for quality in ("moving", "still"):
        assert _hue_of(_at(scene.render(*SIZE, quality), at), COLOURS["a"])


def test_hidpi_draws_the_same_view_larger(scene):
    _people(scene)
    picture = scene.render(2 * SIZE[0], 2 * SIZE[1], "moving")
    for key, place in PLACES.items():
        point = 2 * scene.view.project(np.array(place))
        assert _hue_of(_at(picture, point), COLOURS[key])


def test_a_ghost_lets_the_background_through(scene):
    _people(scene)
    vertices, faces = ball((0, 1.5, 0), RADIUS)
    ghost = PersonMesh(
        id="a", vertex_count=len(vertices), faces=faces, colour="#FF2020"
    )
    scene.set_people([], ghosts=[ghost])
    scene.set_vertices("a", vertices, ghost=True)
    at = scene.view.project(np.array([0, 1.5, 0]))
    seen = _at(scene.render(*SIZE, "still"), at).copy()
    scene.set_vertices("a", None, ghost=True)
    behind = _at(scene.render(*SIZE, "still"), at)
    assert 10 < np.abs(seen - behind).max() < 120


def test_truth_is_drawn_over_bodies(scene):
    _people(scene)
    scene.set_truth({"t": (((0, 1),), 2)})
    ends = np.add(PLACES["a"], [[-0.3, 0, 0], [0.3, 0, 0]])
    scene.set_truth_joints("t", ends)
    view = OrbitState(focal_m=PLACES["a"], distance_m=1.2).view_camera(SIZE)
    scene.set_view(view)
    centre = view.project(np.array(PLACES["a"]))
    assert _at(scene.render(*SIZE, "still"), centre).min() > 220
    scene.set_truth_joints("t", None)
    assert _hue_of(_at(scene.render(*SIZE, "still"), centre), COLOURS["a"])


def test_the_camera_stands_in_the_scene_with_its_picture(scene):
    camera = default_camera((320, 240))
    rgb = np.full((240, 320, 3), (200, 40, 40), np.uint8)
    points = frustum_points_m(camera, (320, 240))
    assert_allclose(points[0], 0, atol=1e-9)
    assert_allclose(points[1:5].mean(axis=0), [0, 0, -0.55], atol=1e-9)
    scene.set_frustum(points, rgb)
    scene.set_view(
        OrbitState(focal_m=(0, 0, -0.55), distance_m=2, pitch_rad=0).view_camera(SIZE)
    )
    at = scene.view.project(np.array([0.1, 0.1, -0.55]))
    assert_allclose(_at(scene.render(*SIZE, "still"), at), (200, 40, 40), atol=3)
    scene.set_frustum(None)
    assert _at(scene.render(*SIZE, "still"), at)[0] < 100


def test_people_darken_the_floor_beneath_them(scene):
    _people(scene)
    scene.set_vertices("b", None)
    scene.set_vertices("a", ball((0.12, RADIUS, 0.12), RADIUS)[0])
    view = OrbitState(focal_m=(0, 0, 0), distance_m=3, pitch_rad=0.5).view_camera(SIZE)
    scene.set_view(view)
    beside = view.project(np.array([0.12, 0.0, 0.12 + 0.9 * RADIUS]))
    shadowed = _at(scene.render(*SIZE, "still"), beside).copy()
    scene.set_vertices("a", None)
    assert shadowed.mean() < 0.9 * _at(scene.render(*SIZE, "still"), beside).mean()


@pytest.mark.parametrize("name", ["light", "contrast"])
def test_a_theme_changes_the_scene(scene, name):
    _people(scene)
    before = scene.render(*SIZE, "moving").astype(int).copy()
    scene.set_look(theme(name))
    after = scene.render(*SIZE, "moving").astype(int)
    assert (np.abs(after - before).max(axis=-1) > 15).mean() > 0.3


def test_joints_are_picked_by_their_place_on_screen():
    view = OrbitState().view_camera(SIZE)
    joints = {"a": np.array([[0, 1, 0], [0, 1.3, 0]]), "b": np.full((2, 3), np.nan)}
    x, y = view.project(joints["a"][1])
    hit = pick_joint(view, joints, x + 8, y + 6)
    assert (hit.person, hit.joint) == ("a", 1)
    assert hit.distance_px == pytest.approx(10)
    assert pick_joint(view, joints, x + 15, y) is None
    assert pick_joint(view, {}, x, y) is None


def test_redrawing_keeps_no_memory(scene):
    _people(scene)
    rng = np.random.default_rng(2)

    def work(count):
        for _ in range(count):
            for key, place in PLACES.items():
                moved = place + rng.normal(size=3) * 0.1
                scene.set_vertices(key, ball(moved, RADIUS)[0])
            scene.render(*SIZE, "moving")

    work(10)
    tracemalloc.start()
    work(5)
    before = tracemalloc.get_traced_memory()[0]
    work(60)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 200_000


def test_finalize_gives_everything_back():
    scene = Scene3D(theme("dark"))
    _people(scene)
    scene.render(*SIZE, "still")
    window = weakref.ref(scene._layers._window)
    assert isinstance(window(), vtkRenderWindow)
    scene.finalize()
    del scene
    gc.collect()
    assert window() is None
