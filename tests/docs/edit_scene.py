"""What the calls on the page of edits are made with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import hpe_studio as hs
from hpe_studio.quality.staging import document_of
from hpe_studio.storage.project import write_document
from tests.quality.made import made_stage

KEY_FRAME = 40


@contextmanager
def edit_scene(path: Path) -> Iterator[dict[str, Any]]:
    """Names that a call finds: a project of two people, keys, a problem."""
    stage = made_stage(("foot_slide",), frames=80)
    for report in stage.reports:
        report.betas = (0.5, -0.3)
    write_document(path, document_of(stage))
    with hs.open(path) as project:
        person, other = project.people
        hs.edit.rotate_joint(
            person, "left_elbow", np.radians([0.0, -20.0, 0.0]), frame=KEY_FRAME
        )
        problem = next(one for one in hs.check(project) if one.is_open)
        yield {
            "hs": hs,
            "project": project,
            "person": person,
            "other": other,
            "problem": problem,
        }
