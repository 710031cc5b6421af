"""What writers of SMPL's parameters share: whose joints and betas they may say."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import PersonMotion
from hpe_studio.core.skeleton import skeleton_for

BODIES = {24: "smpl", 52: "smplh", 55: "smplx"}
FOREIGN_BETAS = (
    "betas are zero, as this body's shape is none of SMPL's; its bones are in the file"
)


def check_is_smpl(person: PersonMotion, path: Path) -> None:
    """Refuse skeletons that are none of SMPL's.

    Raises:
        StudioError: If rotations would mean other joints.
    """
    count = person.skeleton.joint_count
    names = skeleton_for(count).joint_names if count in BODIES else ()
    if person.skeleton.joint_names != names:
        raise StudioError(
            f"holds SMPL's joints, and {person.name} has others",
            path=path,
            fix="write BVH or JSON",
        )


def smpl_betas(person: PersonMotion, count: int) -> FloatArray:
    """Shape coefficients where they are SMPL's, zeros otherwise, shape (count,)."""
    betas = np.zeros(count)
    if person.body:
        known = np.asarray(person.betas, np.float64)[:count]
        betas[: len(known)] = known
    return betas
