"""Which keys set off which action: defaults, profiles, what a person changed."""

from hpe_studio.ui.keys.conflicts import Conflict, conflicts
from hpe_studio.ui.keys.keyfile import KeyFile, read_key_file, write_key_file
from hpe_studio.ui.keys.keymap import Keymap
from hpe_studio.ui.keys.profiles import PROFILES, profile
from hpe_studio.ui.keys.words import caps, chord

__all__ = [
    "PROFILES",
    "Conflict",
    "KeyFile",
    "Keymap",
    "caps",
    "chord",
    "conflicts",
    "profile",
    "read_key_file",
    "write_key_file",
]
