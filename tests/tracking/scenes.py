"""Synthetic people who walk, cross, turn and hide, with exact truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from hpe_studio.core.observations import Detection, FrameDetections, Tracklet
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.motion.assignment import gated_pairs

LANDMARKS = landmark_set("mediapipe33")
MIRROR = np.array(LANDMARKS.mirror_permutation())
SIZE_PX = (1280, 720)
FOCAL_PX, CAMERA_HEIGHT_M, HIP_M = 900.0, 1.3, 0.93
BINS = 48


@dataclass(frozen=True, kw_only=True)
class Walker:
    """One person: where they are and where they look, by time in seconds."""

    place_m: Callable[[float], tuple[float, float]]
    heading_rad: Callable[[float], float]
    hidden: tuple[tuple[int, int], ...] = ()
    colour: int = 0
    steps_per_s: float = 1.0


@dataclass
class Scene:
    """What an estimator would say, and what is true."""

    frames: list[FrameDetections]
    times_s: np.ndarray
    owners: dict[tuple[int, bytes], int] = field(default_factory=dict)
    unflipped_px: dict[tuple[int, bytes], np.ndarray] = field(default_factory=dict)
    flipped: set[tuple[int, bytes]] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What goes wrong: shares per detection, and runs of flips."""

    noise: float = 0.008
    missed: float = 0.03
    duplicated: float = 0.0
    ghosts: float = 0.0
    flip_runs: tuple[tuple[int, int, int], ...] = ()  # person, first, one past last
    reverse_depth: bool = False
    confuse_hints: bool = True


def body_m(phase: float, steps: bool) -> np.ndarray:
    """33 points of a walking body: left, up, forward from the mid hip."""
    swing = np.sin(phase) if steps else 0.0
    points = np.zeros((33, 3))

    def put(name: str, side: float, up: float, ahead: float) -> None:
        if name in LANDMARKS.names:
            points[LANDMARKS.index(name)] = (side, up, ahead)
            return
        points[LANDMARKS.index(f"left_{name}")] = (side, up, ahead)
        points[LANDMARKS.index(f"right_{name}")] = (-side, up, ahead)

    put("nose", 0, 0.66, 0.12)
    for name, side in (("eye_inner", 0.015), ("eye", 0.03), ("eye_outer", 0.045)):
        put(name, side, 0.7, 0.09)
    put("ear", 0.075, 0.68, 0.0)
    put("mouth", 0.025, 0.62, 0.1)
    put("shoulder", 0.18, 0.5, 0.0)
    put("hip", 0.1, 0.0, 0.0)
    for sign, side in ((1, "left"), (-1, "right")):
        leg, arm = 0.45 * swing * sign, -0.5 * swing * sign
        bend = 0.35 * max(0.0, np.cos(phase) * sign) if steps else 0.0
        knee = (0.1 * sign, -0.42 * np.cos(leg), 0.42 * np.sin(leg))
        ankle = (
            0.1 * sign,
            knee[1] - 0.42 * np.cos(leg - bend),
            knee[2] + 0.42 * np.sin(leg - bend),
        )
        elbow = (0.22 * sign, 0.5 - 0.28 * np.cos(arm), 0.28 * np.sin(arm))
        wrist = (0.22 * sign, elbow[1] - 0.25 * np.cos(arm + 0.3), elbow[2] + 0.1)
        named = {
            "knee": knee,
            "ankle": ankle,
            "heel": (ankle[0], ankle[1] - 0.05, ankle[2] - 0.06),
            "foot_index": (ankle[0], ankle[1] - 0.06, ankle[2] + 0.15),
            "elbow": elbow,
            "wrist": wrist,
        }
        for finger, out in (("pinky", 0.01), ("index", 0.0), ("thumb", -0.02)):
            named[finger] = (wrist[0] + out * sign, wrist[1] - 0.08, wrist[2] + 0.02)
        for name, value in named.items():
            points[LANDMARKS.index(f"{side}_{name}")] = value
    return points


