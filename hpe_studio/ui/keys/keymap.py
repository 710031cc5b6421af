"""The keys in force: what a person changed, over a profile, over the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from hpe_studio.ui.keys.conflicts import Conflict, Keyed, conflicts
from hpe_studio.ui.keys.keyfile import (
    KeyFile,
    parse_table,
    read_key_file,
    write_key_file,
)
from hpe_studio.ui.keys.profiles import PROFILES, profile
from hpe_studio.ui.settings import Settings

_PROFILE, _CHANGES = "keys.profile", "keys.changes"


class WithKeys(Keyed, Protocol):
    """What a keymap needs to know of an action."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its default keys."""
        ...


class Keymap(QObject):
    """Which keys each action has now, kept in the settings.

    `changed` comes after every change, also one made in another window.

    Args:
        actions: All actions with their default keys.
        store: Where profile and changes are kept.
    """

    changed = Signal()

    def __init__(self, actions: Sequence[WithKeys], store: Settings) -> None:
        super().__init__()
        self._actions = tuple(actions)
        self._store = store
        self._now: dict[str, tuple[str, ...]] = {}
        self._resolve()
        store.changed.connect(self._on_setting_changed)

    @property
    def profile(self) -> str:
        """Id of the profile in use."""
        chosen = self._store.read(_PROFILE, PROFILES[0])
        return chosen if chosen in PROFILES else PROFILES[0]

    @profile.setter
    def profile(self, profile_id: str) -> None:
        self._store.write(_PROFILE, profile_id)

    @property
    def changes(self) -> Mapping[str, tuple[str, ...]]:
        """What a person changed, by action."""
        known = [action.id for action in self._actions]
        return parse_table(self._store.read(_CHANGES, {}), known)[0]

    def keys_of(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action now; the first one is shown."""
        return self._now.get(action_id, ())

    def every(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of all actions now."""
        return dict(self._now)

    def users_of(self, keys: str) -> tuple[str, ...]:
        """Ids of the actions that have a key now."""
        return tuple(name for name, told in self._now.items() if keys in told)

    def conflicts(self) -> tuple[Conflict, ...]:
        """What is wrong with the keys now."""
        return conflicts(self._actions, self._now)

    def set_keys(self, action_id: str, keys: Sequence[str]) -> None:
        """Give an action other keys; the profile's own ones end its being changed."""
        changes = dict(self.changes)
        changes[action_id] = tuple(dict.fromkeys(keys))
        self._keep(changes)

    def give_key(self, action_id: str, keys: str, *, is_twin: bool = False) -> None:
        """Give an action a key, and take it from every other one.

        Args:
            action_id: The action.
            keys: The key.
            is_twin: True to keep the keys it has and add this one.
        """
        changes = dict(self.changes)
        for other in self.users_of(keys):
            changes[other] = tuple(k for k in self._now[other] if k != keys)
        kept = tuple(k for k in self.keys_of(action_id) if is_twin and k != keys)
        changes[action_id] = (*kept, keys)
        self._keep(changes)

    def reset(self, action_id: str | None = None) -> None:
        """Go back to the profile's keys, of one action or of all when None."""
        changes = dict(self.changes) if action_id is not None else {}
        changes.pop(action_id or "", None)
        self._keep(changes)

    def export(self, path: Path) -> None:
        """Write all keys to a file.

        Raises:
            StudioError: If it cannot be written.
        """
        write_key_file(path, self._now, name=profile(self.profile).name)

    def import_file(self, path: Path) -> KeyFile:
        """Take the keys of a file; actions it does not name keep theirs.

        Raises:
            StudioError: If it is no key file; nothing is changed.
        """
        found = read_key_file(path, [action.id for action in self._actions])
        self._keep({**self.changes, **found.keys})
        return found

    def _keep(self, changes: Mapping[str, Sequence[str]]) -> None:
        usual = self._usual()
        kept = {
            action: list(keys)
            for action, keys in changes.items()
            if tuple(keys) != usual.get(action, ())
        }
        self._store.write(_CHANGES, kept)

    def _usual(self) -> dict[str, tuple[str, ...]]:
        """The keys without a person's changes."""
        usual = {action.id: tuple(action.keys) for action in self._actions}
        told = profile(self.profile).keys
        usual.update((name, keys) for name, keys in told.items() if name in usual)
        return usual

    def _resolve(self) -> None:
        self._now = {**self._usual(), **self.changes}

    def _on_setting_changed(self, name: str) -> None:
        if name in (_PROFILE, _CHANGES):
            self._resolve()
            self.changed.emit()
