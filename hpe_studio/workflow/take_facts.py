"""What made a take, in words: settings, packages, model files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hpe_studio.core.track import Take

_DIGITS = 12
_FILE = "sha256 "


def take_facts(take: Take) -> dict[str, Any]:
    """A take as plain data, as `hpe-studio info --json` prints it."""
    return {
        "name": take.name,
        "origin": take.origin,
        "created": take.created,
        "options": dict(take.options),
        "versions": dict(take.versions),
    }


def take_lines(facts: Mapping[str, Any]) -> list[str]:
    """The same for people, a line each; checksums are cut short.

    Args:
        facts: Of `take_facts`.
    """
    settings = ", ".join(_named(facts["options"]))
    packages: list[str] = []
    files: list[str] = []
    for name, version in facts["versions"].items():
        before, is_file, digest = str(version).partition(_FILE)
        if is_file:
            named = before.strip() or name
            files.append(f"{named} {_FILE}{digest[:_DIGITS]}…")
        else:
            packages.append(f"{name} {version}")
    made = f"{facts['origin']}, {facts['created'][:16].replace('T', ' ')}".strip(", ")
    return [line for line in (made, settings, ", ".join(packages), *files) if line]


def _named(options: Mapping[str, Any]) -> list[str]:
    """Settings as they were; what is not set, or said elsewhere, is left out."""
    found: list[str] = []
    for name, value in options.items():
        if isinstance(value, Mapping):
            found += _named(value)
        elif isinstance(value, bool):
            found.append(f"{name} {'yes' if value else 'no'}")
        elif name == _FILE.strip():
            found.append(f"{_FILE}{value[:_DIGITS]}…")
        elif isinstance(value, str | int | float) and value != "":
            found.append(f"{name} {value}")
    return found
