"""Key files: JSON that people pass on; what comes from outside is not trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.ui.keys.words import chord

_MOST_BYTES = 256 * 1024
_MOST_ACTIONS = 2000
_MOST_KEYS = 8
_FIX = "choose a file that was written by Preferences > Keys > Export"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyFile:
    """What a key file says.

    Attributes:
        name: Of the profile.
        about: One sentence.
        keys: Keys by action; actions that are not named keep theirs.
        warnings: Sentences about what was left out.
    """

    name: str = ""
    about: str = ""
    keys: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )
    warnings: tuple[str, ...] = ()


def read_key_file(path: Path, known: Sequence[str] | None = None) -> KeyFile:
    """Read a key file.

    Args:
        path: The file.
        known: Ids of actions; others are left out with a warning. None takes all.

    Raises:
        StudioError: If it cannot be read or is no key file.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise StudioError("is too big for a key file", path=path, fix=_FIX)
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise StudioError(problem, path=path, fix=_FIX) from None
    except (ValueError, RecursionError):
        raise StudioError("is no key file", path=path, fix=_FIX) from None
    table = data.get("keys") if isinstance(data, dict) else None
    if not isinstance(table, dict) or len(table) > _MOST_ACTIONS:
        raise StudioError("holds no table of keys", path=path, fix=_FIX)
    keys, warnings = parse_table(table, known)
    return KeyFile(
        name=_line(data.get("name")),
        about=_line(data.get("about")),
        keys=keys,
        warnings=warnings,
    )


def write_key_file(
    path: Path, keys: Mapping[str, Sequence[str]], *, name: str = ""
) -> None:
    """Write a key file.

    Raises:
        StudioError: If it cannot be written; nothing existing is harmed.
    """
    table = {action: list(told) for action, told in keys.items()}
    text = json.dumps({"name": name, "keys": table}, indent=1, ensure_ascii=False)
    try:
        write_replacing(path, text.encode() + b"\n")
    except OSError as error:
        raise StudioError(
            f"cannot be written ({error.strerror})",
            path=path,
            fix="choose another folder",
        ) from None


def parse_table(
    table: Mapping[Any, Any], known: Sequence[str] | None = None
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The usable part of a table of keys, and sentences about the rest."""
    keys: dict[str, tuple[str, ...]] = {}
    strange: list[str] = []
    bad: list[str] = []
    for action, told in table.items():
        if known is not None and action not in known:
            strange.append(_line(action))
        elif not isinstance(told, list) or len(told) > _MOST_KEYS:
            bad.append(_line(action))
        else:
            usable = [chord(k) if isinstance(k, str) else "" for k in told]
            keys[str(action)] = tuple(dict.fromkeys(filter(None, usable)))
            if "" in usable:
                bad.append(_line(action))
    warnings = (_said("unknown here", strange), _said("not understood", bad))
    return keys, tuple(filter(None, warnings))


def _said(what: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    few = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return f"{len(names)} left out, {what}: {few}"


def _line(value: object) -> str:
    return " ".join(value.split())[:120] if isinstance(value, str) else ""
