"""Projects that were open lately, remembered in the data folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hpe_studio.assets import data_folder
from hpe_studio.core.errors import StudioError
from hpe_studio.ui.session import Session

_KEPT = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class RecentProject:
    """One entry.

    Attributes:
        path: The project file.
        summary: "3 people, 4500 frames".
        opened: When it was open last, ISO 8601.
    """

    path: Path
    summary: str
    opened: str

    @property
    def when(self) -> str:
        """The day, as people say it."""
        try:
            moment = datetime.fromisoformat(self.opened)
        except ValueError:
            return ""
        days = (datetime.now().astimezone().date() - moment.date()).days
        if days == 0:
            return f"today {moment:%H:%M}"
        return "yesterday" if days == 1 else f"{moment:%a} {moment.day} {moment:%b}"


def recent_projects() -> tuple[RecentProject, ...]:
    """Projects that still exist, newest first; none where the list is unreadable."""
    try:
        entries = json.loads(_file().read_text(encoding="utf-8"))
        found = tuple(
            RecentProject(
                path=Path(entry["path"]),
                summary=str(entry["summary"]),
                opened=str(entry["opened"]),
            )
            for entry in entries
        )
    except (OSError, ValueError, KeyError, TypeError, StudioError):
        return ()
    return tuple(project for project in found if project.path.is_file())


def remember(session: Session) -> None:
    """Put a project at the top of the list; a list that cannot be written stays."""
    count = len(session.document.persons)
    people = "1 person" if count == 1 else f"{count} people"
    frames = session.document.clip.frame_count
    opened = RecentProject(
        path=session.project.path.absolute(),
        summary=f"{people}, {frames} frames",
        opened=datetime.now().astimezone().isoformat(timespec="seconds"),
    )
    others = [p for p in recent_projects() if p.path != opened.path]
    entries = [
        {"path": str(p.path), "summary": p.summary, "opened": p.opened}
        for p in (opened, *others)[:_KEPT]
    ]
    file = _file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".new")
        beside.write_text(json.dumps(entries, indent=1), encoding="utf-8")
        beside.replace(file)
    except OSError:
        return


def _file() -> Path:
    return data_folder() / "recent.json"
