"""What is new in this version, told once and quietly."""

from __future__ import annotations

import re

import hpe_studio
from hpe_studio.core.resources import resource_path
from hpe_studio.ui.notices import Notices
from hpe_studio.ui.settings import settings
from hpe_studio.ui.words import tr

_SETTING = "news.seen_version"
_FIRST_VERSION = re.compile(r"^## ", re.MULTILINE)


def changelog() -> str:
    """What changed in all versions, newest first, as Markdown without its head."""
    text = resource_path("../CHANGELOG.md").read_text(encoding="utf-8")
    start = _FIRST_VERSION.search(text)
    return text[start.start() :] if start else text


def tell_once(notices: Notices) -> None:
    """After an update offer what is new; nothing on the first start, nothing twice."""
    seen, now = settings().read(_SETTING, ""), hpe_studio.__version__
    settings().write(_SETTING, now)
    if seen and seen != now:
        notices.say(tr("Updated to {version}").format(version=now), action="whats_new")
