"""What becomes of files that are dropped on the window, told before they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.ui.words import tr
from hpe_studio.workflow.kinds import kind_of
from hpe_studio.workflow.sequences import is_filmed_sequence
from hpe_studio.workflow.timing import Timing, clip_positions, file_times_s

_HEAD_BYTES = 512
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".exr", ".dpx")


@dataclass(frozen=True, kw_only=True, slots=True)
class DropPlan:
    """What a drop does.

    Attributes:
        opens: What is opened in place of the project, or None.
        attaches: The clip that a project without footage gets, or None.
        truth: Results that the open project is compared with, or None.
        adds: Results that are added to the project that is open then.
        left: How many clips and projects more there were; one is opened at a time.
        useless: How many files more cannot be opened.
        why_not: Why nothing can be done, or "".
    """

    opens: Path | None = None
    attaches: Path | None = None
    truth: Path | None = None
    adds: tuple[Path, ...] = ()
    left: int = 0
    useless: int = 0
    why_not: str = ""

    @property
    def title(self) -> str:
        """One sentence for a person who has not let go yet."""
        if self.why_not:
            return self.why_not
        if self.truth is not None:
            return tr("Compare with {name} as truth").format(name=self.truth.name)
        if self.attaches is not None:
            text = tr("Attach {name} to this project")
            return text.format(name=self.attaches.name)
        if self.opens is None:
            return _adding(self.adds)
        name = self.opens.name
        if not self.adds:
            return tr("Open {name}").format(name=name)
        count = len(self.adds)
        many = tr("Open {name} and add {count} results files to it")
        one = tr("Open {name} and add {first} to it")
        text = one if count == 1 else many
        return text.format(name=name, count=count, first=self.adds[0].name)

    @property
    def detail(self) -> str:
        """What happens with the rest."""
        if self.why_not:
            return tr("Drop a clip, a folder of images, results or a project")
        said: list[str] = []
        if self.left:
            one = tr("1 more is left out: one clip or project at a time")
            many = tr("{count} more are left out: one clip or project at a time")
            said.append(one if self.left == 1 else many.format(count=self.left))
        if self.useless:
            one, many = tr("1 file cannot be opened"), tr("{count} cannot be opened")
            said.append(one if self.useless == 1 else many.format(count=self.useless))
        return "; ".join(said)


def plan_for(
    paths: Sequence[Path], *, can_add: bool, can_attach: bool = False
) -> DropPlan:
    """What dropping some files does.

    Args:
        paths: Files and folders, at least one.
        can_add: True where a project is open that can be written.
        can_attach: True where that project has no footage yet.
    """
    found = [(path, _sort_of(path)) for path in _pictures_as_folder(paths)]
    openable = [path for path, sort in found if sort in ("project", "clip")]
    results = [path for path, sort in found if sort == "motion"]
    if not openable and not results:
        return DropPlan(why_not=_refusal(paths))
    useless = len(found) - len(openable) - len(results)
    clips = [path for path, sort in found if sort == "clip"]
    if can_attach and len(clips) == len(found) == 1:
        return DropPlan(attaches=clips[0])
    if openable:
        return DropPlan(
            opens=openable[0],
            adds=tuple(results),
            left=len(openable) - 1,
            useless=useless,
        )
    if can_add:
        return DropPlan(adds=tuple(results), useless=useless)
    return DropPlan(opens=results[0], adds=tuple(results[1:]), useless=useless)


def truth_among(paths: Sequence[Path]) -> Path | None:
    """The one results file or folder that is dropped, or None."""
    is_one = len(paths) == 1 and _sort_of(paths[0]) == "motion"
    return paths[0] if is_one else None


def fits(motion: MotionFile, clip: Clip) -> bool:
    """True where a file's motion is not longer than the clip, to the frame."""
    at = clip_positions(motion, clip, Timing())
    return not len(at) or float(at[-1]) < clip.frame_count + 0.5


def length_s(motion: MotionFile) -> float:
    """Seconds from the first frame of a file to the end of its last."""
    times_s = file_times_s(motion)
    last = float(times_s[-1] - times_s[0]) if len(times_s) else 0.0
    return last + float(1 / motion.fps)


def too_long_text(name: str, motion: MotionFile, clip: Clip) -> str:
    """Why a file became a project of its own."""
    text = tr(
        "{name} lasts {own} s, longer than the clip ({clip} s): "
        "opened as a project of its own"
    )
    own, room = f"{length_s(motion):.1f}", f"{_clip_s(clip):.1f}"
    return text.format(name=name, own=own, clip=room)


def _clip_s(clip: Clip) -> float:
    return float(clip.frame_count / clip.fps)


def _adding(paths: tuple[Path, ...]) -> str:
    if len(paths) == 1:
        return tr("Add results of {name} to this project").format(name=paths[0].name)
    text = tr("Add results of {count} files to this project")
    return text.format(count=len(paths))


def _sort_of(path: Path) -> str:
    """What the file is, "" where it certainly is none of ours."""
    try:
        kind = kind_of(path)
    except StudioError:
        return ""
    if kind == "motion" and is_filmed_sequence(path):
        return "project"  # a clip with views and truth of its own
    if kind != "clip":
        return kind
    if path.is_dir():
        return kind if _has_pictures(path) else ""
    is_picture = path.suffix.lower() in _PICTURES
    return "" if is_picture or _is_text(path) else kind


def _has_pictures(folder: Path) -> bool:
    try:
        return any(p.suffix.lower() in _PICTURES for p in folder.iterdir())
    except OSError:
        return False


def _is_text(path: Path) -> bool:
    """True for a file that no decoder needs to be asked about."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return False
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4
    return True


def _pictures_as_folder(paths: Sequence[Path]) -> list[Path]:
    """Several numbered pictures of one folder mean the folder."""
    pictures = [p for p in paths if p.suffix.lower() in _PICTURES]
    folders = {p.parent for p in pictures}
    if len(pictures) < 2 or len(folders) > 1:
        return list(paths)
    others = [p for p in paths if p not in pictures]
    return [*folders, *others]


def _refusal(paths: Sequence[Path]) -> str:
    first = paths[0]
    if len(paths) > 1:
        return tr("None of these {count} files can be opened").format(count=len(paths))
    if first.is_dir():
        return tr("There are no images in {name}").format(name=first.name)
    if first.suffix.lower() in _PICTURES:
        text = tr("{name} is a single picture: drop its folder instead")
        return text.format(name=first.name)
    return tr("{name} cannot be opened").format(name=first.name)
