"""``hpe-studio triangulate``: people in space from several calibrated films."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from hpe_studio.cli.output import print_json, print_lines, progress_bar
from hpe_studio.cli.words import WrongUsage, frame_range

if TYPE_CHECKING:
    from hpe_studio.workflow.triangulating import Triangulation


def triangulate(
    *films: Path,
    calibration: Path | None = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    frames: str | None = None,
    model: Literal["heavy", "full"] = "heavy",
    overwrite: bool = False,
    json: Annotated[
        bool, Parameter(name="--json", help="Print data for machines.")
    ] = False,
) -> int:
    """Join the people that several calibrated cameras saw, and fit bodies to them.

    Args:
        films: Synchronous films; or the folder of a CMU Panoptic sequence, or a
            project with calibrated views.
        calibration: Of CMU Panoptic, EasyMocap or Pose2Sim; one that lies beside the
            films when not given.
        output: Project to write; beside the first film when not given.
        frames: Only these frames of the first film, as A:B (B not included).
        model: Heavy is exact, full is quick.
        overwrite: Start anew where the project exists.
        json: Print data for machines.
    """
    from hpe_studio.workflow.estimate import EstimateOptions
    from hpe_studio.workflow.several_films import open_films
    from hpe_studio.workflow.triangulating import triangulate_into

    if not films:
        raise WrongUsage("no film is named", fix="name two films or more, or a folder")
    options = EstimateOptions(settings={"model": model}, frames=frame_range(frames))
    opened = open_films(
        films, calibration=calibration, project_path=output, overwrite=overwrite
    )
    with progress_bar() as on_progress:
        found = triangulate_into(opened, options, on_progress=on_progress)
    opened.close()
    path = opened.project.path
    if json:
        return print_json(_facts(path, found))
    print_lines(_words(path, found))
    return 0


def _facts(path: Path, found: Triangulation) -> dict[str, Any]:
    return {
        "project": str(path),
        "views": list(found.views),
        "reprojection_px": found.reprojection_px,
        "people": [
            {
                "name": person.points.name,
                "views": person.views,
                "reprojection_px": person.reprojection_px,
            }
            for person in found.people
        ],
    }


def _words(path: Path, found: Triangulation) -> list[str]:
    head = f"{path.name}: {len(found.views)} views, {found.reprojection_px:.1f} px"
    people = [
        f"{p.points.name}: seen by {p.views:.1f} views, "
        f"reprojection {p.reprojection_px:.1f} px (median)"
        for p in found.people
    ]
    return [head, *people]
