"""Bodies that an estimator brought itself: taken as they are instead of a fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.observations import SeenBody, Tracklet
from hpe_studio.core.skeleton import skeleton_for
from hpe_studio.motion.fitting import BodyShape, reprojection
from hpe_studio.motion.kinematics import remapped_joints_rad
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from hpe_studio.motion.shape import refit_shape
from hpe_studio.workflow.fit_people import FittedPerson

SAME_REST_M = 1e-3
"""Bodies whose rest joints agree to this for the same betas are the same body."""


def take_bodies(
    tracklets: Sequence[tuple[Tracklet, Camera]],
    joint_model: JointModel,
    *,
    meant_for: Camera,
    landmark_name: str,
    identities: Sequence[int],
    shapes: Mapping[int, BodyShape],
) -> Job[tuple[FittedPerson, ...]]:
    """Everybody with rotations and place as seen, and one shape per person.

    The shape is the median over the frames. Where the document's body is the one that
    the betas belong to they are kept, else betas and scale are found that keep the
    lengths of the bones.

    Args:
        tracklets: What was seen, with its shot's camera.
        joint_model: The document's body.
        meant_for: The camera that the estimator assumed; with another focal length
            people move along their rays, so that they stay where they are seen.
        landmark_name: Landmark set of the tracklets.
        identities: Who each tracklet is.
        shapes: Shapes that are known already, by identity; they are kept.
    """
    known = dict(shapes)
    people: list[FittedPerson] = []
    for number, (tracklet, camera) in enumerate(tracklets):
        yield Progress(done=number, total=len(tracklets), text="Taking bodies")
        if tracklet.bodies is None:
            raise ValueError("a tracklet lacks its bodies")
        who = identities[number]
        if who not in known:
            known[who] = shape_on(joint_model, tracklet.bodies)
        pelvis_m = tracklet.bodies.pelvis_camera_m.astype(np.float64)
        pelvis_m[:, 2] *= camera.intrinsics[1, 1] / meant_for.intrinsics[1, 1]
        people.append(
            _person(
                (tracklet, camera),
                joint_model,
                pelvis_m,
                landmark_name=landmark_name,
                shape=known[who],
                who=who,
            )
        )
    return tuple(people)


def shape_on(model: JointModel, bodies: SeenBody) -> BodyShape:
    """One shape for a person, on the document's body.

    Args:
        model: The document's body.
        bodies: One row per frame, NaN where missing.
    """
    seen = np.isfinite(bodies.pelvis_camera_m).all(axis=1)
    betas = np.median(bodies.betas[seen].astype(np.float64), axis=0)
    rest_m = np.median(bodies.rest_joints_m[seen].astype(np.float64), axis=0)
    if bodies.rest_joints_m.shape[1] == model.skeleton.joint_count:
        mine_m = model.rest_joints_m(betas)
        apart_m = (mine_m - mine_m[0]) - (rest_m - rest_m[0])
        if float(np.abs(apart_m).max()) < SAME_REST_M:
            return BodyShape(betas=betas[: model.beta_count])
    betas, scale = refit_shape(rest_m, model, source=skeleton_for(len(rest_m)))
    return BodyShape(betas=betas, scale=scale)


def _person(
    view: tuple[Tracklet, Camera],
    model: JointModel,
    pelvis_m: FloatArray,
    *,
    landmark_name: str,
    shape: BodyShape,
    who: int,
) -> FittedPerson:
    tracklet, camera = view
    assert tracklet.bodies is not None
    joints_rad = remapped_joints_rad(
        tracklet.bodies.joints_rad.astype(np.float64),
        skeleton_for(tracklet.bodies.joints_rad.shape[1]),
        model.skeleton,
    )
    _, off_px = reprojection(
        model,
        joints_rad,
        pelvis_m,
        tracklet,
        camera,
        shape=shape,
        landmark_name=landmark_name,
    )
    return FittedPerson(
        tracklet=tracklet,
        betas=tuple(float(b) for b in shape.betas),
        scale=float(shape.scale),
        joints_rad=_root_in_scene(joints_rad, camera),
        root_scene_m=camera.to_scene(pelvis_m),
        reprojection_px=off_px,
        identity=who,
    )


def _root_in_scene(joints_rad: FloatArray, camera: Camera) -> FloatArray:
    """The root turned from camera axes to the scene's; all else is relative to it."""
    turned = joints_rad.copy()
    scene_from_camera = camera.pose()[:, :3].T
    root = scene_from_camera @ matrix_from_rotvec(joints_rad[:, 0])
    turned[:, 0] = rotvec_from_matrix(root)
    return turned
