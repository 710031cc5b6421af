"""What the program stands on: libraries, fonts, icons, bodies, models, and licences."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from importlib import import_module, metadata

from hpe_studio.assets import ASSETS
from hpe_studio.core.resources import resource_path
from hpe_studio.ui.words import tr

_OURS = "hpe-studio"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LICENCE_FILE = re.compile(r"(?:^|/)(?:LICEN[CS]E|COPYING|NOTICE)[^/]*$", re.IGNORECASE)
_LONGEST_NAME = 80
_QT = (
    "Qt for Python and Qt are used as libraries of their own that can be replaced, "
    "under the GNU Lesser General Public License 3: "
    "https://doc.qt.io/qtforpython-6/licenses.html"
)

_ENCODERS = (
    ("x264", "https://www.videolan.org/developers/x264.html"),
    ("x265", "https://www.videolan.org/developers/x265.html"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Licensed:
    """One work of others.

    Attributes:
        group: Heading it stands under ("Libraries").
        name: What people call it.
        version: Its version, or "".
        licence: Name of its licence.
        text: The licence as it came with it, or where it can be read.
    """

    group: str
    name: str
    version: str
    licence: str
    text: str


def licensed_works() -> tuple[Licensed, ...]:
    """Everything that is imported, shipped or fetched, by group."""
    return (*_libraries(), *_shipped(), *_models())


def _libraries() -> tuple[Licensed, ...]:
    python = Licensed(
        group=tr("Libraries"),
        name="Python",
        version=sys.version.split()[0],
        licence="PSF-2.0",
        text="https://docs.python.org/3/license.html",
    )
    found = [_library(name) for name in sorted(_needed(), key=str.casefold)]
    return (python, *filter(None, found), *_inside_av())


def _needed() -> set[str]:
    """Names of the packages that the program needs, and those that they need."""
    open_names, found = [_OURS], set[str]()
    while open_names:
        for name in _requirements(open_names.pop()):
            if name not in found and _is_installed(name):
                found.add(name)
                open_names.append(name)
    return found


def _requirements(package: str) -> list[str]:
    try:
        lines = metadata.requires(package) or []
    except metadata.PackageNotFoundError:
        return []
    plain = [line for line in lines if "extra ==" not in line]
    names = (_NAME.match(line) for line in plain)
    return [match.group().lower().replace("_", "-") for match in names if match]


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _library(name: str) -> Licensed:
    found = metadata.distribution(name)
    return Licensed(
        group=tr("Libraries"),
        name=found.metadata["Name"],
        version=found.version,
        licence=_licence_name(found),
        text=_licence_text(found),
    )


def _licence_name(found: metadata.Distribution) -> str:
    told = found.metadata.get_all("License-Expression")
    if told:
        return told[0]
    classifiers = found.metadata.get_all("Classifier") or []
    names = [c.split(" :: ")[-1] for c in classifiers if c.startswith("License ::")]
    if names:
        return ", ".join(names)
    told = "".join(found.metadata.get_all("License") or []).strip().splitlines()
    return told[0][:_LONGEST_NAME] if told else tr("see its page")


def _licence_text(found: metadata.Distribution) -> str:
    if found.metadata["Name"].lower().startswith(("pyside6", "shiboken6")):
        return _QT
    texts = [
        file.read_text(encoding="utf-8")
        for file in found.files or ()
        if ".dist-info/" in str(file) and _LICENCE_FILE.search(str(file))
    ]
    pages = found.metadata.get_all("Home-page") or found.metadata.get_all("Project-URL")
    return "\n\n".join(filter(None, texts)) or "\n".join(pages or [])


def _inside_av() -> tuple[Licensed, ...]:
    """FFmpeg comes inside PyAV and says itself how and on which terms it was built."""
    built = getattr(import_module("av._core"), "library_meta", {}).get("libavcodec")
    if built is None:
        return ()
    settings = str(built["configuration"])
    found = [
        Licensed(
            group=tr("Libraries"),
            name="FFmpeg (in av)",
            version=".".join(str(part) for part in built["version"]),
            licence=str(built["license"]),
            text=f"https://ffmpeg.org/legal.html\n\n{settings}",
        )
    ]
    found += [
        Licensed(
            group=tr("Libraries"),
            name=f"{name} (in av)",
            version="",
            licence="GPL-2.0-or-later",
            text=page,
        )
        for name, page in _ENCODERS
        if f"--enable-lib{name}" in settings
    ]
    return tuple(found)


def _shipped() -> tuple[Licensed, ...]:
    return (
        Licensed(
            group=tr("Fonts and icons"),
            name="Inter",
            version="",
            licence="OFL-1.1",
            text=_read("fonts/LICENSE.OFL.txt"),
        ),
        Licensed(
            group=tr("Fonts and icons"),
            name="Lucide",
            version="",
            licence="ISC, parts MIT (Feather)",
            text=_read("icons/LICENSE.lucide.txt"),
        ),
        Licensed(
            group=tr("Bodies"),
            name="Open body",
            version="",
            licence="CC0-1.0 (MakeHuman)",
            text=_read("bodies/LICENSE.md"),
        ),
    )


def _models() -> tuple[Licensed, ...]:
    return tuple(
        Licensed(
            group=tr("Models and samples"),
            name=asset.label,
            version=asset.sources[0].package.version if asset.sources else "",
            licence=asset.licence,
            text="\n".join(
                f"{source.package.registry}: {source.package.requirement}, "
                f"{source.member}"
                for source in asset.sources
            ),
        )
        for asset in ASSETS
    )


def _read(relative: str) -> str:
    return resource_path(relative).read_text(encoding="utf-8")
