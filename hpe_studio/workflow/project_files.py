"""Where a project file goes, and how it takes the place of another."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from hpe_studio.assets import data_folder
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.storage.lock import ProjectLock, is_writable_folder
from hpe_studio.storage.project import open_project
from hpe_studio.storage.schema import check_version
from hpe_studio.storage.writer import (
    close_cleanly,
    explain_write_error,
    open_for_writing,
)
from hpe_studio.workflow.kinds import PROJECT_SUFFIX


def project_for(clip: Clip, path: Path) -> Path:
    """A free name for a clip's project, or the project it has already.

    Raises:
        StudioError: If every name is taken or no folder can be written.
    """
    folder = project_folder(path)
    stem = path.name if path.is_dir() else path.stem
    for number in range(1, 1000):
        name = stem if number == 1 else f"{stem} ({number})"
        goal = folder / f"{name}{PROJECT_SUFFIX}"
        if not goal.exists() or _is_of(goal, clip):
            return goal
    raise StudioError("has too many projects", path=path, fix="name one with -o")


def _is_of(project_path: Path, clip: Clip) -> bool:
    try:
        project = open_project(project_path, read_only=True)
    except StudioError:
        return False
    try:
        return project.document.clip.fingerprint == clip.fingerprint
    finally:
        project.close()


def project_folder(path: Path) -> Path:
    """Where the project of a file goes: beside it, or the data folder."""
    folder = path.absolute().parent
    if is_writable_folder(folder):
        return folder
    folder = data_folder() / "projects"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            f"cannot be made ({error.strerror})",
            path=folder,
            fix="name a project with -o, or another data folder with HPE_STUDIO_HOME",
        ) from None
    return folder


def check_goal(path: Path, *, overwrite: bool) -> None:
    """Refuse what could not or must not become a project, before any work.

    Raises:
        StudioError: Saying why.
    """
    if path.is_dir():
        raise StudioError(
            "is a folder", path=path, fix=f"name a file in it, such as {path}/a.hpes"
        )
    if path.suffix.lower() != PROJECT_SUFFIX:
        raise StudioError(
            "is no name for a project", path=path, fix="let it end with .hpes"
        )
    if not path.parent.is_dir():
        raise StudioError("is no folder", path=path.parent, fix="make it first")
    if overwrite and path.exists():
        check_version(path)  # only a project may be replaced


def set_aside(path: Path) -> Path:
    """Move a project out of the way of the one that is to replace it.

    Raises:
        StudioError: If a window has it open or its folder cannot be written.
    """
    if not is_writable_folder(path.parent):
        raise StudioError(
            "cannot be replaced because its folder cannot be written",
            path=path,
            fix="choose another folder with -o",
        )
    lock = ProjectLock(path)
    if not lock.acquire():
        raise StudioError(
            "is open elsewhere", path=path, fix="close it or choose another name"
        )
    try:
        _take_in_log(path)
        for number in range(1, 1000):
            aside = path.with_name(f"{path.stem} (replaced {number}){PROJECT_SUFFIX}")
            if not aside.exists():
                path.replace(aside)
                return aside
    except OSError as error:
        raise explain_write_error(error, path) from None
    finally:
        lock.release()
    raise StudioError("has too many replaced copies", path=path, fix="delete some")


def _take_in_log(path: Path) -> None:
    """Fold in what a killed program left beside a project, so that it can be moved."""
    if path.with_name(f"{path.name}-wal").exists():
        with contextlib.suppress(sqlite3.Error):  # a damaged one may be replaced, too
            close_cleanly(open_for_writing(path))
