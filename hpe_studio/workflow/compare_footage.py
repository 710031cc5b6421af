"""Pictures of compared frames: of the project's clip, a clip that was named, the truth.

A result's own clip counts its frames; films of a Panoptic sequence count the truth's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.errors import StudioError
from hpe_studio.formats.panoptic_folder import is_sequence, panoptic_folder
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.report.pictures import ReadRgb
from hpe_studio.workflow.films import open_film
from hpe_studio.workflow.kinds import PROJECT_SUFFIX
from hpe_studio.workflow.opening import open_saved

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage


@contextmanager
def pictures_of(
    prediction: Path, truth: Path, comparison: Comparison, clip: Path | None = None
) -> Iterator[ReadRgb | None]:
    """What gives the picture of a frame of the result; None where there is none.

    Args:
        prediction: The result.
        truth: What it was compared with.
        comparison: What was found.
        clip: The footage of the result, where a person named it.

    Raises:
        StudioError: If the clip that was named cannot be opened.
    """
    if clip is not None:
        with _closing(open_film(clip)) as footage:
            yield _reader(footage)
        return
    if prediction.suffix.lower() == PROJECT_SUFFIX:
        opened = open_saved(prediction, read_only=True)
        try:
            yield None if opened.footage is None else _reader(opened.footage)
        finally:
            opened.close()
        return
    film = _film_of(truth, comparison.camera)
    if film is None:
        yield None
    elif film.is_dir():
        yield lambda frame: _image(film, _truth_frame(comparison, frame))
    else:
        with _closing(open_film(film)) as footage:
            read = _reader(footage)
            yield lambda frame: read(_truth_frame(comparison, frame))


@contextmanager
def _closing(footage: Footage) -> Iterator[Footage]:
    try:
        yield footage
    finally:
        footage.close()


def _reader(footage: Footage) -> ReadRgb:
    def read(frame: int) -> ByteArray | None:
        if not 0 <= frame < footage.frame_count:
            return None
        try:
            return footage.read_rgb(frame)
        except StudioError:
            return None

    return read


def _truth_frame(comparison: Comparison, frame: int) -> int:
    row = comparison.row_of(frame)
    return -1 if row is None else round(float(comparison.truth_frames[row]))


def _film_of(truth: Path, camera: str) -> Path | None:
    """Movie or folder of images of a camera of a sequence, where it is there."""
    if not camera or not truth.is_dir() or not is_sequence(truth):
        return None
    film = panoptic_folder(truth).films.get(camera)
    return None if film is None else film.path


def _image(folder: Path, frame: int) -> ByteArray | None:
    """The image of a sequence's folder that bears a frame's number."""
    found = sorted(folder.glob(f"*_{frame:08d}.*")) if frame >= 0 else []
    if not found:
        return None
    cv2: Any = import_module("cv2")
    read = cv2.imread(str(found[0]), cv2.IMREAD_COLOR)
    return None if read is None else read[..., ::-1]
