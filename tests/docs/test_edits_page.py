"""The page of edits names every edit, says where it is, and its calls run."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

import hpe_studio as hs
from hpe_studio.ui.actions import ACTIONS, ActionSpec
from hpe_studio.ui.keys import Keymap
from hpe_studio.ui.settings import settings

from .edit_scene import edit_scene
from .pages import ROOT, section, text_of

PAGE = "docs/edits.md"
NO_EDITS = {"joint_place_m", "copy_pose", "use"}
"""Of `hs.edit`: what reads, and what calls the others by their ids."""

PICTURE_BYTES, ALL_BYTES = 25_000, 1_500_000

BEHIND = {
    "bake": {"bake_keys": "bake", "reset_to_estimate": "reset"},
    "borrow": {"fill_from_mirror": "fill_from_mirror", "carry_over": "carry_over"},
    "cuts": {name: name for name in ("add_cut", "remove_cut", "move_cut")}
    | {"set_dissolve": "set_dissolve"},
    "decisions": {"decide": "decide", "reopen": "reopen"},
    "feet": {"find_contacts": "find_contacts", "lock_feet": "lock_feet"},
    "fill": {
        "fill_limb": "fill",
        "fill_missing": "fill",
        "fill_missing_within": "fill",
    },
    "floor": {"level_from_contacts": "level_from_contacts"},
    "identities": {"swap_people": "swap"},
    "keys": {"move_joints": "move_key", "delete_joints": "delete_key"},
    "left_out": {"leave_out": "leave_out", "take_in": "take_in"},
    "limits": {"clamp_joints": "keep_to_limits"},
    "marks": {"set_mark": "mark", "clear_mark": "unmark"},
    "merge": {"merge_people": "merge"},
    "mirror_motion": {"mirror_motion": "mirror"},
    "muting": {"set_muted": "mute_keys", "solo": "solo_key"},
    "outliers": {"replace_frames": "make_anew"},
    "people": {
        "add_person": "add_person",
        "rename_person": "rename",
        "recolour_person": "recolour",
        "set_locked": "lock",
        "set_ignored": "ignore",
        "set_shape": "set_shape",
        "set_note": "note",
        "give_track": "give",
        "delete_person": "delete",
    },
    "pose": {
        "rotate_joint": "rotate_joint",
        "set_joint_rotation": "set_rotation",
        "insert_key": "insert_key",
        "delete_key": "delete_key",
        "move_key": "move_key",
        "copy_key": "move_key",
        "set_blend": "set_blend",
        "reset_joint_at": "reset",
        "set_root_place": "move_person",
        "put_pose": "move_joint",
    },
    "retake": {"retake": "run_again", "write_base": "refit_points"},
    "scale": {
        "set_known_height": "set_known_height",
        "set_known_distance": "set_known_distance",
    },
    "scale_ground": {"common_ground_and_scale": "common_ground"},
    "shape": {
        "set_measure": "set_measure",
        "take_median_shape": "take_median_shape",
        "take_shape_of_frame": "take_shape_of_frame",
    },
    "sides": {"swap_sides": "unflip"},
    "smooth": {"smooth_stretch": "smooth", "smooth_track": "smooth"},
    "spikes": {"remove_outliers": "remove_outliers"},
    "take_from": {"take_from": "take_from"},
    "tracks": {"cut_track": "cut", "join_tracks": "join"},
    "views": {
        "add_views": "add_views",
        "remove_view": "remove_view",
        "rename_view": "rename_view",
        "shift_view": "shift_view",
        "make_main": "make_main_view",
    },
    "whole_pose": {"paste_pose": "paste_pose", "mirror_pose": "mirror_pose"},
}
"""The call that leads to each function of `hpe_studio/edits` that takes an edit."""

PARTS = {
    "apart": {"bring_over"},
    "blends": {"keep_across_cut"},
    "feet": {"keep_standing"},
    "merge": {"remove_track"},
    "rebase": {"rewrite_base", "anchor"},
    "scale": {"resize"},
    "smooth": {"write_mixed"},
    "views": {"put_camera"},
    "whole_pose": {"hold_pose"},
}
"""Functions that are no edits of their own but parts of others."""

NOT_ON_THE_PAGE = {
    "undo",
    "redo",
    "select_all",
    "select_all_keys",
    "tool_select",
    "pin",
    "pin_turn",
    "unpin_all",
    "lock_x",
    "lock_y",
    "lock_z",
    "cancel",
    "palette",
    "preferences",
    "previous_person",
    "next_person",
    "hide",
    "show_all",
    "next_problem",
    "previous_problem",
    "check_again",
    "attach_truth",
    "attach_truth_file",
    "find_truth",
    "comparison_report",
    "next_worst",
    "previous_worst",
}
"""Of the menus Edit, Person and Track: what selects, looks, goes or attaches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One edit on the page."""

    title: str
    text: str

    @property
    def picture(self) -> Path | None:
        found = re.search(r"!\[Before and after: [^\]]+\]\(([^)]+)\)", self.text)
        return None if found is None else ROOT / "docs" / found[1]

    @property
    def places(self) -> dict[str, tuple[str, ...]]:
        """Keys by menu path."""
        line = re.search(r"^- Window: (.+)$", self.text, re.MULTILINE)
        if line is None:
            return {}
        told = re.findall(r"\*([^*]+)\* \(([^)]+)\)", line[1])
        return {path: tuple(re.findall(r"`([^`]+)`", keys)) for path, keys in told}

    @property
    def code(self) -> tuple[str, str]:
        """What the fence says, and what is in it."""
        found = re.search(
            r"^```(python[^\n]*)\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL
        )
        assert found is not None, self.title
        return found[1], found[2]

    @property
    def calls(self) -> set[str]:
        return set(re.findall(r"hs\.edit\.(\w+)", self.code[1]))


@cache
def entries() -> tuple[Entry, ...]:
    parts = re.split(r"^### (.+)$", text_of(PAGE), flags=re.MULTILINE)
    texts = [re.split(r"^## ", part, flags=re.MULTILINE)[0] for part in parts[2::2]]
    return tuple(
        Entry(title=title, text=text)
        for title, text in zip(parts[1::2], texts, strict=True)
    )


def path_of(spec: ActionSpec) -> str:
    parts = (spec.menu, *((spec.submenu,) if spec.submenu else ()), spec.text)
    return " > ".join(parts).rstrip("…")


def calls_of_the_library() -> set[str]:
    names = {n for n in hs.edit.__all__ if inspect.isfunction(getattr(hs.edit, n))}
    return names - NO_EDITS


def test_every_call_of_the_library_has_an_entry() -> None:
    told = set().union(*(entry.calls for entry in entries()))
    assert calls_of_the_library() <= told
    assert len(entries()) >= 60


def test_the_library_page_lists_every_call() -> None:
    page = section("docs/library.md", "## Clean-up")
    missing = [n for n in sorted(hs.edit.__all__) if f"`{n}`" not in page]
    assert set(missing) <= {"LIMBS", "MEASURES"}, missing


def test_every_function_that_takes_an_edit_is_reached_by_a_call() -> None:
    for file in sorted((ROOT / "hpe_studio/edits").glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        takers = {
            one.name
            for one in tree.body
            if isinstance(one, ast.FunctionDef)
            and not one.name.startswith("_")
            and any(argument.arg == "edit" for argument in one.args.args)
        }
        known = set(BEHIND.get(file.stem, {})) | PARTS.get(file.stem, set())
        assert takers == known, f"{file.stem}: say in this file which call leads there"
        assert set(BEHIND.get(file.stem, {}).values()) <= calls_of_the_library()


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.title)
def test_an_entry_says_where_the_edit_is(entry: Entry) -> None:
    """By menu and by key; the palette lists what the menus list."""
    specs = {path_of(spec): spec for spec in ACTIONS}
    assert entry.places, "no menu leads there"
    for path, keys in entry.places.items():
        assert path in specs, f"{path} is no menu path"
        assert keys == specs[path].keys, f"{path} has {specs[path].keys}"


def test_no_edit_of_the_menus_is_left_out() -> None:
    told = {path for entry in entries() for path in entry.places}
    for spec in ACTIONS:
        if spec.menu in ("Edit", "Person", "Track") and spec.id not in NOT_ON_THE_PAGE:
            assert path_of(spec) in told, f"{spec.id} has no entry"


def test_every_edit_can_be_given_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HPE_STUDIO_HOME", str(tmp_path))
    specs = {path_of(spec): spec for spec in ACTIONS}
    told = {path for entry in entries() for path in entry.places}
    keymap = Keymap(ACTIONS, settings())
    for path in sorted(told):
        keymap.give_key(specs[path].id, "Ctrl+Alt+Shift+F11")
        assert keymap.users_of("Ctrl+Alt+Shift+F11") == (specs[path].id,)
    keymap.reset()


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.title)
def test_the_picture_is_small_and_shows_two_panels(entry: Entry) -> None:
    assert entry.picture is not None, "there is no picture"
    assert entry.picture.stat().st_size <= PICTURE_BYTES
    with Image.open(entry.picture) as picture:
        assert picture.width > 1.5 * picture.height or picture.width >= 450
        left = picture.crop((0, 24, picture.width // 2 - 4, picture.height))
        right = picture.crop(
            (picture.width - left.width, 24, picture.width, picture.height)
        )
        assert left.tobytes() != right.tobytes(), "nothing changed"


def test_the_pictures_are_those_of_the_page() -> None:
    there = set((ROOT / "docs/images/edits").glob("*"))
    assert {entry.picture for entry in entries()} == there
    assert sum(path.stat().st_size for path in there) <= ALL_BYTES


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.title)
def test_the_call_runs_and_is_a_step_of_undo(entry: Entry, tmp_path: Path) -> None:
    kind, code = entry.code
    compiled = compile(code, entry.title, "exec")
    signatures = {name: getattr(hs.edit, name) for name in entry.calls}
    for call in ast.walk(ast.parse(code)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            function = signatures.get(call.func.attr)
            if function is not None:
                names = {keyword.arg: None for keyword in call.keywords}
                inspect.signature(function).bind(*call.args, **names)
    if kind != "python edit":  # it wants footage
        return
    with edit_scene(tmp_path / "walk.hpes") as names:
        history = names["project"].document.history
        before = history.position
        exec(compiled, names)
        edits = len(re.findall(r"hs\.edit\.(?!joint_place_m|copy_pose)\w+\(", code))
        assert history.position == before + edits
        while history.position > before:
            names["project"].document.undo()
