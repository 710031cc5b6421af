"""Shape space, joint regressor and surface points of the open body."""

from __future__ import annotations

import numpy as np
from open_body_rig import JOINT_NAMES
from scipy.optimize import nnls

SHAPES = 10
_FITTED_ON = 60  # people the regressor is fitted to; the others check it
_DIRECTIONS = 160


def principal_shapes(people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (V, 3) and directions (10, V, 3) of T-posed people; 1 is one s.d.

    Signs: the first makes taller, the others wider.
    """
    mean = people.mean(0)
    centred = (people - mean).reshape(len(people), -1)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    order = np.argsort(values)[::-1][:SHAPES]
    values, vectors = values[order], vectors[:, order]
    directions = (vectors.T @ centred) / np.sqrt(len(people))
    directions = directions.reshape(SHAPES, -1, 3)
    top, bottom = mean[:, 1].argmax(), mean[:, 1].argmin()
    outwards = (mean - mean.mean(0)) * [1, 0, 1]
    for k, direction in enumerate(directions):
        if k == 0:
            grows = direction[top, 1] - direction[bottom, 1]
        else:
            grows = (direction * outwards).sum()
        if grows < 0:
            directions[k] = -direction
    kept = np.einsum("nd,kd->nk", centred, directions.reshape(SHAPES, -1))
    kept /= (directions.reshape(SHAPES, -1) ** 2).sum(1)
    rest = centred - kept @ directions.reshape(SHAPES, -1)
    left_mm = np.linalg.norm(rest.reshape(len(people), -1, 3), axis=-1).mean() * 1000
    print(f"ten shapes leave {left_mm:.2f} mm per vertex")
    return mean.astype(np.float64), directions


def regressors(
    people: np.ndarray, joints: np.ndarray, template: np.ndarray, used: np.ndarray
) -> np.ndarray:
    """Sparse rows (J, V), not negative, sums 1, that give the joints from vertices."""
    chosen = np.random.default_rng(1).choice(len(people), _FITTED_ON, replace=False)
    rows = np.zeros((joints.shape[1], len(template)))
    errors = []
    for j, place in enumerate(joints.mean(0)):
        near = _around(place, template, used)
        vertices = people[chosen][:, near].transpose(0, 2, 1).reshape(-1, len(near))
        goal = joints[chosen, j].ravel()
        system = np.vstack([vertices, np.full((1, len(near)), 100.0)])
        shares, _ = nnls(system.astype(float), np.append(goal, 100.0), maxiter=20000)
        shares[shares < 1e-4] = 0
        rows[j, near] = shares / shares.sum()
        found = np.einsum("v,nvc->nc", rows[j, near], people[:, near])
        errors.append(np.linalg.norm(found - joints[:, j], axis=1).mean() * 1000)
    print(
        f"regressor: {np.mean(errors):.2f} mm mean, {np.max(errors):.1f} mm worst joint"
    )
    return rows


def _around(place: np.ndarray, template: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Vertices that surround a joint: the nearest ones, and some in each direction."""
    k = np.arange(_DIRECTIONS) + 0.5
    polar, turn = np.arccos(1 - 2 * k / _DIRECTIONS), np.pi * (1 + 5**0.5) * k
    directions = np.stack(
        [np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)]
    )
    offset = template[used] - place
    distance = np.linalg.norm(offset, axis=1)
    towards = np.argmax((offset / distance[:, None]) @ directions, axis=1)
    limit = max(5 * np.sort(distance)[40], 0.06)
    found = [np.argsort(distance)[:60]]
    for d in range(_DIRECTIONS):
        members = np.flatnonzero((towards == d) & (distance < limit))
        found.append(members[np.argsort(distance[members])[:4]])
    return used[np.unique(np.concatenate(found))]


def surface_points(
    raw: dict[str, np.ndarray],
    template: np.ndarray,
    weights: np.ndarray,
    joint_rows: dict[str, np.ndarray],
    face_actions: dict[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Named points on the surface as rows of vertex shares, shape (V,) each."""
    keypoints = dict(zip(raw["keypoint_names"].tolist(), raw["keypoints"], strict=True))
    used = np.zeros(len(template), bool)
    used[np.unique(raw["faces"])] = True

    def best(score: np.ndarray) -> np.ndarray:
        row = np.zeros(len(template))
        row[np.argmax(np.where(used, score, -np.inf))] = 1
        return row

    def nearest(place: np.ndarray) -> np.ndarray:
        return best(-np.linalg.norm(template - place, axis=1))

    points = {"nose": nearest(keypoints["nose"] @ template)}
    for side, x in (("left", 1.0), ("right", -1.0)):
        points[f"{side}_eye"] = keypoints[f"{side}_eye"]
        for name in ("ear", "big_toe", "small_toe", "heel"):
            points[f"{side}_{name}"] = nearest(keypoints[f"{side}_{name}"] @ template)
        for finger in ("index", "middle", "ring", "pinky", "thumb"):
            along = [0.84 * x, -0.12, 0.53] if finger == "thumb" else [x, 0, 0]
            own = weights[:, JOINT_NAMES.index(f"{side}_{finger}3")] > 0.6
            points[f"{side}_{finger}_tip"] = best(
                np.where(own, template @ along, -np.inf)
            )
        for knuckle in ("index1", "pinky1", "thumb2"):
            points[f"{side}_{knuckle}"] = joint_rows[f"{side}_{knuckle}"]
        # What a smile moves most is the mouth's corner; a blink moves the lids, whose
        # ends are the corners of the eye.
        smile = np.linalg.norm(face_actions[f"mouthSmile{side.title()}"], axis=1)
        points[f"{side}_mouth"] = best(smile)
        blink = np.linalg.norm(face_actions[f"eyeBlink{side.title()}"], axis=1)
        eye = points[f"{side}_eye"] @ template
        lids = (blink > 0.2 * blink.max()) & (np.abs(template - eye) < 0.025).all(1)
        for name, outwards in (("eye_inner", -x), ("eye_outer", x)):
            reach = np.where(lids, outwards * template[:, 0], -np.inf)
            points[f"{side}_{name}"] = best(reach)
    return points
