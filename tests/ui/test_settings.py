"""What a person prefers outlives the window and never stops it."""

from __future__ import annotations

from pathlib import Path

from hpe_studio.ui.settings import Settings


def test_a_value_is_there_at_the_next_start(tmp_path: Path) -> None:
    Settings(tmp_path / "s.ini").write("look.theme", "light")
    assert Settings(tmp_path / "s.ini").read("look.theme", "dark") == "light"


def test_a_damaged_file_counts_as_never_chosen(tmp_path: Path) -> None:
    file = tmp_path / "s.ini"
    file.write_bytes(b"[look]\ntheme=\x00\xff{{{\n[[[")
    assert Settings(file).read("look.theme", "dark") == "dark"


def test_a_value_of_another_type_counts_as_never_chosen(tmp_path: Path) -> None:
    kept = Settings(tmp_path / "s.ini")
    kept.write("lanes.zoom", "wide")
    assert kept.read("lanes.zoom", 1.5) == 1.5


def test_who_listens_is_told_once(tmp_path: Path) -> None:
    kept = Settings(tmp_path / "s.ini")
    told: list[str] = []
    kept.changed.connect(told.append)
    kept.write("look.theme", "light")
    kept.write("look.theme", "light")
    kept.forget("look.theme")
    assert told == ["look.theme", "look.theme"]
    assert kept.read("look.theme", "dark") == "dark"
