"""Whether opened footage is still where it was, and still itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from hpe_studio.core.clip import Clip
from hpe_studio.media.footage import IMAGE_SUFFIXES, file_fingerprint

State = Literal["there", "gone", "changed"]
Mark = tuple[int, int, int]
"""Size, time of the last change in nanoseconds, and number of a file or folder."""


class Presence:
    """Looks after the file or folder of a clip; not for several threads at once.

    A movie is changed when it has another fingerprint. Single images may lack (their
    frames say so themselves); a folder is changed when half of its images are others.

    Args:
        clip: What was opened, with a path.
    """

    def __init__(self, clip: Clip) -> None:
        assert clip.path is not None
        self._path: Path = clip.path
        self._clip = clip
        self._seen: tuple[Mark, State] | None = None
        self._images = _images_in(self._path) if clip.kind == "images" else frozenset()

    def look(self) -> State:
        """How it is now; costs one question to the disk while nothing changes."""
        try:
            mark = _mark_of(self._path)
            if self._seen is None or self._seen[0] != mark:
                self._seen = mark, self._compare()
        except OSError:
            self._seen = None
            return "gone"
        return self._seen[1]

    def _compare(self) -> State:
        if self._clip.kind != "images":
            is_same = file_fingerprint(self._path) == self._clip.fingerprint
            return "there" if is_same else "changed"
        now = _images_in(self._path)
        if not now:
            return "gone"
        is_same = 2 * len(now & self._images) > len(self._images)
        return "there" if is_same else "changed"


def _mark_of(path: Path) -> Mark:
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def _images_in(folder: Path) -> frozenset[tuple[str, int]]:
    """Names and sizes of a folder's images; none where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(
                (entry.name, entry.stat().st_size)
                for entry in entries
                if Path(entry.name).suffix.lower() in IMAGE_SUFFIXES
            )
    except OSError:
        return frozenset()
