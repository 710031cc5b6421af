"""What must be there for an action to make sense, and what to say where it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hpe_studio.edits import floor
from hpe_studio.edits.views import main_view
from hpe_studio.ui.commands.film import cut_beside
from hpe_studio.ui.commands.finding import chosen_keys, next_track, pair_here
from hpe_studio.ui.session import Session

NO_CLIP = "needs an open clip"


def _clip(_session: Session) -> str:
    return ""


def _run(session: Session) -> str:
    if session.footage is None:
        return "needs the footage"
    if session.project.is_read_only:
        return "the project is open for reading only: save a copy first"
    return "wait until the job ends" if session.jobs.is_engaged else ""


def _no_clip(session: Session) -> str:
    if session.document.clip.kind != "none":
        return "this project has its clip"
    return _writable(session)


def _lost(session: Session) -> str:
    if session.document.clip.kind == "none":
        return "this project has no footage"
    return "the footage is at hand" if session.footage is not None else ""


def _person(session: Session) -> str:
    return "" if session.active_person is not None else "needs a selected person"


def _people(session: Session) -> str:
    return "" if session.document.persons else "needs somebody: run an estimate first"


def _track(session: Session) -> str:
    if session.active_person is None:
        return "needs a selected person"
    return "" if session.active_track is not None else "the person is missing here"


def _joint(session: Session) -> str:
    lacking = _track(session)
    if lacking:
        return lacking
    return "" if session.view.selection.joint is not None else "needs a selected joint"


def _copy(session: Session) -> str:
    return "" if session.view.selection.keys else _track(session)


def _key(session: Session) -> str:
    return "" if chosen_keys(session) else "needs a key here or a selected one"


def _keyed(session: Session) -> str:
    lacking = _person(session)
    is_ranged = session.view.play_range is not None
    return lacking or ("" if is_ranged else _key(session))


def _pins(session: Session) -> str:
    return "" if session.view.pins else "nothing is pinned"


def _cut(session: Session) -> str:
    track = session.active_track
    if track is None:
        return _track(session)
    return "" if track.start < session.view.frame else "the track starts here"


def _join(session: Session) -> str:
    if session.active_track is None:
        return _track(session)
    return "" if next_track(session) is not None else "no track follows in this shot"


def _pair(session: Session) -> str:
    return "" if pair_here(session) is not None else "needs two selected people"


def _pose(session: Session) -> str:
    lacking = _track(session)
    if lacking:
        return lacking
    has_copy = session.copied_key is not None or session.copied_pose is not None
    return "" if has_copy else "copy a pose or a key first"


def _copied_pose(session: Session) -> str:
    lacking = _track(session)
    return lacking or ("" if session.copied_pose is not None else "copy a pose first")


def _unwritten(session: Session) -> str:
    return "" if session.project.has_unwritten else "all edits are kept"


def _read_only(session: Session) -> str:
    return "" if session.project.is_read_only else "it is open for editing"


def _undo(session: Session) -> str:
    return "" if session.document.history.undo_label is not None else "nothing to undo"


def _redo(session: Session) -> str:
    return "" if session.document.history.redo_label is not None else "nothing to redo"


def _range(session: Session) -> str:
    return "" if session.view.play_range is not None else "no range is set"


def _problem(session: Session) -> str:
    one = session.problems.selected
    is_open = one is not None and one.is_open
    return "" if is_open else "needs a selected problem: press N"


def _settled(session: Session) -> str:
    one = session.problems.selected
    is_settled = one is not None and not one.is_open
    return "" if is_settled else "needs a selected problem that is done"


def _several(session: Session) -> str:
    several = len(session.view.selection.persons) > 1
    return "" if several else "needs two or more selected people"


def _again(session: Session) -> str:
    return _run(session) or _person(session)


def _refit(session: Session) -> str:
    lacking = _track(session)
    return lacking or ("wait until the job ends" if session.jobs.is_engaged else "")


def _uncut(session: Session) -> str:
    frame = session.view.frame
    is_start = frame == session.document.shot_at(frame).start
    return "the shot starts here" if is_start else ""


def _shot_cut(session: Session) -> str:
    start = session.document.shot_at(session.view.frame).start
    return "" if start else "no cut before this shot"


def _other_cut(session: Session) -> str:
    return "" if cut_beside(session) is not None else "this shot has no other cut"


def _contacts(session: Session) -> str:
    count = floor.contact_count(session.document, session.view.frame)
    return "" if count else "needs marked contacts: find them first"


def _writable(session: Session) -> str:
    is_read_only = session.project.is_read_only
    return "the project is open for reading only" if is_read_only else ""


def _attached_truth(session: Session) -> str:
    return "" if session.document.truths else "attach truth first"


def _views(session: Session) -> str:
    return "" if session.document.views else "needs synchronous views: add them first"


def _triangulate(session: Session) -> str:
    return _views(session) or _run(session)


def _beside_view(session: Session) -> str:
    lacking = _views(session)
    is_clip = session.view.shown_view == 0
    return lacking or ("this is the clip itself" if is_clip else "")


def _other_view(session: Session) -> str:
    lacking = _views(session)
    is_main = session.view.shown_view == main_view(session.document)
    return lacking or ("this is the main view already" if is_main else "")


def _truth(session: Session) -> str:
    if not session.document.truths:
        return "needs ground truth: open a Panoptic sequence or attach truth"
    if session.jobs.is_engaged:
        return "wait until the job ends"
    return _writable(session)


CONDITIONS: Mapping[str, Callable[[Session], str]] = MappingProxyType(
    {
        "clip": _clip,
        "run": _run,
        "lost": _lost,
        "no_clip": _no_clip,
        "unwritten": _unwritten,
        "read_only": _read_only,
        "person": _person,
        "people": _people,
        "track": _track,
        "joint": _joint,
        "copy": _copy,
        "key": _key,
        "keyed": _keyed,
        "pins": _pins,
        "cut": _cut,
        "join": _join,
        "pair": _pair,
        "pose": _pose,
        "copied_pose": _copied_pose,
        "undo": _undo,
        "redo": _redo,
        "range": _range,
        "several": _several,
        "again": _again,
        "truth": _truth,
        "refit": _refit,
        "uncut": _uncut,
        "shot_cut": _shot_cut,
        "other_cut": _other_cut,
        "contacts": _contacts,
        "problem": _problem,
        "settled": _settled,
        "writable": _writable,
        "attached_truth": _attached_truth,
        "views": _views,
        "triangulate": _triangulate,
        "beside_view": _beside_view,
        "other_view": _other_view,
    }
)
"""By the word in the table of actions: what is lacking in a session, or ""."""
