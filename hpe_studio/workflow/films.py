"""Long films: their frames are read once, as a job, and known from then on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hpe_studio.assets import data_folder
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.formats.panoptic_folder import panoptic_folder
from hpe_studio.workflow.kinds import kind_of

if TYPE_CHECKING:
    from fractions import Fraction

    from hpe_studio.core.jobs import Job
    from hpe_studio.media.footage import Footage
    from hpe_studio.media.frameindex import FrameIndex
    from hpe_studio.media.indexstore import IndexStore

LONG_FROM_BYTES = 24 << 20
"""Smaller movies are read in less time than it takes to say so."""


def indices() -> IndexStore:
    """Where the frames of long films are kept."""
    from hpe_studio.media.indexstore import IndexStore

    return IndexStore(data_folder() / "indices")


def open_film(path: Path, *, fps: Fraction | None = None) -> Footage:
    """Open footage; a film that was read before opens at once.

    Raises:
        StudioError: If there is nothing readable at `path`.
    """
    from hpe_studio.media import open_footage

    return open_footage(path, fps=fps, indices=indices())


def unread_film(path: Path) -> Path | None:
    """The long movie behind a path (itself, or a project's) nobody has read yet.

    None where there is none, also where opening it would fail: opening says why.
    """
    from hpe_studio.media.footage import file_fingerprint

    try:
        kind = kind_of(path)
        movie = _movie_of_project(path) if kind == "project" else path
        if kind == "motion":
            movie = _movie_of_sequence(path)
        if movie is None or not movie.is_file():
            return None
        if movie.stat().st_size < LONG_FROM_BYTES:
            return None
        known = indices().load(movie, file_fingerprint(movie))
    except (StudioError, OSError):
        return None
    return movie if known is None else None


def read_film(path: Path) -> Job[FrameIndex]:
    """Find the frames of a movie and keep them; it opens at once from then on.

    `Progress.partial` tells the frames of the first part now and then.

    Raises:
        StudioError: If the file is no movie, or has no picture that decodes.
    """
    from hpe_studio.media.footage import check_file
    from hpe_studio.media.movie import read_index

    check_file(path)
    found = yield from read_index(path, indices())
    return found


def first_part(path: Path, index: FrameIndex) -> Footage:
    """The footage of a film of which only the first part is known."""
    from hpe_studio.media.movie import MovieFootage

    return MovieFootage(path, index=index)


def _movie_of_sequence(path: Path) -> Path | None:
    """The movie that opening a Panoptic sequence begins with."""
    from hpe_studio.workflow.sequences import is_filmed_sequence, main_film

    if not is_filmed_sequence(path):
        return None
    return main_film(panoptic_folder(path)).path


def _movie_of_project(path: Path) -> Path | None:
    """Where a project's movie lies, or lies beside it."""
    from hpe_studio.storage.reader import clip_of

    clip: Clip = clip_of(path)
    if clip.path is None or clip.kind != "movie":
        return None
    beside = path.absolute().parent / clip.path.name
    return next((p for p in (clip.path, beside) if p.is_file()), None)