def to_camera(points_m: np.ndarray, heading_rad: float) -> np.ndarray:
    """Body axes to camera axes; heading 0 looks at the camera, pi/2 to the right."""
    left = np.array([np.cos(heading_rad), 0, np.sin(heading_rad)])
    ahead = np.array([np.sin(heading_rad), 0, -np.cos(heading_rad)])
    return points_m @ np.stack([left, [0, -1, 0], ahead])


def make_scene(
    walkers: Sequence[Walker],
    *,
    frames: int,
    seed: int,
    fps: float = 30.0,
    trouble: Trouble | None = None,
) -> Scene:
    """Detections of some walkers with troubles, and who each of them is."""
    rng = np.random.default_rng(seed)
    trouble = trouble or Trouble()
    looks = {
        w.colour: np.random.default_rng(1000 * seed + w.colour).dirichlet(
            np.full(BINS, 0.3)
        )
        for w in walkers
    }
    scene = Scene(frames=[], times_s=np.arange(frames) / fps)
    hints, together = list(range(len(walkers))), False
    for frame in range(frames):
        views = [_view(w, frame / fps) for w in walkers]
        boxes = [_box(view[0]) for view in views]
        away = [any(a <= frame < b for a, b in w.hidden) for w in walkers]
        depths = [np.inf if gone else v[2] for v, gone in zip(views, away, strict=True)]
        covered = _covered(boxes, depths)
        near = bool((covered > 0.3).any())
        if together and not near and trouble.confuse_hints and rng.random() < 0.5:
            hints.reverse()
        together = near
        found: list[Detection] = []
        for person, walker in enumerate(walkers):
            cover = covered[person]
            lost = cover.max(initial=0) > 0.5 and rng.random() < 0.9
            if away[person] or lost or rng.random() < trouble.missed:
                continue
            share = cover.max(initial=0)
            other = walkers[int(cover.argmax())].colour if len(cover) else 0
            look = (1 - share) * looks[walker.colour] + share * looks[other]
            found += _see(
                scene, rng, trouble, (frame, person), views[person], look, hints[person]
            )
        if rng.random() < trouble.ghosts:
            found.append(_ghost(scene, rng, frame))
        scene.frames.append(FrameDetections(frame=frame, detections=tuple(found)))
    return scene


def _view(walker: Walker, time_s: float) -> tuple[np.ndarray, np.ndarray, float]:
    x_m, depth_m = walker.place_m(time_s)
    moving = walker.steps_per_s > 0
    phase = 2 * np.pi * walker.steps_per_s * time_s
    points_m = to_camera(body_m(phase, moving), walker.heading_rad(time_s))
    in_camera_m = points_m + np.array([x_m, CAMERA_HEIGHT_M - HIP_M, depth_m])
    points_px = FOCAL_PX * in_camera_m[:, :2] / in_camera_m[:, 2:]
    return points_px + np.array(SIZE_PX) / 2, points_m, depth_m


def _box(points_px: np.ndarray) -> np.ndarray:
    return np.concatenate([points_px.min(axis=0), points_px.max(axis=0)])


def _covered(boxes: list[np.ndarray], depths: list[float]) -> np.ndarray:
    """Share of each box behind each nearer one, shape (people, people)."""
    share = np.zeros((len(boxes), len(boxes)))
    for i, a in enumerate(boxes):
        for k, b in enumerate(boxes):
            if i != k and depths[k] < depths[i]:
                span = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
                share[i, k] = np.clip(span, 0, None).prod() / (a[2:] - a[:2]).prod()
    return share


