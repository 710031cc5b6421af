"""What people see in 3D, measured: shadows, ghosts, edges, themes, no jumps."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.body import open_body, skin
from hpe_studio.core.camera import default_camera
from hpe_studio.render import floor
from hpe_studio.render.backdrop import picture_behind
from hpe_studio.render.floor import grid_picture
from hpe_studio.render.marks3d import picture_edges
from hpe_studio.render.mesh import PersonMesh, level_between, vertex_normals
from hpe_studio.render.orbit import OrbitState
from hpe_studio.render.scene3d import Scene3D
from hpe_studio.render.theme import THEME_NAMES, theme
from hpe_studio.render.viewcamera import through_camera
from hpe_studio.render.viewtransform import fit

SIZE = (300, 340)
STATE = OrbitState(focal_m=(0, 0.85, 0), distance_m=3.2)


@pytest.fixture(scope="module")
def body():
    return open_body()


@pytest.fixture
def scene(body):
    made = Scene3D(theme("dark"))
    _stand(made, body)
    yield made
    made.finalize()


def _stand(scene, body, *, people=1, ghost=False):
    light = body.decimated(6000)
    level = level_between(
        body.v_template, light.v_template, light.faces, faces=body.faces
    )
    meshes = [
        PersonMesh(
            id=i,
            vertex_count=body.vertex_count,
            faces=body.faces,
            colour="#13A4F5",
            light=level,
        )
        for i in range(people)
    ]
    scene.set_people(meshes, ghosts=meshes[:1] if ghost else ())
    for i in range(people):
        scene.set_vertices(i, _vertices(body, x_m=0.8 * i))
    scene.set_view(STATE.view_camera(SIZE))


def _vertices(body, *, x_m=0.0, bend=0.0):
    pose = np.zeros((body.joint_count, 3))
    pose[16, 2], pose[17, 2], pose[1, 0] = -1.1, 1.1, bend
    vertices = skin(body, pose, root_m=np.zeros(3)).vertices_m
    straight = pose.copy()
    straight[1, 0] = 0.0
    lowest = skin(body, straight, root_m=np.zeros(3)).vertices_m[:, 1].min()
    return vertices + np.float32([x_m, -lowest, 0.0])


def _grey(picture):
    return picture[..., :3].astype(float).mean(axis=-1)


@pytest.mark.parametrize("name", THEME_NAMES)
def test_coming_to_rest_changes_neither_brightness_nor_outline(scene, body, name):
    scene.set_look(theme(name))
    _stand(scene, body, people=3)  # more than are drawn whole while moving
    moving = scene.render(*SIZE, "moving").copy()
    still = scene.render(*SIZE, "still").copy()
    for i in range(3):
        scene.set_vertices(i, None)
    empty = scene.render(*SIZE, "still").astype(int)
    assert _grey(moving).mean() == pytest.approx(_grey(still).mean(), rel=0.02)
    bodies = [
        np.abs(picture.astype(int) - empty).max(axis=-1) > 25
        for picture in (moving, still)
    ]
    both = bodies[0] & bodies[1]
    assert both.sum() > 0.97 * (bodies[0] | bodies[1]).sum()
    inside = (_grey(moving)[both].mean(), _grey(still)[both].mean())
    assert inside[0] == pytest.approx(inside[1], rel=0.03)


@pytest.mark.parametrize("name", ["dark", "light"])  # else the floor is black
def test_feet_darken_the_floor_where_they_stand(scene, body, name):
    scene.set_look(theme(name))
    view = OrbitState(
        focal_m=(0, 0, 0), distance_m=2.0, pitch_rad=0.6, yaw_rad=0.3
    ).view_camera(SIZE)
    scene.set_view(view)
    # Free floor a hand's width in front of the feet, off the lines of the grid.
    x, y = (int(v) for v in view.project(np.array([0.12, 0.0, 0.2])))
    shares = {}
    for quality in ("moving", "still"):
        scene.set_vertices(0, _vertices(body))
        beneath = _grey(scene.render(*SIZE, quality))[y - 2 : y + 3, x - 2 : x + 3]
        beneath = beneath.mean()
        scene.set_vertices(0, None)
        free = _grey(scene.render(*SIZE, quality))[y - 2 : y + 3, x - 2 : x + 3].mean()
        shares[quality] = 1 - beneath / free
    assert 0.08 < shares["still"] < 0.55
    assert shares["moving"] == pytest.approx(shares["still"], abs=0.05)


def test_the_shadow_follows_who_walks_and_leaves_who_jumps(scene, body):
    # Seen from below the feet's height nothing but floor and shadow are in the way.
    view = OrbitState(focal_m=(0, 0, 0), distance_m=4, pitch_rad=1.2).view_camera(SIZE)
    scene.set_view(view)

    def darkest(lift_m):
        scene.set_vertices(0, _vertices(body) + np.float32([0, lift_m, 0]))
        scene.render(*SIZE, "moving")
        return scene._floor.shadow._pixels[:, 3].max()

    assert darkest(0.0) > 2 * darkest(0.6) > 4 * darkest(2.0)


def test_a_light_mesh_is_as_round_as_the_whole_one(body):
    light = body.decimated(6000)
    level = level_between(
        body.v_template, light.v_template, light.faces, faces=body.faces
    )
    faces = body.faces.astype(np.int32)
    kept = level.vertex_index
    for bend in (0.0, -0.8):
        whole = _vertices(body, bend=bend)
        few = np.ascontiguousarray(whole[kept])
        wanted = vertex_normals(whole, faces)[kept]
        plain = vertex_normals(few, level.faces)
        better = vertex_normals(few, level.faces, shading=level.shading)
        off_plain, off_better = (
            np.degrees(np.arccos(np.clip((n * wanted).sum(axis=1), -1, 1)))
            for n in (plain, better)
        )
        assert np.percentile(off_better, 90) < 0.4 * np.percentile(off_plain, 90)
        assert np.linalg.norm(better, axis=1) == pytest.approx(1, abs=1e-3)


def test_the_ghost_shows_only_where_the_pose_differs(scene, body):
    _stand(scene, body, ghost=True)
    before = _grey(scene.render(*SIZE, "still"))
    faces = body.faces.astype(np.int32)
    straight, bent = (
        vertices - 0.004 * vertex_normals(vertices, faces)
        for vertices in (_vertices(body), _vertices(body, bend=-0.9))
    )
    scene.set_vertices(0, bent, ghost=True)
    with_ghost = _grey(scene.render(*SIZE, "still"))
    changed = np.abs(with_ghost - before) > 4
    rows, _ = np.nonzero(changed)
    hip_y = scene.view.project(np.array([0.0, 0.9, 0.0]))[1]
    assert changed.sum() > 150
    assert np.percentile(rows, 2) > hip_y - 20
    scene.set_vertices(0, straight, ghost=True)
    same = _grey(scene.render(*SIZE, "still"))
    assert (np.abs(same - before) > 4).mean() < 0.004


@pytest.mark.parametrize("name", THEME_NAMES)
def test_the_truth_has_an_outline_on_every_ground(scene, name):
    scene.set_look(theme(name))
    scene.set_truth({"t": (((0, 1),), 2)})
    scene.set_truth_joints("t", np.array([[-0.3, 1.2, 0], [0.3, 1.2, 0]]))
    view = OrbitState(
        focal_m=(0, 1.2, 0), distance_m=1.0, yaw_rad=0, pitch_rad=0
    ).view_camera(SIZE)
    scene.set_view(view)
    picture = _grey(scene.render(*SIZE, "still"))
    x, y = (int(v) for v in view.project(np.array([0.0, 1.2, 0.0])))
    across = picture[y - 12 : y + 13, x]
    core, hull = (30, 200) if name == "light" else (220, 40)
    near = across[12] < core if name == "light" else across[12] > core
    edge = across.max() > hull if name == "light" else across.min() < hull
    assert near
    assert edge


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("light", 195, 250), ("dark", 15, 60), ("contrast", 0, 30)],
)
def test_each_theme_has_its_own_sky(scene, name, low, high):
    scene.set_look(theme(name))
    scene.set_vertices(0, None)
    corner = _grey(scene.render(*SIZE, "moving"))[5:40, 5:40]
    assert low <= corner.mean() <= high
    assert corner.std() < 6


@pytest.mark.parametrize("size_px", [(1920, 803), (1080, 1920)])
def test_wide_and_tall_pictures_lie_within_their_edges(scene, size_px):
    place = fit(size_px, SIZE)
    left, top, right, bottom = place.picture_rect()
    edges = picture_edges(place.picture_rect(), SIZE)
    assert len(edges) == 3  # two strips and the frame
    rgb = np.full((size_px[1], size_px[0], 3), 200, np.uint8)
    camera = default_camera(size_px)
    scene.set_vertices(0, None)
    scene.set_view(through_camera(camera, place))
    seen = {}
    for strength in (1.0, 0.5):
        behind = picture_behind(rgb, camera, place, strength=strength)
        scene.set_backdrop(behind)
        picture = _grey(scene.render(*SIZE, "moving"))
        seen[strength] = picture[int((top + bottom) / 2), int((left + right) / 2)]
        beside = (2, SIZE[1] // 2) if left > 2 else (SIZE[0] // 2, 2)
        assert picture[beside[1], beside[0]] < 20
    assert seen[1.0] == pytest.approx(200, abs=2)
    assert seen[0.5] == pytest.approx(100, abs=3)


def test_what_takes_longest_of_the_grid_is_worked_out_once():
    grid_picture(theme("dark"), centre_m=(0, 0))
    before = floor._fade.cache_info()
    grid_picture(theme("light"), centre_m=(0.3, 0.2))
    assert floor._fade.cache_info().misses == before.misses
    assert floor._fade.cache_info().hits == before.hits + 1
