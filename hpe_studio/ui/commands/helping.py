"""What is new, whose work it stands on, what failed."""

from __future__ import annotations

from hpe_studio.ui.commands.desk import Desk


def whats_new(desk: Desk) -> None:
    """Tell what changed in this version and those before."""
    desk.asking.about("news")


def licences(desk: Desk) -> None:
    """Tell whose work the program stands on."""
    desk.asking.about("licences")


def report(desk: Desk) -> None:
    """Show what a report of the last failure would contain."""
    desk.asking.report()
