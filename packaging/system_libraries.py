"""The libraries of the system that Qt and VTK need on Linux, and how to get them.

Used by ./studio before anything is installed, so it needs nothing but Python.
"""

from __future__ import annotations

import ctypes
import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable

# Libraries that are no part of the wheels -> the Debian/Ubuntu package of each.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libz.so.1": "zlib1g",
}
# Loaded by name while running, so that no linker lists them.
LOADED_BY_NAME = ("libEGL.so.1", "libGL.so.1", "libX11.so.6")
# Files of the wheels whose linked libraries must all be there.
LINKED = (
    "PySide6/Qt/plugins/platforms/libqoffscreen.so",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/QtWidgets.abi3.so",
    "vtkmodules/vtkRenderingOpenGL2.*.so",
    "vtkmodules/libvtkRenderingOpenGL2-*.so",
    "cv2/cv2.abi3.so",
    "ai_edge_litert/*.so",
)
# What is no library but needed all the same: its packages, and where it is found.
FILES = {
    "an OpenGL driver": (
        ("libegl-mesa0", "libglx-mesa0"),
        ("/usr/share/glvnd/egl_vendor.d/*.json", "/etc/glvnd/egl_vendor.d/*.json"),
    ),
    "an OpenGL renderer": (
        ("libgl1-mesa-dri",),
        (
            "/usr/lib/*/dri/*_dri.so",
            "/usr/lib*/dri/*_dri.so",
            "/usr/lib/*/libgallium*.so",
            "/usr/lib*/libgallium*.so",
            "/usr/lib*/libEGL_nvidia.so*",
            "/usr/lib/*/libEGL_nvidia.so*",
        ),
    ),
    "a font": (("fonts-dejavu-core",), ("/usr/share/fonts/**/*.[to]tf",)),
}


def missing(venv: str) -> list[str]:
    """Names of the libraries and files that are not there.

    Args:
        venv: The virtual environment whose wheels are looked at.
    """
    site = os.path.join(venv, "lib", "python3*", "site-packages")
    files = [file for part in LINKED for file in glob.glob(os.path.join(site, part))]
    absent = {name for file in files for name in unresolved(_ldd(file))}
    absent |= {name for name in LOADED_BY_NAME if not _loads(name)}
    return sorted(absent) + [name for name in FILES if not _exists(FILES[name][1])]


def packages_of(names: Iterable[str]) -> list[str]:
    """The Debian packages of what `missing` names; unknown ones are left out."""
    packages: set[str] = set()
    for name in names:
        packages |= set(FILES[name][0] if name in FILES else (LIBRARIES.get(name, ""),))
    return sorted(packages - {""})


def unresolved(ldd_text: str) -> list[str]:
    """Libraries that ldd could not find."""
    lines = ldd_text.splitlines()
    return [line.split()[0] for line in lines if line.rstrip().endswith("not found")]


def offer(packages: list[str], reason: str, *, say: Callable[[str], None]) -> None:
    """Show the line that installs packages; run it as root on Debian and Ubuntu.

    Args:
        packages: Names of Debian packages.
        reason: What is missing, for people.
        say: Prints a line.
    """
    say(f"missing on this system: {reason}")
    apt = shutil.which("apt-get")
    if not apt or not packages:
        say("install the packages of your system that bring them")
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0:
        say(f"run: sudo {line}")
        return
    say(f"running: apt-get update && {line}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["apt-get", "update"], line.split()):
        command = [apt, *words[1:]]
        if subprocess.call(command, env=environment, stdout=sys.stderr) != 0:
            say(f"apt-get {words[1]} failed; run that line again by hand")
            return


def _ldd(file: str) -> str:
    try:
        return subprocess.run(
            ["ldd", file], capture_output=True, text=True, check=False
        ).stdout
    except OSError:  # no ldd here: what is loaded by name is still looked at
        return ""


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _exists(patterns: Iterable[str]) -> bool:
    return any(glob.glob(pattern, recursive=True) for pattern in patterns)
