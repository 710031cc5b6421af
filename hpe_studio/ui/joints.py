"""Joint and source names as people read them."""

from __future__ import annotations

from hpe_studio.core.track import Source

_SOURCES = {
    Source.MISSING: "Missing",
    Source.ESTIMATED: "Estimated",
    Source.IMPORTED: "Imported",
    Source.FILTERED: "Filtered",
    Source.FILLED: "Filled",
    Source.KEYED: "Keyed",
}


def joint_title(name: str) -> str:
    """A joint's name in words ("Right knee", "Spine 2")."""
    words = name.replace("_", " ").strip()
    if words and words[-1].isdigit() and not words[-2:-1].isspace():
        words = f"{words[:-1]} {words[-1]}"
    return words[:1].upper() + words[1:]


def source_title(code: int) -> str:
    """Where a rotation comes from ("Filtered")."""
    return _SOURCES[Source(code)]


def source_token(code: int) -> str:
    """The theme's colour of a source."""
    return f"source.{Source(code).name.lower()}"
