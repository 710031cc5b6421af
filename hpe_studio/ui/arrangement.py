"""How panes stood, kept per workspace from one start to the next."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args, get_type_hints

from PySide6.QtCore import QByteArray

from hpe_studio.core.viewstate import Layers
from hpe_studio.ui.settings import settings
from hpe_studio.ui.viewer_layout import ViewerLayout
from hpe_studio.ui.workspaces import WORKSPACES, workspace_spec

VERSION = 3
"""Raised when docks or what is kept of them change their meaning."""

_ACTIVE = "layout.workspace"
_LAYER_NAMES = tuple(f.name for f in fields(Layers) if "_persons" not in f.name)
_LAYER_TYPES = get_type_hints(Layers)

LayerChoice = bool | float | str
"""A switch, a share from 0 to 1, or one of several words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrangement:
    """What a workspace looked like when it was left.

    Attributes:
        docks: Qt's own record of the docks; empty for the first layout.
        viewers: How video and 3D stood.
        layers: What is chosen of the layers.
        inspector_tab: Number of the inspector's page.
        shows_titles: True where all docks show their titles.
    """

    docks: bytes = b""
    viewers: ViewerLayout = field(default_factory=ViewerLayout)
    layers: Mapping[str, LayerChoice] = field(default_factory=dict)
    inspector_tab: int = 0
    shows_titles: bool = False


def layers_of(layers: Layers) -> dict[str, LayerChoice]:
    """What is chosen, by its name; whose eye is closed is not among them."""
    return {name: getattr(layers, name) for name in _LAYER_NAMES}


def with_choices(layers: Layers, choices: Mapping[str, LayerChoice]) -> Layers:
    """The layers chosen so; what is not known, or makes no sense, is left out."""
    known: dict[str, Any] = {n: c for n, c in choices.items() if _is_choice(n, c)}
    return replace(layers, **known)


def kept_arrangement(workspace_id: str) -> Arrangement | None:
    """How a workspace was left; None where it never was, or nobody can read it."""
    told = settings().read(f"layout.{workspace_id}", {})
    if told.get("version") != VERSION:
        return None
    docks = _decoded(told.get("docks"))
    if docks is None:
        return None
    tab, titles = told.get("inspector_tab"), told.get("shows_titles")
    return Arrangement(
        docks=docks,
        viewers=ViewerLayout.from_json(told.get("viewers")),
        layers=_choices(told.get("layers")),
        inspector_tab=tab if isinstance(tab, int) else 0,
        shows_titles=titles is True,
    )


def keep_arrangement(workspace_id: str, arrangement: Arrangement) -> None:
    """Keep how a workspace is left."""
    told: dict[str, Any] = {
        "version": VERSION,
        "docks": b64encode(arrangement.docks).decode(),
        "viewers": arrangement.viewers.as_json(),
        "layers": dict(arrangement.layers),
        "inspector_tab": arrangement.inspector_tab,
        "shows_titles": arrangement.shows_titles,
    }
    settings().write(f"layout.{workspace_id}", told)


def forget_arrangement(workspace_id: str) -> None:
    """Let a workspace start as at first."""
    settings().forget(f"layout.{workspace_id}")


def last_workspace() -> str:
    """The workspace that was in use last."""
    return workspace_spec(settings().read(_ACTIVE, WORKSPACES[0].id)).id


def remember_workspace(workspace_id: str) -> None:
    """Open this workspace first next time."""
    settings().write(_ACTIVE, workspace_id)


def as_bytes(state: QByteArray) -> bytes:
    """Qt's record as plain bytes."""
    return bytes(state.data())


def _decoded(text: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _choices(told: object) -> dict[str, LayerChoice]:
    if not isinstance(told, Mapping):
        return {}
    return {name: chosen for name, chosen in told.items() if _is_choice(name, chosen)}


def _is_choice(name: object, chosen: object) -> bool:
    """Whether a layer of that name can be chosen so."""
    if name not in _LAYER_NAMES:
        return False
    kind = _LAYER_TYPES[str(name)]
    if kind is float:
        return isinstance(chosen, float) and 0.0 <= chosen <= 1.0
    return isinstance(chosen, bool) if kind is bool else chosen in get_args(kind)
