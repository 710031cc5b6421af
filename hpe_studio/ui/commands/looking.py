"""Views, framing and layers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

from hpe_studio.ui.commands.desk import Desk, session_of


def view_front(desk: Desk) -> None:
    """Look from the front."""
    session_of(desk).requests.preset_wanted.emit("front")


def view_side(desk: Desk) -> None:
    """Look from the side."""
    session_of(desk).requests.preset_wanted.emit("side")


def view_top(desk: Desk) -> None:
    """Look from above."""
    session_of(desk).requests.preset_wanted.emit("top")


def view_camera(desk: Desk) -> None:
    """Look through the clip's camera, the picture behind."""
    session_of(desk).requests.preset_wanted.emit("camera")


def view_home(desk: Desk) -> None:
    """Look as at first."""
    session_of(desk).requests.preset_wanted.emit("home")


def frame_selection(desk: Desk) -> None:
    """Bring the selection, or everyone, into view."""
    session_of(desk).requests.framing_wanted.emit()


def toggle_docks(desk: Desk) -> None:
    """Hide the docks, or bring them back."""
    session_of(desk).requests.docks_wanted.emit()


def maximise(desk: Desk) -> None:
    """Give the viewer under the pointer all the room, or take it back."""
    session_of(desk).requests.maximise_wanted.emit()


def next_region(desk: Desk) -> None:
    """Put the focus into the next region."""
    session_of(desk).requests.next_region_wanted.emit()


def _toggle_layer(name: str, desk: Desk) -> None:
    view = session_of(desk).view
    view.layers = replace(view.layers, **{name: not getattr(view.layers, name)})


def toggle_mesh(desk: Desk) -> None:
    """Lay the bodies over the picture, filled and outlined, or take them off."""
    view = session_of(desk).view
    mesh = "both" if view.layers.mesh == "off" else "off"
    view.layers = replace(view.layers, mesh=mesh)


def place_truth(place: Literal["on", "beside", "place"], desk: Desk) -> None:
    """Let the truth stand otherwise in 3D."""
    view = session_of(desk).view
    view.layers = replace(view.layers, truth=True, truth_place=place)


toggle_truth = partial(_toggle_layer, "truth")
toggle_error_lines = partial(_toggle_layer, "error_lines")
toggle_error_colours = partial(_toggle_layer, "error_colours")
toggle_skeletons = partial(_toggle_layer, "skeletons")
toggle_boxes = partial(_toggle_layer, "boxes")
toggle_names = partial(_toggle_layer, "names")
toggle_bodies = partial(_toggle_layer, "bodies")
toggle_ghost = partial(_toggle_layer, "ghost")
toggle_floor = partial(_toggle_layer, "floor")
toggle_frustum = partial(_toggle_layer, "frustum")
toggle_curves = partial(_toggle_layer, "curves")
toggle_error_strip = partial(_toggle_layer, "error_strip")
toggle_thumbnails = partial(_toggle_layer, "thumbnails")
