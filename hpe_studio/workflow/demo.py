"""The main job on the sample clip, without any question."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.assets import fetch, path_of
from hpe_studio.body import open_body
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.core.jobs import Progress, run_job
from hpe_studio.posing.posed import Poser
from hpe_studio.storage.project import open_project
from hpe_studio.workflow.estimate import EstimateOptions
from hpe_studio.workflow.estimating import estimate_into
from hpe_studio.workflow.exporting import export
from hpe_studio.workflow.info import info
from hpe_studio.workflow.opening import open_clip


@dataclass(frozen=True, kw_only=True, slots=True)
class Demo:
    """What was made.

    Attributes:
        project: The project file.
        best_frame: The frame that shows most people.
        lines: Sentences about what was found and written.
    """

    project: Path
    best_frame: int
    lines: tuple[str, ...]


def make_demo(
    folder: Path, *, on_progress: Callable[[Progress], None] | None = None
) -> Demo:
    """Estimate the sample clip and write project, BVH, JSON and a report.

    Raises:
        StudioError: If the folder cannot be written or model files cannot be had.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            f"cannot be made ({error.strerror})", path=folder, fix="choose another -o"
        ) from None
    clip = _sample(on_progress)
    project_path = folder / "demo.hpes"
    _keep_edits(project_path)
    opened = open_clip(clip, project_path=project_path, overwrite=True)
    try:
        _, warnings = estimate_into(opened, EstimateOptions(), on_progress=on_progress)
        document = opened.project.document
        poser = Poser(document, open_body())
        notes = list(warnings)
        written: list[Path] = [project_path]
        for name in ("demo.bvh", "demo.json"):
            if document.persons:
                report = export(document, poser, folder / name)
                written += report.paths
                notes.append(
                    f"{name}: largest joint error when re-read {report.error_text}"
                )
        best = best_frame(document)
        poser.close()
    finally:
        opened.close()
    facts = run_job(info(project_path))
    facts["notes"] = notes
    report_path = folder / "report.json"
    write_replacing(report_path, json.dumps(facts, indent=1).encode() + b"\n")
    lines = (*_lines(facts), *notes, *(f"Wrote {p}" for p in (*written, report_path)))
    return Demo(project=project_path, best_frame=best, lines=lines)


def _keep_edits(path: Path) -> None:
    """Refuse to make the demo anew over somebody's own work.

    Raises:
        StudioError: If the project holds edits beyond what the demo makes.
    """
    if not path.exists():
        return
    project = open_project(path, read_only=True)
    last = project.document.history.undo_label
    project.close()
    if last not in (None, "Estimate people", "Smooth"):
        raise StudioError(
            "holds edits of yours", path=path, fix="choose another folder with -o"
        )


def best_frame(document: Document) -> int:
    """The frame on which most people are present, the middle one of several."""
    present = np.zeros(document.clip.frame_count, dtype=int)
    for track in document.tracks.values():
        present[track.start : track.stop] += np.isfinite(track.base_root_m[:, 0])
    candidates = np.flatnonzero(present == present.max())
    return int(candidates[len(candidates) // 2])


def _sample(on_progress: Callable[[Progress], None] | None) -> Path:
    try:
        return path_of("sample_clip")
    except StudioError:
        run_job(fetch(None), on_progress=on_progress)
        return path_of("sample_clip")


def _lines(facts: dict[str, Any]) -> list[str]:
    people = facts["people"]
    lines = [f"Found {len(people)} people in {facts['frames']} frames"]
    lines += [
        f"  {p['name']}: frames {p['first']:04d}-{p['last']:04d} ({p['frames']} seen)"
        for p in people
        if p["frames"]
    ]
    if facts["reprojection_px"] is not None:
        lines.append(f"  reprojection {facts['reprojection_px']:.1f} px (median)")
    return lines
