"""A data server on this machine: ranges, tags, missing files, broken lines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class DataServer:
    """Serves a folder.

    Attributes:
        url: Its address.
        asked: (method, path, Range header or "") of every request, in order.
        break_after: Bytes after which each answer is cut off; None for whole ones.
        breaks: How many more answers are cut off.
        tag: What files are known by; changing it means the files have changed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[str, str, str]] = []
        self.break_after: int | None = None
        self.breaks = 0
        self.tag = '"one"'
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                server.answer(self, is_head=True)

            def do_GET(self) -> None:
                server.answer(self, is_head=False)

            def log_message(self, *_words: object) -> None:
                """Says nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def answer(self, handler: BaseHTTPRequestHandler, *, is_head: bool) -> None:
        wanted = handler.headers.get("Range", "")
        self.asked.append((handler.command, handler.path, wanted))
        path = self.folder / handler.path.lstrip("/")
        if not path.is_file():
            handler.send_error(404)
            return
        data, start = path.read_bytes(), 0
        if wanted and handler.headers.get("If-Range") == self.tag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(data):
                handler.send_error(416)
                return
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(data) - start))
        handler.send_header("ETag", self.tag)
        handler.end_headers()
        if is_head:
            return
        rest = data[start:]
        if self.break_after is not None and self.breaks > 0:
            self.breaks -= 1
            rest = rest[: self.break_after]
        handler.wfile.write(rest)
        handler.close_connection = True


@contextmanager
def serving(folder: Path) -> Iterator[DataServer]:
    """A server over a folder while the block lasts."""
    server = DataServer(folder)
    try:
        yield server
    finally:
        server.close()
