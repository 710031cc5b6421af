"""All menus' tables in the order they are shown."""

from __future__ import annotations

from hpe_studio.ui.actions.spec import ActionSpec
from hpe_studio.ui.actions.table_cleaning import CLEANING
from hpe_studio.ui.actions.table_compare import COMPARE
from hpe_studio.ui.actions.table_edit import EDIT
from hpe_studio.ui.actions.table_file import FILE
from hpe_studio.ui.actions.table_help import HELP
from hpe_studio.ui.actions.table_lanes import LANES
from hpe_studio.ui.actions.table_layout import LAYOUT
from hpe_studio.ui.actions.table_person import PERSON
from hpe_studio.ui.actions.table_play import PLAY
from hpe_studio.ui.actions.table_problems import PROBLEMS
from hpe_studio.ui.actions.table_track import TRACK
from hpe_studio.ui.actions.table_view import VIEW
from hpe_studio.ui.actions.table_views import VIEWS

ACTIONS: tuple[ActionSpec, ...] = (
    *FILE,
    *EDIT,
    *CLEANING,
    *VIEW,
    *LANES,
    *VIEWS,
    *LAYOUT,
    *PLAY,
    *PERSON,
    *TRACK,
    *PROBLEMS,
    *COMPARE,
    *HELP,
)
MENUS: tuple[str, ...] = tuple(dict.fromkeys(spec.menu for spec in ACTIONS))
