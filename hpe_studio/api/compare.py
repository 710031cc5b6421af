"""Results against the truth, for scripts."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from hpe_studio.api.project import AnyPath
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.protocol import Protocol, named
from hpe_studio.workflow.compare import CompareOptions, as_rate
from hpe_studio.workflow.compare_many import compare_runs, planned


def compare(
    prediction: AnyPath,
    truth: AnyPath,
    output: AnyPath | None = None,
    *,
    protocol: str | Protocol = "studio",
    fps: object = None,
    **options: Any,
) -> Comparison:
    """Compare a result with the truth.

    Args:
        prediction: Project, results file or folder.
        truth: Folder of a Panoptic sequence, project or results file.
        output: Folder for the report; nothing is written when None.
        protocol: Name of a protocol ("studio", "romp", "crmp", "voxelpose"), or one of
            your own (`dataclasses.replace(hpe_studio.metrics.protocol.NAMED[...])`).
        fps: Rate of the prediction, "same", "find", or None where the files say it.
        **options: `align`, `camera`, `offset` (a number, or "find"), `frames` (a
            half-open range), `frame_list`; and any setting of the protocol (`root`,
            `matching`, `gate`, ...).

    Returns:
        Errors by frame, person and joint, who is who, and all measures
        (``found.measures["pa_mpjpe"].value``).

    Raises:
        StudioError: If something cannot be read or compared.
    """
    rules = named(protocol) if isinstance(protocol, str) else protocol
    own = {field.name for field in fields(CompareOptions)} - {"protocol", "fps"}
    settings = {field.name for field in fields(Protocol)} - own - {"name"}
    unknown = sorted(set(options) - own - settings)
    if unknown:
        raise StudioError(
            f"{unknown[0]!r} is no setting", fix=f"use {', '.join(sorted(own))}"
        )
    changed = {name: value for name, value in options.items() if name in settings}
    chosen = CompareOptions(
        protocol=replace(rules, **changed),
        fps=as_rate(None if fps is None else str(fps)),
        **{name: value for name, value in options.items() if name in own},
    )
    runs = planned([Path(prediction)], Path(truth))
    folder = None if output is None else Path(output)
    (found,) = run_job(compare_runs(runs, chosen, folder))
    return found.comparison
