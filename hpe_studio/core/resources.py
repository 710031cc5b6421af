"""The one place that knows where the files shipped with the program lie."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource_path(relative: str) -> Path:
    """Path of a shipped file, for example ``"skeletons/smpl24.json"``.

    In a wheel the files are inside the package; in a checkout beside it.

    Raises:
        FileNotFoundError: If the program was installed without that file.
    """
    for root in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        path = root / relative
        if path.exists():
            return path
    raise FileNotFoundError(f"the installation lacks resources/{relative}")
