"""One table of everything a person can do: it feeds menus, buttons, tooltips, keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.commands import Desk, editing, files, going, looking, persons
from hpe_studio.ui.commands.facts import facts

When = Literal["always", "clip", "person", "key", "undo", "redo", "run", "lost"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionSpec:
    """One line of the table.

    Attributes:
        id: Name in settings and for buttons ("next_frame").
        text: Shown to people; sentence case, `…` if more input follows.
        run: What it does.
        menu: Menu it stands in; "" for none.
        keys: Default keys, the first one is shown.
        icon: Name of a line icon, or "".
        when: What must be there for it to make sense.
        in_viewers: True where its keys act only while a viewer or the lanes have the
            focus (single keys must stay typable in text fields).
        is_checkable: True for switches.
        separator: True where a line stands above it in the menu.
    """

    id: str
    text: str
    run: Callable[[Desk], object]
    menu: str = ""
    keys: tuple[str, ...] = ()
    icon: str = ""
    when: When = "clip"
    in_viewers: bool = False
    is_checkable: bool = False
    separator: bool = False


def _spec(
    action_id: str,
    text: str,
    run: Callable[[Desk], object],
    menu: str = "",
    *keys: str,
    icon: str = "",
    when: When = "clip",
    single: bool = False,
    check: bool = False,
    line: bool = False,
) -> ActionSpec:
    return ActionSpec(
        id=action_id,
        text=text,
        run=run,
        menu=menu,
        keys=keys,
        icon=icon,
        when=when,
        in_viewers=single,
        is_checkable=check,
        separator=line,
    )


MENUS = ("File", "Edit", "View", "Play", "Person", "Help")

ACTIONS: tuple[ActionSpec, ...] = (
    _spec("open", "Open…", files.open_file, "File", "Ctrl+O",
          icon="folder-open", when="always"),
    _spec("open_images", "Open a folder of images…", files.open_folder, "File",
          icon="image", when="always"),
    _spec("open_results", "Open results…", files.open_results, "File",
          "Ctrl+Shift+O", icon="folder", when="always"),
    _spec("sample", "Try the sample", files.open_sample, "File",
          icon="sparkles", when="always"),
    _spec("run", "Run…", files.run_estimate, "File",
          icon="scan-face", when="run", line=True),
    _spec("locate", "Locate footage…", files.locate_footage, "File",
          icon="folder-open", when="lost"),
    _spec("export", "Export…", files.export, "File", "Ctrl+E", icon="file-output"),
    _spec("save_copy", "Save a copy as…", files.save_copy, "File", "Ctrl+Shift+S"),
    _spec("save", "All edits are kept", files.tell_saved, "File", "Ctrl+S"),
    _spec("close", "Close project", files.close_project, "File", "Ctrl+W",
          line=True),
    _spec("quit", "Quit", files.quit_program, "File", "Ctrl+Q", when="always"),
    _spec("undo", "Undo", editing.undo, "Edit", "Ctrl+Z", icon="undo-2", when="undo"),
    _spec("redo", "Redo", editing.redo, "Edit", "Ctrl+Shift+Z", "Ctrl+Y",
          icon="redo-2", when="redo"),
    _spec("insert_key", "Insert key", editing.insert_key, "Edit", "I",
          icon="diamond-plus", when="person", single=True, line=True),
    _spec("key_body", "Key the whole body", editing.key_body, "Edit", "Shift+I",
          icon="person-standing", when="person", single=True),
    _spec("delete_key", "Delete key", editing.delete_key, "Edit", "Alt+I",
          icon="diamond-minus", when="key", single=True),
    _spec("copy_key", "Copy key", editing.copy_keys, "Edit", "Ctrl+C", when="key",
          single=True),
    _spec("paste_key", "Paste key", editing.paste_key, "Edit", "Ctrl+V",
          when="person", single=True),
    _spec("delete", "Delete", editing.delete_selected, "Edit", "Del",
          icon="trash-2", when="person", single=True),
    _spec("tool_select", "Select", editing.use_select, "Edit", "V",
          icon="mouse-pointer-2", single=True, check=True, line=True),
    _spec("tool_rotate", "Rotate", editing.use_rotate, "Edit", "R",
          icon="rotate-3d", single=True, check=True),
    _spec("lock_x", "Turn about X only", editing.lock_x, "Edit", "X", single=True),
    _spec("lock_y", "Turn about Y only", editing.lock_y, "Edit", "Y", single=True),
    _spec("lock_z", "Turn about Z only", editing.lock_z, "Edit", "Z", single=True),
    _spec("cancel", "Cancel", editing.cancel, "Edit", "Esc", single=True),
    _spec("view_front", "Front", looking.view_front, "View", "1", single=True),
    _spec("view_side", "Side", looking.view_side, "View", "2", single=True),
    _spec("view_top", "Top", looking.view_top, "View", "3", single=True),
    _spec("view_camera", "Through the camera", looking.view_camera, "View", "4",
          icon="camera", single=True),
    _spec("view_home", "Look as at first", looking.view_home, "View"),
    _spec("frame_selection", "Frame the selection", looking.frame_selection, "View",
          "F", icon="scan", single=True),
    _spec("toggle_skeletons", "Skeletons", looking.toggle_skeletons, "View",
          icon="bone", check=True, line=True),
    _spec("toggle_boxes", "Boxes", looking.toggle_boxes, "View", check=True),
    _spec("toggle_names", "Names", looking.toggle_names, "View", check=True),
    _spec("toggle_bodies", "Bodies", looking.toggle_bodies, "View",
          icon="box", check=True),
    _spec("toggle_ghost", "Ghost of the estimate", looking.toggle_ghost, "View",
          icon="ghost", check=True),
    _spec("toggle_floor", "Floor", looking.toggle_floor, "View",
          icon="grid-3x3", check=True),
    _spec("toggle_frustum", "Camera", looking.toggle_frustum, "View",
          icon="video", check=True),
    _spec("maximise", "Maximise the viewer", looking.maximise, "View", "Ctrl+Space",
          icon="maximize", line=True),
    _spec("toggle_docks", "Hide or show the docks", looking.toggle_docks, "View",
          "Ctrl+Shift+Space"),
    _spec("next_region", "Next region", looking.next_region, "View", "F6"),
    _spec("play", "Play or pause", going.play, "Play", "Space", icon="play",
          single=True),
    _spec("play_back", "Play backwards", going.play_back, "Play", "J",
          single=True),
    _spec("stop", "Stop", going.stop, "Play", "K", single=True),
    _spec("play_forward", "Play forwards", going.play_forward, "Play", "L",
          single=True),
    _spec("loop", "Loop the range", going.toggle_loop, "Play", "\\", "F9",
          icon="repeat", single=True, check=True),
    _spec("previous_frame", "Previous frame", going.previous_frame, "Play", "Left",
          icon="step-back", single=True, line=True),
    _spec("next_frame", "Next frame", going.next_frame, "Play", "Right",
          icon="step-forward", single=True),
    _spec("back_ten", "10 frames back", going.back_ten, "Play", "Shift+Left",
          single=True),
    _spec("forward_ten", "10 frames forward", going.forward_ten, "Play",
          "Shift+Right", single=True),
    _spec("previous_key", "Previous key", going.previous_key, "Play", "Up",
          single=True),
    _spec("next_key", "Next key", going.next_key, "Play", "Down", single=True),
    _spec("shot_start", "Start of shot", going.shot_start, "Play", "Home",
          icon="skip-back", single=True),
    _spec("shot_end", "End of shot", going.shot_end, "Play", "End",
          icon="skip-forward", single=True),
    _spec("clip_start", "Start of clip", going.clip_start, "Play", "Ctrl+Home",
          single=True),
    _spec("clip_end", "End of clip", going.clip_end, "Play", "Ctrl+End",
          single=True),
    _spec("range_in", "Range starts here", going.range_in, "Play", "[", "F7",
          single=True, line=True),
    _spec("range_out", "Range ends here", going.range_out, "Play", "]", "F8",
          single=True),
    _spec("range_clear", "Clear the range", going.range_clear, "Play",
          single=True),
    _spec("rename", "Rename…", persons.rename_person, "Person", "F2", when="person"),
    _spec("hide", "Hide", persons.hide_person, "Person", "H", icon="eye-off",
          when="person", single=True),
    _spec("show_all", "Show all", persons.show_all, "Person", "Alt+H", icon="eye",
          single=True),
    _spec("lock", "Lock or unlock", persons.toggle_locked, "Person",
          icon="lock", when="person"),
    _spec(
        "choose_body", "Choose body model…", persons.choose_body, "Person", line=True
    ),
    _spec("open_body", "Use the open body", persons.use_open_body, "Person"),
    _spec("delete_person", "Delete person", persons.delete_person, "Person",
          icon="trash-2", when="person", line=True),
    _spec("about", "About HPE Studio", files.about, "Help", when="always"),
)  # fmt: skip


class ActionSet(QObject):
    """The table as `QAction`s of one window.

    Args:
        desk: What the commands act on.
        window: Where keys that act everywhere are heard.
    """

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._actions = {spec.id: self._made(spec) for spec in ACTIONS}
        for spec in ACTIONS:
            if not spec.in_viewers:
                window.addAction(self._actions[spec.id])
        self.refresh()

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def hear_single_keys(self, widget: QWidget) -> None:
        """Let single keys act while a viewer or the lanes have the focus."""
        for spec in ACTIONS:
            if spec.in_viewers:
                widget.addAction(self._actions[spec.id])

    def fill_menus(self, bar: QMenuBar) -> None:
        """Make the menus of the table."""
        for title in MENUS:
            menu = QMenu(title, bar)
            menu.setToolTipsVisible(False)
            for spec in ACTIONS:
                if spec.menu == title:
                    if spec.separator:
                        menu.addSeparator()
                    menu.addAction(self._actions[spec.id])
            bar.addMenu(menu)

    def refresh(self) -> None:
        """Switch actions on and off, name undo and redo, tick the switches."""
        now = facts(self._desk)
        for spec in ACTIONS:
            action = self._actions[spec.id]
            action.setEnabled(spec.when in now.possible)
            if spec.is_checkable:
                action.setChecked(spec.id in now.checked)
        self._name("undo", now.undo_label)
        self._name("redo", now.redo_label)

    def _name(self, action_id: str, label: str | None) -> None:
        action = self._actions[action_id]
        verb = action_id.capitalize()
        action.setText(f"{verb} {label[:1].lower()}{label[1:]}" if label else verb)
        action.setToolTip(_tooltip(action.text(), action.shortcut().toString()))

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setIconText(spec.text.rstrip("…"))
        action.setMenuRole(QAction.MenuRole.NoRole)
        action.setCheckable(spec.is_checkable)
        if spec.icon:
            action.setIcon(look.icon(spec.icon, 16))
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        scope = (
            Qt.ShortcutContext.WidgetWithChildrenShortcut
            if spec.in_viewers
            else Qt.ShortcutContext.WindowShortcut
        )
        action.setShortcutContext(scope)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(_tooltip(spec.text.rstrip("…"), keys))
        action.triggered.connect(partial(self._run, spec.run))
        return action

    def _run(self, run: Callable[[Desk], object], _is_checked: bool = False) -> None:
        run(self._desk)
        self.refresh()


def _tooltip(text: str, keys: str) -> str:
    if not keys:
        return text
    muted = look.colour("text.muted").name()
    return f'{text} &nbsp;<span style="color:{muted}">{keys}</span>'
