"""Files over HTTP that go on where they stopped, and are never half there by name.

A file grows as ``NAME.part`` beside its goal and takes the name once it is whole. The
server's tag of it is kept beside it, so that a file that has changed meanwhile starts
anew instead of being patched together.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import time
from pathlib import Path
from typing import Any
from urllib import error as url_error
from urllib import parse, request

from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress

_BLOCK_BYTES = 1 << 18
_TIMEOUT_S = 30.0
_TRIES = 4
_WAIT_S = 0.5
_AGENT = "hpe-studio"
_BROKEN = (http.client.HTTPException, ConnectionError, TimeoutError)


class _PastTheEndError(ConnectionError):
    """What is here is as long as the server's file, or longer."""


class NotOnServerError(StudioError):
    """The server answers, but has no such file."""


def size_on_server(url: str) -> int | None:
    """How many bytes a file has; None where the server does not tell.

    Raises:
        NotOnServerError: If it has none of that name.
        StudioError: If it cannot be reached.
    """
    try:
        with _opened(url, {}, method="HEAD") as answer:
            length = answer.headers.get("Content-Length")
    except _BROKEN as error:
        raise _unreachable(url, error) from None
    return int(length) if length is not None and length.isdigit() else None


def fetch(url: str, goal: Path) -> Job[Path]:
    """Fetch a file, going on with what an earlier try has left.

    Args:
        url: http or https.
        goal: Where it goes; a whole file that is there is kept.

    Yields:
        Progress in bytes.

    Raises:
        NotOnServerError: If the server has no such file.
        StudioError: If it cannot be reached or there is no room.
    """
    if goal.exists():
        return goal
    part = goal.with_name(f"{goal.name}.part")
    for attempt in range(1, _TRIES + 1):
        try:
            yield from _append(url, part)
            break
        except _BROKEN as error:
            if isinstance(error, _PastTheEndError):
                part.unlink(missing_ok=True)
            if attempt == _TRIES:
                raise _unreachable(url, error) from None
            time.sleep(_WAIT_S * attempt)
        except OSError as error:
            raise _not_kept(goal, error) from None
    part.replace(goal)
    _tag_file(part).unlink(missing_ok=True)
    return goal


def _append(url: str, part: Path) -> Job[None]:
    """Load what is lacking of a file; returns once it is whole."""
    have = part.stat().st_size if part.exists() else 0
    tag = _tag_of(part)
    headers = {"Range": f"bytes={have}-", "If-Range": tag} if have and tag else {}
    with _opened(url, headers) as answer:
        goes_on = answer.status == http.client.PARTIAL_CONTENT
        start = have if goes_on else 0
        length = answer.headers.get("Content-Length")
        total = start + int(length) if length and length.isdigit() else 0
        _keep_tag(part, answer.headers)
        with part.open("ab" if goes_on else "wb") as out:
            done = start
            while block := answer.read(_BLOCK_BYTES):
                out.write(block)
                done += len(block)
                yield Progress(done=done, total=max(total, done), text=_name(url))
    if total and part.stat().st_size != total:
        raise ConnectionError(f"{part.stat().st_size} of {total} bytes came")


def _opened(url: str, headers: dict[str, str], *, method: str = "GET") -> Any:
    if parse.urlsplit(url).scheme not in ("http", "https"):
        raise StudioError(f"{url} is no web address", fix="begin it with http://")
    asked = request.Request(  # noqa: S310  (the scheme is checked)
        url, headers={"User-Agent": _AGENT, **headers}, method=method
    )
    try:
        return request.urlopen(asked, timeout=_TIMEOUT_S)  # noqa: S310
    except url_error.HTTPError as error:
        error.close()
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise _PastTheEndError from None
        if error.code in (403, 404, 410):
            raise NotOnServerError(
                f"{url} is not there ({error.code})", fix="check the name"
            ) from None
        raise StudioError(
            f"{url} cannot be fetched ({error.code} {error.reason})",
            fix="try again later or name another mirror",
        ) from None
    except url_error.URLError as error:
        if isinstance(error.reason, _BROKEN):
            raise error.reason from None
        raise _unreachable(url, error) from None


def _unreachable(url: str, error: Exception) -> StudioError:
    server = parse.urlsplit(url).netloc
    why = getattr(error, "reason", None) or error or type(error).__name__
    return StudioError(
        f"{server} cannot be reached ({why})",
        fix="check the network or name another mirror; the same command goes on",
    )


def _not_kept(goal: Path, error: OSError) -> StudioError:
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return StudioError(
        f"cannot be written ({error.strerror or error})",
        path=goal,
        fix="make room; the same command goes on"
        if is_full
        else "choose another folder with -o",
    )


def _tag_file(part: Path) -> Path:
    return part.with_name(f"{part.name}.tag")


def _tag_of(part: Path) -> str:
    try:
        return _tag_file(part).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _keep_tag(part: Path, headers: Any) -> None:
    """The tag a server knows the file by; a weak one would not do for going on."""
    tag = headers.get("ETag") or ""
    tag = headers.get("Last-Modified") or "" if tag.startswith("W/") or not tag else tag
    with contextlib.suppress(OSError, UnicodeEncodeError):
        _tag_file(part).write_text(tag, encoding="ascii")


def _name(url: str) -> str:
    return f"Fetching {parse.urlsplit(url).path.rsplit('/', 1)[-1]}"
