"""Which body model a document is shown and measured with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from hpe_studio.body import Body, load_body, open_body
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.tables import Setting
from hpe_studio.motion.shape import refit_shape

OPEN = "open"
"""Value of the setting "body" that means the shipped one."""


def body_of(document: Document) -> tuple[Body, str]:
    """The document's body model, and a sentence where the shipped one stands in.

    A project that names a file which is not there is shown with the shipped body.
    """
    name = str(document.setting("body", OPEN))
    if name == OPEN:
        return open_body(), ""
    try:
        return load_body(Path(name)), ""
    except StudioError as error:
        return open_body(), f"{error}; the open body stands in"


def kind_of_body(document: Document) -> str:
    """Whose shapes a document's people have: "smpl", "smplh", "smplx", "" for ours."""
    body, warning = body_of(document)
    if warning or str(document.setting("body", OPEN)) == OPEN:
        return ""
    return body.skeleton.name.rstrip("0123456789")


def choose_body(document: Document, path: Path | None) -> Body:
    """Use another body model: pose and place stay, shapes are found anew, one edit.

    Betas of one model mean nothing on another: each person's shape and scale are
    refitted so that the bones keep their lengths.

    Args:
        document: Whose body.
        path: A SMPL, SMPL-H or SMPL-X file; the shipped body when None.

    Raises:
        StudioError: If the file is no body model.
    """
    body = open_body() if path is None else load_body(path)
    before, _ = body_of(document)
    with document.edit("Choose body") as edit:
        name = OPEN if path is None else str(path.absolute())
        edit.put(Setting(name="body", value=name))
        for person in document.persons.values():
            rest_m = before.joint_model.rest_joints_m(
                np.asarray(person.betas), scale=person.scale
            )
            betas, scale = refit_shape(rest_m, body.joint_model, source=before.skeleton)
            same = tuple(float(b) for b in betas)  # the person stays, locked or not
            edit.put(replace(person, betas=same, scale=float(scale)))
    return body
