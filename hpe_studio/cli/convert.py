"""``hpe-studio convert`` and ``hpe-studio skeleton``: files to files."""

from __future__ import annotations

import json as json_
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from hpe_studio.cli.output import print_json, print_lines
from hpe_studio.cli.words import WrongUsage, named_settings, written_settings

Words = tuple[str, ...]


def convert(
    source: Path,
    goal: Path,
    /,
    *,
    to: str | None = None,
    source_format: Annotated[str, Parameter(name="--from")] = "auto",
    settings: Annotated[Words, Parameter(name="--set")] = (),
    write_settings: Annotated[Words, Parameter(name="--write")] = (),
    json: Annotated[
        bool, Parameter(name="--json", help="Print data for machines.")
    ] = False,
) -> int:
    """Turn a file of motion or points into another: a skeleton pickle into JSON, ...

    Skeletons, shapes and frames stay as they are. What the source does not say (joint
    set, axes, unit, frame rate) is guessed and told, or set with --set.

    Args:
        source: Results file or folder of any maker, or a project.
        goal: File to write.
        to: Format to write; told from the ending when not given.
        source_format: Format to read; told from the content when not given.
        settings: What the source does not say, as NAME=VALUE.
        write_settings: Settings of the format that is written, as NAME=VALUE.
        json: Print data for machines.
    """
    from hpe_studio.workflow import converting
    from hpe_studio.workflow.reading import format_for, read_options

    given: dict[str, Any] = {}
    if settings:
        given = named_settings(
            settings, read_options(format_for(source, source_format))
        )
    report = converting.convert(
        source,
        goal,
        read_as=source_format,
        write_as=to,
        read_options=given,
        write_options=written_settings(write_settings, goal, to),
    )
    if json:
        facts = {
            "files": [str(p) for p in report.paths],
            "max_joint_error_mm": report.max_joint_error_m * 1000,
            "notes": list(report.notes),
        }
        return print_json(facts)
    lines = [f"Wrote {p}" for p in report.paths]
    lines.append(f"Re-read: largest joint error {report.error_text}")
    print_lines([*lines, *report.notes])
    return 0


def skeleton(
    shape: Path,
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    joint_set: Annotated[str | None, Parameter(name="--set")] = None,
    regressor: Path | None = None,
    body: Path | None = None,
    person: int = 0,
) -> int:
    """Joints, bone lengths and parents out of a shape alone, as JSON.

    Args:
        shape: Betas or a mesh at rest: OBJ, npy, npz, JSON or pickle.
        output: JSON file to write.
        joint_set: Joint set (smpl24); with a regressor of your own what its rows are.
        regressor: A joint regressor of your own (joints x vertices; npy, npz, sparse).
        body: Your body model file; the shipped body when not given.
        person: Which, where the file has several shapes.
    """
    import numpy as np

    from hpe_studio.api.joints import regress
    from hpe_studio.core.files import write_replacing
    from hpe_studio.workflow import joint_sets
    from hpe_studio.workflow.converting import check_goal

    check_goal(output, shape)
    wanted = joint_set or "smpl24"
    joints_m = regress(shape, body, wanted, regressor=regressor)
    if joints_m.ndim == 3:
        if not 0 <= person < len(joints_m):
            raise WrongUsage(
                f"there is no person {person}", fix=f"choose 0 to {len(joints_m) - 1}"
            )
        joints_m = joints_m[person]
    points = joint_sets.unnamed_set(len(joints_m))
    if regressor is None or joint_set is not None:
        points = joint_sets.checked_set(wanted)
    if len(points.names) != len(joints_m):
        raise WrongUsage(
            f"{wanted} has {len(points.names)} points, the regressor {len(joints_m)}",
            fix="leave --set out, or choose the set of its rows",
        )
    name = "open" if body is None else body.stem
    facts = joint_sets.skeleton_facts(joints_m, points, body=name)
    write_replacing(output, json_.dumps(facts, indent=1).encode())
    lines = [f"Wrote {output}"]
    absent = int(np.isnan(joints_m).any(axis=1).sum())
    if absent:
        lines.append(f"{absent} points of {points.name} are not on this body")
    print_lines(lines)
    return 0
