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
    from hpe_studio.api import Motion, Person, Project, check, estimate, export, read
    from hpe_studio.api import open_anything as open  # noqa: A004
    from hpe_studio.api_compare import compare
    from hpe_studio.api_import import examine, import_results
    from hpe_studio.api_joints import convert, joints, regress, write
    from hpe_studio.api_scenes import synth, triangulate
    from hpe_studio.api_truth import attach_truth, compare_with_truth
    from hpe_studio.core.errors import StudioError

_HOME_OF = {
    "Motion": "hpe_studio.api",
    "Person": "hpe_studio.api",
    "Project": "hpe_studio.api",
    "StudioError": "hpe_studio.core.errors",
    "attach_truth": "hpe_studio.api_truth",
    "check": "hpe_studio.api",
    "compare": "hpe_studio.api_compare",
    "compare_with_truth": "hpe_studio.api_truth",
    "convert": "hpe_studio.api_joints",
    "estimate": "hpe_studio.api",
    "examine": "hpe_studio.api_import",
    "export": "hpe_studio.api",
    "import_results": "hpe_studio.api_import",
    "joints": "hpe_studio.api_joints",
    "open": "hpe_studio.api",
    "read": "hpe_studio.api",
    "regress": "hpe_studio.api_joints",
    "synth": "hpe_studio.api_scenes",
    "triangulate": "hpe_studio.api_scenes",
    "write": "hpe_studio.api_joints",
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
