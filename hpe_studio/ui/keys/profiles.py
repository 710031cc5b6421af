"""Profiles: the keys of other programs, shipped as key files."""

from __future__ import annotations

from functools import cache

from hpe_studio.core.resources import resource_path
from hpe_studio.ui.keys.keyfile import KeyFile, read_key_file

PROFILES = ("studio", "blender", "editor", "annotator")
"""Ids of the profiles, the default one first."""


@cache
def profile(profile_id: str) -> KeyFile:
    """A shipped profile; the default one for an id that is none."""
    name = profile_id if profile_id in PROFILES else PROFILES[0]
    return read_key_file(resource_path(f"keys/{name}.json"))
