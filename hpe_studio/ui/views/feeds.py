"""Pictures of all views that are seen: one loader each, within one budget of memory."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import core_count
from hpe_studio.core.view import View
from hpe_studio.ui.views.feed import Feed, SizePx, budget_bytes

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage
    from hpe_studio.media.loader import Picture
    from hpe_studio.ui.bridge import Touched
    from hpe_studio.ui.session import Session

_LATE_FRAMES = 15
"""A view that is so far behind in play shows a keyframe in between."""
_LEAST_BYTES = 8 << 20
_OPENED_AT_ONCE = 2


class ViewFeeds(QObject):
    """Opens the footage of views when they are first seen, and asks for pictures.

    Only views that are seen decode. While the playhead is dragged, those beside the
    large one show keyframes; at rest all show the exact picture. In play a view that
    does not keep up gives every picture it can, none is waited for.

    Args:
        session: Whose views; it owns the clip's loader.
    """

    picture_arrived = Signal(int, object)
    opened = Signal(int)
    _footage_came = Signal(int, object, object)
    _picture_came = Signal(int, object, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._feeds: dict[int, Feed] = {}
        self._seen: dict[int, SizePx] = {}
        self._clip_picture: Picture | None = None
        self._is_closed = threading.Event()
        self._opener = ThreadPoolExecutor(_OPENED_AT_ONCE, "view opener")
        queued = Qt.ConnectionType.QueuedConnection
        self._footage_came.connect(self._on_footage_came, queued)
        self._picture_came.connect(self._on_picture_came, queued)
        bridge = session.bridge
        bridge.picture_arrived.connect(self._on_clip_picture_arrived)
        bridge.frame_changed.connect(self._on_wanted)
        bridge.shown_view_changed.connect(self._on_wanted)
        bridge.document_changed.connect(self._on_document_changed)
        session.requests.scrub_ended.connect(self._on_wanted)
        session.playback.changed.connect(self._on_wanted)

    def close(self) -> None:
        """Stop all loaders and give the files back."""
        self._is_closed.set()
        self._opener.shutdown(wait=False, cancel_futures=True)
        for number in list(self._feeds):
            self._drop(number)

    # Reading ---------------------------------------------------------------------

    def own_frame(self, number: int) -> int:
        """The frame of a view's own footage that belongs to the frame shown, or -1."""
        frame, document = self._session.view.frame, self._session.document
        if number == 0:
            return frame
        view = document.views.get(number)
        own = None if view is None else view.frame_at(frame, document.clip)
        return -1 if own is None else own

    def picture_of(self, number: int) -> Picture | None:
        """The last picture of a view."""
        if number == 0:
            return self._clip_picture
        feed = self._feeds.get(number)
        return None if feed is None else feed.last

    def trouble_of(self, number: int) -> str:
        """Why a view has no pictures, for people, or ""."""
        if number == 0:
            return "" if self._session.footage is not None else "no footage"
        feed = self._feeds.get(number)
        return "" if feed is None else feed.trouble

    @property
    def is_still(self) -> bool:
        """True when every view that is seen shows the picture of the frame."""
        return all(self._is_there(number) for number in self._seen)

    def _is_there(self, number: int) -> bool:
        own = self.own_frame(number)
        if own < 0 or self.trouble_of(number):
            return True
        picture = self.picture_of(number)
        return picture is not None and picture.frame == own

    # Asking ----------------------------------------------------------------------

    def see(self, sizes_px: Mapping[int, SizePx]) -> None:
        """Say which views are seen, and how large.

        Args:
            sizes_px: Width and height in device pixels by view, None for whole
                pictures; the other views rest.
        """
        known = self._session.document.views
        self._seen = {n: s for n, s in sizes_px.items() if n == 0 or n in known}
        for number in [n for n in self._feeds if n not in self._seen]:
            self._rest(number)
        for number in self._seen:
            if number and number not in self._feeds:
                self._open(known[number])
        self._share_memory()
        for number, size_px in self._seen.items():
            self._fit(number, size_px)
        if 0 not in self._seen:
            self._fit(0, None)

    def fit(self, number: int, size_px: SizePx) -> None:
        """Let a view that is seen give pictures of another size."""
        if number in self._seen and self._seen[number] != size_px:
            self._seen[number] = size_px
            self._fit(number, size_px)

    def _open(self, view: View) -> None:
        """Open a view's footage in the background."""
        self._feeds[view.number] = Feed(view=view)
        project_path = self._session.project.path

        def work() -> None:
            from hpe_studio.workflow.views import open_view

            footage: Footage | None = None
            error: BaseException | None = None
            try:
                footage = open_view(view, project_path)
            except Exception as caught:  # noqa: BLE001  told in the view's place
                error = caught
            if self._is_closed.is_set() and footage is not None:
                footage.close()
                return
            with suppress(RuntimeError):  # the window went meanwhile
                self._footage_came.emit(view.number, view, footage or error)

        self._opener.submit(work)

    def _on_footage_came(self, number: int, view: View, result: object) -> None:
        feed = self._feeds.get(number)
        is_wanted = feed is not None and feed.view is view
        if isinstance(result, BaseException):
            if feed is not None and is_wanted:
                feed.trouble = str(result)
                if not isinstance(result, StudioError):
                    self._session.notices.complain(result)
        elif self._is_closed.is_set() or feed is None or not is_wanted:
            result.close()  # type: ignore[attr-defined]
            return
        else:
            feed.footage = result  # type: ignore[assignment]
            self._start(number)
        self.opened.emit(number)

    def _start(self, number: int) -> None:
        """Give a view that is seen a loader."""
        from hpe_studio.media.loader import FrameLoader
        from hpe_studio.media.movie import MovieFootage

        feed = self._feeds[number]
        footage = feed.footage
        if footage is None or feed.loader is not None or number not in self._seen:
            return
        if isinstance(footage, MovieFootage):
            footage.threads = max(1, core_count() // max(len(self._seen), 1))

        def came(picture: Picture) -> None:
            with suppress(RuntimeError):  # the window went meanwhile
                self._picture_came.emit(number, feed, picture)

        feed.loader = FrameLoader(footage, came, cache_bytes=self._share_bytes)
        feed.loader.fit_into(self._seen[number])
        self._ask(number)

    @property
    def _share_bytes(self) -> int:
        return max(budget_bytes() // max(len(self._seen), 1), _LEAST_BYTES)

    def _share_memory(self) -> None:
        share = self._share_bytes
        loaders = [feed.loader for feed in self._feeds.values()]
        for loader in (self._session.loader, *loaders):
            if loader is not None:
                loader.keep_within(share)

    def _fit(self, number: int, size_px: SizePx) -> None:
        if number == 0:
            loader = self._session.loader
        else:
            self._start(number)
            loader = self._feeds[number].loader
        if loader is not None and loader.fit_into(size_px):
            self._ask(number, again=True)

    def _rest(self, number: int) -> None:
        """A view that is not seen any more decodes no more."""
        feed = self._feeds[number]
        loader, feed.loader, feed.asked = feed.loader, None, -1
        if loader is not None:  # which may be in the middle of a picture
            threading.Thread(target=loader.close, name="last picture").start()

    def _drop(self, number: int) -> None:
        feed = self._feeds.pop(number)
        if feed.loader is not None:
            feed.loader.close()
        if feed.footage is not None:
            feed.footage.close()

    def _ask(self, number: int, *, again: bool = False) -> None:
        """Ask for the picture of the frame shown, or for what stands in for it."""
        session, own = self._session, self.own_frame(number)
        direction = session.playback.direction
        if number == 0:
            # The large view asks the clip's loader itself.
            is_mine = session.view.shown_view != 0 or again
            if session.loader is not None and 0 in self._seen and is_mine:
                session.loader.request(own, direction)
            return
        feed = self._feeds.get(number)
        if feed is None or feed.loader is None or feed.footage is None or own < 0:
            return
        ready = feed.loader.ready(own)
        if ready is not None:
            self._show(number, feed, ready)
        is_waiting = feed.asked >= 0 and ready is None
        if direction and is_waiting and not again:
            return  # every picture it gives is shown; then it is asked anew
        feed.asked = self._stand_in(number, feed, own)
        feed.loader.request(feed.asked, direction)
        if ready is not None:
            feed.asked = -1

    def _stand_in(self, number: int, feed: Feed, own: int) -> int:
        """The frame, or its keyframe where the exact one cannot be had in time."""
        session, footage = self._session, feed.footage
        assert footage is not None
        is_large = number == session.view.shown_view
        if session.requests.is_scrubbing and not is_large:
            return footage.run_start(own)
        shown = own if feed.last is None else feed.last.frame
        if session.playback.direction and abs(own - shown) > _LATE_FRAMES:
            return footage.run_start(own)
        return own

    def _ask_all(self, numbers: Iterable[int]) -> None:
        for number in list(numbers):
            self._ask(number)

    # What came -------------------------------------------------------------------

    def _show(self, number: int, feed: Feed, picture: Picture) -> None:
        if picture is not feed.last:
            feed.last = picture
            self.picture_arrived.emit(number, picture)

    def _on_picture_came(self, number: int, feed: Feed, picture: Picture) -> None:
        if self._feeds.get(number) is not feed:
            return
        if picture.frame == feed.asked:
            feed.asked = -1
        self._show(number, feed, picture)
        is_behind = picture.frame != self.own_frame(number)
        if self._session.playback.direction and is_behind and feed.asked < 0:
            self._ask(number)

    def _on_clip_picture_arrived(self, picture: Picture) -> None:
        self._clip_picture = picture
        self.picture_arrived.emit(0, picture)

    def _on_wanted(self, _cause: object = None) -> None:
        self._ask_all(self._seen)

    def _on_document_changed(self, touched: Touched) -> None:
        """Let go of views that went, and open anew what is other footage now."""
        if not touched.any_of("views"):
            return
        known = self._session.document.views
        for number, feed in list(self._feeds.items()):
            now = known.get(number)
            if now is None or now.clip is not feed.view.clip:
                self._drop(number)
                self._seen.pop(number, None)
        self._ask_all(self._seen)
