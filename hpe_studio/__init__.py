"""HPE Studio: human motion out of ordinary video, as a library.

    import hpe_studio as hs

    with hs.estimate("clip.mp4") as project:
        print(project.people[0].motion.joints_scene_m.shape)
        hs.export(project, "out.bvh")

Names are loaded on use, so that the import itself is quick and knows no Qt.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from hpe_studio import edit
    from hpe_studio.api.compare import compare
    from hpe_studio.api.joints import convert, joints, regress, write
    from hpe_studio.api.project import (
        Motion,
        Person,
        Project,
        check,
        estimate,
        export,
        read,
    )
    from hpe_studio.api.project import open_anything as open  # noqa: A004
    from hpe_studio.api.results import examine, import_results
    from hpe_studio.api.scenes import synth, triangulate
    from hpe_studio.api.truth import attach_truth, compare_with_truth
    from hpe_studio.core.errors import StudioError

_HOME_OF = {
    "Motion": "hpe_studio.api.project",
    "Person": "hpe_studio.api.project",
    "Project": "hpe_studio.api.project",
    "StudioError": "hpe_studio.core.errors",
    "attach_truth": "hpe_studio.api.truth",
    "check": "hpe_studio.api.project",
    "compare": "hpe_studio.api.compare",
    "compare_with_truth": "hpe_studio.api.truth",
    "convert": "hpe_studio.api.joints",
    "estimate": "hpe_studio.api.project",
    "examine": "hpe_studio.api.results",
    "export": "hpe_studio.api.project",
    "import_results": "hpe_studio.api.results",
    "joints": "hpe_studio.api.joints",
    "open": "hpe_studio.api.project",
    "read": "hpe_studio.api.project",
    "regress": "hpe_studio.api.joints",
    "synth": "hpe_studio.api.scenes",
    "triangulate": "hpe_studio.api.scenes",
    "write": "hpe_studio.api.joints",
}
_OTHER_NAME = {"open": "open_anything"}

__all__ = [
    "Motion",
    "Person",
    "Project",
    "StudioError",
    "__version__",
    "attach_truth",
    "check",
    "compare",
    "compare_with_truth",
    "convert",
    "edit",
    "estimate",
    "examine",
    "export",
    "import_results",
    "joints",
    "open",
    "read",
    "regress",
    "synth",
    "triangulate",
    "write",
]


def __getattr__(name: str) -> Any:
    if name == "edit":
        return import_module("hpe_studio.edit")
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), _OTHER_NAME.get(name, name))


def __dir__() -> list[str]:
    return sorted(__all__)
