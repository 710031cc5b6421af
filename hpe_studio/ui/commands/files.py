"""Opening, running, exporting, closing."""

from __future__ import annotations

from hpe_studio.core.errors import StudioError
from hpe_studio.ui.commands.desk import Desk, session_of


def open_file(desk: Desk) -> None:
    """Open a clip, project or results file."""
    desk.asking.for_clip()


def open_folder(desk: Desk) -> None:
    """Open a folder of images."""
    desk.asking.for_folder()


def open_results(desk: Desk) -> None:
    """Open a results file."""
    desk.asking.for_results()


def import_results(desk: Desk) -> None:
    """Add a results file to the open project."""
    desk.asking.for_import()


def import_folder(desk: Desk) -> None:
    """Add a folder of results to the open project."""
    desk.asking.for_import_folder()


def attach_clip(desk: Desk) -> None:
    """Give a project that was made of results its clip."""
    desk.asking.for_attaching()


def open_sample(desk: Desk) -> None:
    """Open the sample clip."""
    desk.open_sample()


def run_estimate(desk: Desk) -> None:
    """Set up an estimation."""
    desk.asking.for_run()


def set_up_romp(desk: Desk) -> None:
    """Say which files ROMP and BEV need, and take them in."""
    desk.asking.for_own_files()


def export(desk: Desk) -> None:
    """Show the export window."""
    desk.asking.for_export()


def locate_footage(desk: Desk) -> None:
    """Say where the clip is after it moved."""
    desk.asking.for_footage()


def save_copy(desk: Desk) -> None:
    """Write a copy of the project."""
    desk.asking.for_copy()


def open_for_editing(desk: Desk) -> None:
    """Edit a project that was open for reading only."""
    desk.open_for_editing()


def write_again(desk: Desk) -> None:
    """Keep the edits that could not be kept before."""
    session = session_of(desk)
    try:
        session.project.write_again()
    except StudioError as error:
        session.notices.tell_not_written(error)
    else:
        session.notices.say(f"All edits are kept in {session.project.path.name}")


def close_project(desk: Desk) -> None:
    """Go back to the start page."""
    desk.close_session()


def quit_program(desk: Desk) -> None:
    """Close the window."""
    desk.close()


def about(desk: Desk) -> None:
    """Tell name, version and licences."""
    desk.asking.about()