def _see(
    scene: Scene,
    rng: np.random.Generator,
    trouble: Trouble,
    who: tuple[int, int],
    view: tuple[np.ndarray, np.ndarray, float],
    look: np.ndarray,
    hint: int,
) -> list[Detection]:
    frame, person = who
    points_px, points_m, _ = view
    size_px = np.sqrt(np.ptp(points_px, axis=0).prod())
    doubles = 1 + int(rng.random() < trouble.duplicated)
    found = []
    for copy in range(doubles):
        noise = trouble.noise * (1 + 2 * copy)
        clean_px = points_px + rng.normal(0, noise * size_px, (33, 2))
        shown_px = clean_px
        shown_m = points_m + rng.normal(0, 2.5 * noise, (33, 3))
        flip = any(p == person and a <= frame < b for p, a, b in trouble.flip_runs)
        if flip:
            shown_px, shown_m = clean_px[MIRROR], shown_m[MIRROR]
            if trouble.reverse_depth:
                shown_m = shown_m * [1, 1, -1]
        beyond = (shown_px < 0) | (shown_px > np.array(SIZE_PX) - 1)
        seen = ~beyond.any(axis=1)
        if seen.sum() < 6:
            continue
        detection = Detection(
            score=float(rng.uniform(0.9, 1.0) - 0.3 * copy),
            points_px=shown_px.astype(np.float32),
            confidence=np.where(seen, 0.9, 0.0).astype(np.float32),
            points_m=shown_m.astype(np.float32),
            box_px=_box(shown_px[seen]).astype(np.float32),
            appearance=rng.dirichlet(look * 80 + 0.05).astype(np.float32),
            hint_id=hint,
        )
        key = (frame, detection.box_px.tobytes())
        scene.owners[key] = person
        scene.unflipped_px[key] = clean_px.astype(np.float32)
        if flip:
            scene.flipped.add(key)
        found.append(detection)
    return found


def _ghost(scene: Scene, rng: np.random.Generator, frame: int) -> Detection:
    points_m = to_camera(body_m(0.0, False), rng.uniform(0, 6))
    corner = rng.uniform([100, 150], [1180, 500])
    points_px = (corner + 100 * points_m[:, :2]).astype(np.float32)
    box = _box(points_px)
    scene.owners[frame, box.tobytes()] = -1
    return Detection(
        score=float(rng.uniform(0.2, 0.7)),
        points_px=points_px,
        confidence=np.full(33, 0.5, np.float32),
        points_m=points_m.astype(np.float32),
        box_px=box,
        appearance=rng.dirichlet(np.full(BINS, 0.5)).astype(np.float32),
    )


@dataclass(frozen=True, kw_only=True)
class Marks:
    """How well people were told apart."""

    idf1: float
    purity: float
    switches: int
    tracks: int


def keys_of(tracklet: Tracklet) -> list[tuple[int, bytes]]:
    """The detections a tracklet is made of."""
    rows = np.flatnonzero(tracklet.scores > 0)
    return [(tracklet.start + int(i), tracklet.boxes_px[i].tobytes()) for i in rows]


def mark(scene: Scene, tracklets: Sequence[Tracklet]) -> Marks:
    """IDF1, purity and identity switches over the seen frames."""
    people = sorted({owner for owner in scene.owners.values() if owner >= 0})
    truth = {(frame, who) for (frame, _), who in scene.owners.items() if who >= 0}
    counts = np.zeros((len(people), len(tracklets)))
    seen_as: dict[int, list[tuple[int, int]]] = {person: [] for person in people}
    rows = 0
    for track, tracklet in enumerate(tracklets):
        for key in keys_of(tracklet):
            owner = scene.owners[key]
            rows += 1
            if owner >= 0:
                counts[owner, track] += 1
                seen_as[owner].append((key[0], track))
    who, track = gated_pairs(-counts)
    switches = sum(
        int((np.diff([track for _, track in sorted(seen)]) != 0).sum())
        for seen in seen_as.values()
    )
    return Marks(
        idf1=2 * counts[who, track].sum() / (rows + len(truth)),
        purity=counts.max(axis=0).sum() / max(rows, 1),
        switches=switches,
        tracks=len(tracklets),
    )
