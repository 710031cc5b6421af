"""Projects that were open lately, remembered in the data folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from hpe_studio.assets import data_folder
from hpe_studio.core.errors import StudioError
from hpe_studio.ui import thumbnails
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr

_KEPT = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class RecentProject:
    """One entry.

    Attributes:
        path: The project file; it may be gone since.
        summary: "3 people, 4500 frames".
        opened: When it was open last, ISO 8601.
        note: What has been done with it ("4 tracks").
    """

    path: Path
    summary: str
    opened: str
    note: str = ""

    @property
    def when(self) -> str:
        """The day, as people say it."""
        try:
            moment = datetime.fromisoformat(self.opened)
        except ValueError:
            return ""
        days = (datetime.now().astimezone().date() - moment.date()).days
        if days == 0:
            return tr("today {clock}").format(clock=f"{moment:%H:%M}")
        if days == 1:
            return tr("yesterday")
        return f"{moment:%a} {moment.day} {moment:%b}"

    def matches(self, wanted: str) -> bool:
        """True where every word asked for is in the path."""
        path = str(self.path).casefold()
        return all(word in path for word in wanted.casefold().split())


def recent_projects() -> tuple[RecentProject, ...]:
    """Projects, newest first; none where the list is unreadable.

    Whether they still exist is not looked at: a share that is gone can take long.
    """
    try:
        entries = json.loads(_file().read_text(encoding="utf-8"))
        return tuple(
            RecentProject(
                path=Path(entry["path"]),
                summary=str(entry["summary"]),
                opened=str(entry["opened"]),
                note=str(entry.get("note", "")),
            )
            for entry in entries
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StudioError):
        return ()


def remember(session: Session) -> None:
    """Put a project at the top of the list, with a picture of the frame shown.

    A list that cannot be written stays as it is.
    """
    document = session.document
    people, tracks = len(document.persons), len(document.tracks)
    frames = document.clip.frame_count
    opened = RecentProject(
        path=session.project.path.absolute(),
        summary=f"{_counted(people, '1 person', '{n} people')}, "
        f"{_counted(frames, '1 frame', '{n} frames')}",
        opened=datetime.now().astimezone().isoformat(timespec="seconds"),
        note=_counted(tracks, "1 track", "{n} tracks") if tracks else "",
    )
    _write([opened, *(p for p in recent_projects() if p.path != opened.path)])
    thumbnails.keep(session)


def forget(path: Path) -> None:
    """Take a project out of the list; its file stays."""
    _write([p for p in recent_projects() if p.path != path])
    thumbnails.forget(path)


def moved(old: Path, new: Path) -> None:
    """Remember that a project lies elsewhere now."""
    projects = [p for p in recent_projects() if p.path != new]
    _write([replace(p, path=new) if p.path == old else p for p in projects])
    thumbnails.forget(old)


def _counted(number: int, one: str, more: str) -> str:
    return tr(one) if number == 1 else tr(more).format(n=number)


def _write(projects: list[RecentProject]) -> None:
    entries = [asdict(p) | {"path": str(p.path)} for p in projects[:_KEPT]]
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
