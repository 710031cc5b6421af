"""Results files and folders in, whoever made them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.catalogue import FORMATS, motion_format
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.specs import Option, validated_options
from hpe_studio.formats.panoptic_folder import is_sequence
from hpe_studio.workflow.kinds import format_of

AUTO = "auto"
"""Name of the format that is told from the content."""


def read_motion(
    path: Path, options: Mapping[str, Any] | None = None, *, format_name: str = AUTO
) -> MotionFile:
    """Everything a results file or folder says.

    Args:
        path: File or folder.
        options: The format's own settings.
        format_name: Name in the catalogue, or "auto".

    Raises:
        StudioError: If no format can read it, or it holds nothing.
    """
    name = format_for(path, format_name)
    given = dict(options or {})
    try:
        given = {
            option: value
            for option, value in validated_options(read_options(name), given).items()
            if option in given
        }
    except ValueError as error:
        raise StudioError(str(error), path=path, fix=_options_text(name)) from None
    motion = motion_format(name).read(path, **given)
    _check(motion, path)
    return motion


def format_for(path: Path, format_name: str = AUTO) -> str:
    """The name of the format that reads a path.

    Raises:
        StudioError: If there is nothing, or nothing that a format knows.
    """
    if not path.exists():
        raise StudioError("does not exist", path=path, fix="check the name")
    if format_name not in (AUTO, ""):
        return _named(path, format_name)
    if path.is_dir() and not any(path.iterdir()):
        raise StudioError("is an empty folder", path=path, fix="choose the results")
    name = format_of(path)
    if name is None:
        what = "holds no results" if path.is_dir() else "is no results file"
        raise StudioError(f"{what} of a known format", path=path, fix=_way_out(path))
    return name


def _way_out(path: Path) -> str:
    """What to do about a path no format knows."""
    parts = path.iterdir() if path.is_dir() else ()
    inner = sorted(part.name for part in parts if is_sequence(part))
    if inner:
        return f"choose a sequence in it ({', '.join(inner[:3])})"
    return "choose a format, or convert it to BVH or to HPE Studio's JSON"


def _named(path: Path, name: str) -> str:
    reads = [n for n in FORMATS if motion_format(n).SPEC.reads]
    if name not in reads:
        raise StudioError(
            f"there is no format {name!r} to read", fix=f"use {', '.join(reads)}"
        )
    if path.is_dir() and not motion_format(name).SPEC.reads_folders:
        label = motion_format(name).SPEC.label
        raise StudioError(
            f"is a folder, and {label} is a file", path=path, fix="choose the file"
        )
    return name


def read_options(format_name: str) -> tuple[Option, ...]:
    """What can be said about files of a format that do not say it themselves."""
    return motion_format(format_name).SPEC.read_options


def _options_text(format_name: str) -> str:
    names = ", ".join(option.name for option in read_options(format_name))
    return f"set one of {names}" if names else "this format has no settings"


def results_digest(path: Path) -> str:
    """SHA-256 by which results are known again.

    Of a file over its first and last 8 MiB; of a folder over names, sizes and times.
    """
    from hpe_studio.media.footage import file_fingerprint

    if not path.is_dir():
        return file_fingerprint(path).sha256
    digest = hashlib.sha256()
    for entry in sorted(path.rglob("*")):
        if entry.is_file():
            facts = entry.stat()
            name = entry.relative_to(path).as_posix()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _check(motion: MotionFile, path: Path) -> None:
    """Refuse results without anybody.

    Raises:
        StudioError: Saying what is lacking.
    """
    if not motion.people and not motion.points:
        return
    for person in motion.people:
        if np.isfinite(person.root_scene_m).any():
            return
    for run in motion.points:
        for points in (run.points_scene_m, run.points_px):
            if points is not None and np.isfinite(points).any():
                return
    raise StudioError(
        "holds nobody: every number in it is missing",
        path=path,
        fix="look at what made it; it found nobody or was stopped",
    )
