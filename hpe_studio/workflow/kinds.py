"""What kind of thing a path is: project, footage or motion file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from hpe_studio.catalogue import FORMATS, motion_format
from hpe_studio.core.errors import StudioError

Kind = Literal["project", "clip", "motion"]

PROJECT_SUFFIX = ".hpes"


def kind_of(path: Path) -> Kind:
    """Tell projects, footage and motion files apart by ending, then by content.

    Raises:
        StudioError: If there is nothing at the path.
    """
    try:
        path.stat()
    except FileNotFoundError:
        raise StudioError("does not exist", path=path, fix="check the name") from None
    except OSError as error:
        raise StudioError(
            f"cannot be opened ({error.strerror})", path=path, fix="check the name"
        ) from None
    if path.is_dir():
        return "clip" if format_of(path) is None else "motion"
    if path.suffix.lower() == PROJECT_SUFFIX:
        return "project"
    if path.is_file() and format_of(path) is not None:
        return "motion"
    return "clip"


def format_of(path: Path) -> str | None:
    """The motion format that is surest it can read a file or folder, or None.

    Raises:
        StudioError: If the file cannot be read.
    """
    is_folder = path.is_dir()
    head = b"" if is_folder else _head(path)
    specs = {name: motion_format(name).SPEC for name in FORMATS}
    known = [
        name
        for name, spec in specs.items()
        if spec.reads and (spec.reads_folders or not is_folder)
    ]
    sure = {name: motion_format(name).sniff(path, head) for name in known}
    best = max(sure, key=lambda name: sure[name], default=None)
    return best if best is not None and sure[best] > 0 else None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})",
            path=path,
            fix="check that you may read it",
        ) from None
