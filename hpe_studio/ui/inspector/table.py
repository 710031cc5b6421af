"""Every page of the inspector and every section on it: one line each."""

from __future__ import annotations

from hpe_studio.ui.inspector.before_after import BeforeAfterSection
from hpe_studio.ui.inspector.build import BuildSection
from hpe_studio.ui.inspector.clean_scale import ScaleSection
from hpe_studio.ui.inspector.clean_up import CleanUpSection
from hpe_studio.ui.inspector.clip import ClipSection, LevelSection
from hpe_studio.ui.inspector.common_ground import CommonGroundSection
from hpe_studio.ui.inspector.identity import IdentitySection
from hpe_studio.ui.inspector.key import KeySection
from hpe_studio.ui.inspector.lens import LensSection
from hpe_studio.ui.inspector.notes import NotesSection
from hpe_studio.ui.inspector.page import PageSpec
from hpe_studio.ui.inspector.position import PositionSection
from hpe_studio.ui.inspector.rotation import RotationSection
from hpe_studio.ui.inspector.seen import SeenSection
from hpe_studio.ui.inspector.shape import ShapeSection
from hpe_studio.ui.inspector.takes import TakesSection

PAGES: tuple[PageSpec, ...] = (
    PageSpec(
        id="pose",
        title="Pose",
        sections=(RotationSection, PositionSection, KeySection, BeforeAfterSection),
    ),
    PageSpec(
        id="person",
        title="Person",
        sections=(
            IdentitySection,
            BuildSection,
            ShapeSection,
            SeenSection,
            NotesSection,
        ),
    ),
    PageSpec(
        id="clean_up",
        title="Clean up",
        sections=(CleanUpSection, TakesSection, ScaleSection, CommonGroundSection),
    ),
    PageSpec(
        id="camera",
        title="Camera",
        sections=(LensSection, ClipSection, LevelSection),
        is_about_person=False,
    ),
)
