"""Clean-up tools: where, which, how strongly; previewed live, applied as one step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.skeleton import skeleton
from hpe_studio.edits.stretch import LIMBS
from hpe_studio.edits.tools import TOOLS, Tool
from hpe_studio.motion.comparison import Comparison, compared
from hpe_studio.ui import cleaning
from hpe_studio.ui.cleaning import Where
from hpe_studio.ui.inspector.clean_curve import CleanCurve
from hpe_studio.ui.inspector.option_fields import OptionFields
from hpe_studio.ui.inspector.preview_buttons import PreviewButtons
from hpe_studio.ui.inspector.rows import fact_row, named_row
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.timecode import range_text
from hpe_studio.ui.widgets import text_label

_SPANS = (
    ("range", "In to out"),
    ("shot", "This shot"),
    ("clip", "Whole clip"),
    ("problem", "Selected problem"),
)


class CleanUpSection(Section):
    """One tool at a time over a range, a limb, a person or all.

    Args:
        context: What it is made of.
    """

    id = "clean_up"
    title = "Clean up"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._edit: Edit | None = None
        self._asked = 0
        self._before: tuple[int, slice, FloatArray] | None = None
        self.span = self._choice(self.tr("Frames"), _SPANS)
        limbs = tuple((name, name.capitalize()) for name in LIMBS)
        self.limb = self._choice(self.tr("Limb"), limbs)
        people = (("", "Selected people"), ("all", "Everybody"))
        self.who = self._choice(self.tr("People"), people)
        tools = tuple((tool.spec.id, tool.spec.label) for tool in TOOLS.values())
        self.tool_choice = self._choice(self.tr("Tool"), tools)
        self.about = text_label("", size="small", tone="muted")
        self.about.setWordWrap(True)
        self.rows.addWidget(self.about)
        self.options = OptionFields()
        self.rows.addWidget(self.options)
        self.curve = CleanCurve()
        self.rows.addWidget(self.curve)
        _, self.moved = fact_row(self.rows, self.tr("Moves at most"))
        _, self.lost = fact_row(self.rows, self.tr("Lost peak speed"))
        _, self.jitter = fact_row(self.rows, self.tr("Jitter"))
        self._add_buttons()
        self.tool_choice.currentIndexChanged.connect(self._on_tool_chosen)
        for choice in (self.span, self.limb, self.who):
            choice.currentIndexChanged.connect(self._on_settings_changed)
        self.options.changed.connect(self._on_settings_changed)
        self.session.requests.cancel_wanted.connect(self.cancel)
        self.session.bridge.selection_changed.connect(self._on_selection_changed)
        self._on_tool_chosen()

    # Reading ---------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """The tool that is chosen."""
        return TOOLS[self.tool_choice.currentData()]

    @property
    def where(self) -> Where:
        """What it works on."""
        return Where(
            span=self.span.currentData(),
            limb=self.limb.currentData(),
            everybody=bool(self.who.currentData()),
        )

    @property
    def is_previewing(self) -> bool:
        """True while what is seen is not kept yet."""
        return self._edit is not None

    def refresh(self) -> None:
        """Show what would be worked on now, and whether it can be."""
        session = self.session
        start, stop = cleaning.frames_of(session, self.where.span)
        count = session.document.clip.frame_count
        self.head.show_word(range_text(start, stop, count))
        is_possible = self.where.everybody or session.active_person is not None
        is_free = self.is_previewing or not session.document.is_editing
        self._buttons.enable(
            is_possible=is_possible and is_free, is_previewing=self.is_previewing
        )

    def choose_tool(self, tool_id: str) -> None:
        """Take a tool of `TOOLS`, with its defaults."""
        self.tool_choice.setCurrentIndex(self.tool_choice.findData(tool_id))

    # Doing -----------------------------------------------------------------------

    def preview(self) -> None:
        """Show what the tool would do, without keeping it."""
        self._drop()
        self._work(self._open_preview)

    def apply(self) -> None:
        """Keep what the tool does as one step."""
        edit, self._edit = self._edit, None
        label = self.tr(self.tool.spec.label)
        before = cleaning.last_step(self.session)
        if edit is None:
            options = self.options.values
            cleaning.run(self.session, self.tool.spec.id, self.where, options)
        else:
            try:
                edit.commit()
            except StudioError as error:
                self.session.notices.complain(error)
            else:
                cleaning.tell_done(self.session, label, before)
        self.refresh()

    def cancel(self) -> None:
        """Put everything back as it was before the preview."""
        self._drop()
        self._show(None)
        self.refresh()

    def _work(self, then: Callable[[Callable[[Edit], None]], None]) -> None:
        self._asked += 1
        asked = self._asked

        def if_still_wanted(write: Callable[[Edit], None]) -> None:
            if asked == self._asked:
                then(write)

        try:
            cleaning.work(
                self.session,
                self.tool,
                self.where,
                self.options.values,
                if_still_wanted,
            )
        except StudioError as error:
            self.session.notices.complain(error)

    def _open_preview(self, write: Callable[[Edit], None]) -> None:
        session = self.session
        if session.document.is_editing:
            session.notices.inform(self.tr("Finish or cancel the drag first"))
            return
        session.playback.stop()
        self._remember()
        edit = session.document.begin_edit(self.tr(self.tool.spec.label))
        try:
            write(edit)
            edit.preview()
        except StudioError as error:
            edit.abort()
            session.notices.complain(error)
            self._show(None)
        else:
            self._edit = edit
            self._show(self._compared(), self._calm_words())
        self.refresh()

    def _drop(self) -> None:
        self._asked += 1
        edit, self._edit = self._edit, None
        if edit is not None:
            edit.abort()

    def _remember(self) -> None:
        """Keep where the joints of the first stretch were."""
        chosen = cleaning.stretches_of(self.session, self.where)
        active = self.session.view.selection.active
        mine = [s for s in chosen if s.track.person_id == active]
        first = (mine or list(chosen))[0]
        places = self.session.poser.joints_of(first.track.id)
        self._before = (first.track.id, first.rows, places[first.rows].copy())

    def _compared(self) -> Comparison | None:
        if self._before is None:
            return None
        track_id, rows, before = self._before
        after = self.session.poser.joints_of(track_id)[rows]
        fps = float(self.session.document.clip.fps)
        return compared(before, after, fps=fps)

    def _calm_words(self) -> str:
        """What to say where no joint moves."""
        if self.options.values.get("protect"):
            return self.tr("Nothing moves: hardly any tremble is left here")
        return self.tr("No joint moves")

    def _show(self, change: Comparison | None, title: str = "") -> None:
        if change is not None and self._before is not None:
            bones = skeleton(self.session.document.tracks[self._before[0]].skeleton)
            title = (
                f"{joint_title(bones.joint_names[change.joint])} {'XYZ'[change.axis]}"
            )
        self.curve.show_change(change, title)
        for fact, text in zip(
            (self.moved, self.lost, self.jitter), _facts(change), strict=True
        ):
            fact.setText(text)

    # Events ----------------------------------------------------------------------

    def hideEvent(self, event: QHideEvent) -> None:
        """Take a preview back that nobody looks at any more."""
        super().hideEvent(event)
        if self.is_previewing:
            self.cancel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the preview back, Enter keeps it."""
        if not self._buttons.press_by_key(event, is_previewing=self.is_previewing):
            super().keyPressEvent(event)

    def _on_tool_chosen(self, _index: int = 0) -> None:
        self._drop()
        tool = self.tool
        self.about.setText(self.tr(tool.about))
        self.options.show_options(tool.spec.options)
        if tool.needs_limb and self.limb.currentData() == cleaning.WHOLE:
            limb = cleaning.limb_here(self.session)
            wanted = "both legs" if limb == cleaning.WHOLE else limb
            self.limb.setCurrentIndex(self.limb.findData(wanted))
        self._show(None)
        self.refresh()

    def _on_settings_changed(self, _value: object = None) -> None:
        if self.is_previewing:
            self.preview()
        self.refresh()

    def _on_selection_changed(self, _selection: object) -> None:
        if self.is_previewing and not self.where.everybody:
            self.cancel()

    # Making ----------------------------------------------------------------------

    def _choice(self, title: str, words: tuple[tuple[str, str], ...]) -> QComboBox:
        choice = QComboBox()
        for value, text in words:
            choice.addItem(self.tr(text), value)
        choice.setAccessibleName(title)
        choice.setMinimumWidth(60)
        named_row(self.rows, title, choice)
        return choice

    def _add_buttons(self) -> None:
        self._buttons = PreviewButtons()
        self.preview_button = self._buttons.preview
        self.cancel_button = self._buttons.cancel
        self.apply_button = self._buttons.apply
        self.preview_button.clicked.connect(self.preview)
        self.cancel_button.clicked.connect(self.cancel)
        self.apply_button.clicked.connect(self.apply)
        self.rows.addWidget(self._buttons)


def _facts(change: Comparison | None) -> tuple[str, str, str]:
    if change is None:
        return "–", "–", "–"
    return (
        f"{100 * change.farthest_m:.1f} cm",
        f"{max(0.0, 100 * change.lost_peak_speed):.1f} %",
        f"{change.jitter_before:.0f} → {change.jitter_after:.0f} m/s³",
    )
