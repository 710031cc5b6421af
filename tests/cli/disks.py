"""Full and read-only disks that are real: a small tmpfs in a namespace of its own.

Where namespaces or mounts are not permitted, a limit on file sizes stands for the full
disk, and a protected folder (without root's right to ignore that) for the other.
"""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Literal

from tests.cli.conftest import Finished
from tests.cli.made import bytes_of

Kind = Literal["full", "read-only"]


def run_on(
    kind: Kind, disk: Path, words: list[str], *, seed: Path, room_kb: int = 256
) -> tuple[Finished, dict[str, bytes]]:
    """Run `python WORDS` with a disk that holds copies of the seed's files.

    Args:
        kind: What is wrong with the disk.
        disk: Where it is to be; must not exist yet.
        words: Arguments of Python.
        seed: Folder whose files lie on the disk at the start.
        room_kb: What the full disk still takes.

    Returns:
        What the command said, and the files on the disk afterwards.
    """
    disk.mkdir()
    after = disk.with_name(f"{disk.name}-after")
    after.mkdir()
    command = shlex.join([sys.executable, *words])
    namespace = _namespace()
    if namespace:
        used_kb = sum(-(-len(data) // 4096) * 4 for data in bytes_of(seed).values())
        size_kb = used_kb + room_kb if kind == "full" else used_kb + 4096
        protect = f"mount -o remount,ro {disk}" if kind == "read-only" else ":"
        done = _shell(
            [*namespace, "bash", "-c"],
            f"mount -t tmpfs -o size={size_kb}k tmpfs {disk} && cp -a {seed}/. {disk} "
            f"&& {protect} && {{ {command}; code=$?; cp -a {disk}/. {after}; "
            f"exit $code; }}",
        )
        return done, bytes_of(after)
    shutil.copytree(seed, disk, dirs_exist_ok=True)
    if kind == "full":
        done = _shell(["bash", "-c"], f"ulimit -f {room_kb}; exec {command}")
    else:
        done = _protected(disk, command)
    return done, bytes_of(disk)


@cache
def _namespace() -> tuple[str, ...]:
    """How to get a mount namespace of one's own, empty where it is not permitted."""
    for words in (("unshare", "-m"), ("unshare", "-Urm")):
        test = [*words, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        if shutil.which("unshare") and _works(test):
            return words
    return ()


def _protected(disk: Path, command: str) -> Finished:
    """Run without the right to write into a folder, as root without its privilege."""
    drop: list[str] = []
    if os.geteuid() == 0:
        drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]
    disk.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        return _shell([*drop, "bash", "-c"], command)
    finally:
        disk.chmod(stat.S_IRWXU)


def _works(words: list[str]) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _shell(words: list[str], script: str) -> Finished:
    done = subprocess.run(
        [*words, script], capture_output=True, text=True, check=False, timeout=600
    )
    return Finished(code=done.returncode, out=done.stdout, err=done.stderr)
