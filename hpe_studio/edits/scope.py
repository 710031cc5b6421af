"""Over which frames something is done."""

from __future__ import annotations

from typing import Literal

from hpe_studio.core.document import Document

Scope = Literal["frame", "onwards", "shot", "clip"]
SCOPES: tuple[Scope, ...] = ("frame", "onwards", "shot", "clip")
"""This frame, from here to the end of the shot, this shot, the clip."""


def scope_range(document: Document, frame: int, scope: Scope) -> tuple[int, int]:
    """The half-open range of clip frames that a scope means on a frame."""
    shot = document.shot_at(frame)
    if scope == "frame":
        return frame, frame + 1
    if scope == "onwards":
        return frame, shot.stop
    if scope == "shot":
        return shot.start, shot.stop
    return 0, document.clip.frame_count
