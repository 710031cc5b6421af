"""Folders of images: order, gaps, odd pixels, mixed sizes, bad files."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.media import open_footage
from hpe_studio.media.images import natural_key
from tests import clips


def save(path: Path, number: int, size: tuple[int, int] = (160, 120)) -> None:
    rgb = clips.coded_picture(number, *size)
    assert cv2.imwrite(str(path), np.ascontiguousarray(rgb[..., ::-1]))


def codes_of(folder: Path) -> list[tuple[int, int]]:
    footage = open_footage(folder, fps=Fraction(30))
    return [(i, clips.read_code(rgb)) for i, rgb in footage.iterate_rgb(0, 10**6)]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".JPEG", ".bmp", ".tif", ".webp"])
def test_natural_order_in_every_format(suffix: str, tmp_path: Path) -> None:
    for number in range(8, 13):
        save(tmp_path / f"img{number}{suffix}", number)
    assert codes_of(tmp_path) == [(i, i + 8) for i in range(5)]


def test_other_files_are_ignored(tmp_path: Path) -> None:
    save(tmp_path / "000.png", 0)
    save(tmp_path / "001.png", 1)
    (tmp_path / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "000.npz").write_bytes(b"x")
    (tmp_path / "000.png:Zone.Identifier").write_text("x")
    (tmp_path / "._001.png").write_bytes(b"resource fork")
    (tmp_path / "masks.png").mkdir()
    assert codes_of(tmp_path) == [(0, 0), (1, 1)]


def test_gaps_in_the_numbers_are_missing_frames(tmp_path: Path) -> None:
    for number in (5, 6, 9, 10):
        save(tmp_path / f"{number:06d}.png", number)
    footage = open_footage(tmp_path, fps=Fraction(25))
    assert footage.clip.missing_frames == (2, 3)
    assert footage.frame_count == 6
    assert [i for i, _ in footage.iterate_rgb(0, 6)] == [0, 1, 4, 5]
    shown = [clips.read_code(footage.read_rgb(i)) for i in range(6)]
    assert shown == [5, 6, 6, 6, 9, 10]
    assert any("2 of 6" in warning for warning in footage.clip.warnings)


def test_names_whose_numbers_say_no_order_stay_in_natural_order(tmp_path: Path) -> None:
    for place, name in enumerate(["a_take2", "b_take1", "c"]):
        save(tmp_path / f"{name}.png", place)
    assert codes_of(tmp_path) == [(0, 0), (1, 1), (2, 2)]
    assert open_footage(tmp_path).clip.missing_frames == ()


def test_frame_rate_is_given_or_assumed_with_a_warning(tmp_path: Path) -> None:
    save(tmp_path / "0.png", 0)
    save(tmp_path / "1.png", 1)
    given = open_footage(tmp_path, fps=Fraction(24000, 1001)).clip
    assert given.fps == Fraction(24000, 1001)
    assert given.times_s[1] == pytest.approx(1001 / 24000)
    assert not any("fps" in warning for warning in given.warnings)
    assumed = open_footage(tmp_path).clip
    assert assumed.fps == 25
    assert any("25 fps" in warning for warning in assumed.warnings)


def test_alpha_is_laid_on_black(tmp_path: Path) -> None:
    image = np.zeros((40, 60, 4), np.uint8)
    image[..., :3] = (10, 100, 200)
    image[:, :20, 3], image[:, 20:40, 3] = 255, 128
    cv2.imwrite(str(tmp_path / "0.png"), image)
    footage = open_footage(tmp_path)
    rgb = footage.read_rgb(0)
    assert rgb[0, [5, 25, 50]].tolist() == [[200, 100, 10], [100, 50, 5], [0, 0, 0]]
    assert any("ransparent" in warning for warning in footage.clip.warnings)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_16_bit_is_shown_as_8(suffix: str, tmp_path: Path) -> None:
    levels = np.array([0, 128, 257, 32896, 65535], np.uint16)
    image = np.repeat(levels[None, :, None], 3, axis=2).repeat(4, axis=0)
    cv2.imwrite(str(tmp_path / f"0{suffix}"), image)
    footage = open_footage(tmp_path)
    assert footage.read_rgb(0)[0, :, 0].tolist() == [0, 0, 1, 128, 255]
    assert any("8 bit" in warning for warning in footage.clip.warnings)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_grey_becomes_rgb(suffix: str, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / f"0{suffix}"), np.full((16, 24), 77, np.uint8))
    rgb = open_footage(tmp_path).read_rgb(0)
    assert rgb.shape == (16, 24, 3)
    assert (rgb == 77).all()


def test_mixed_sizes_name_the_odd_one(tmp_path: Path) -> None:
    for number in range(4):
        save(tmp_path / f"{number}.png", number, (160, 120 if number != 2 else 100))
    with pytest.raises(StudioError, match=r"2\.png: is 160 x 100 .* 160 x 120"):
        open_footage(tmp_path)


def test_exif_rotation_of_a_jpeg_is_applied(tmp_path: Path) -> None:
    save(tmp_path / "0.jpg", 3, (160, 120))
    plain = (tmp_path / "0.jpg").read_bytes()
    # Orientation 6: the camera was turned; focal length 50 mm in the EXIF directory.
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 2)
    exif += struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    exif += struct.pack(">HHII", 0x8769, 4, 1, 38) + struct.pack(">I", 0)
    exif += struct.pack(">HHHIHHI", 1, 0xA405, 3, 1, 50, 0, 0)
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    (tmp_path / "0.jpg").write_bytes(plain[:2] + segment + plain[2:])
    footage = open_footage(tmp_path)
    rgb = footage.read_rgb(0)
    assert footage.size_px == (120, 160) == rgb.shape[1::-1]
    assert clips.read_code(np.rot90(rgb)) == 3
    assert footage.clip.focal_px == pytest.approx(50 / np.hypot(36, 24) * 200)


def test_a_damaged_image_is_missing(tmp_path: Path) -> None:
    for number in range(3):
        save(tmp_path / f"{number}.png", number)
    whole = (tmp_path / "1.png").read_bytes()
    (tmp_path / "1.png").write_bytes(whole[:60])  # the header is there, no more
    footage = open_footage(tmp_path)
    assert [i for i, _ in footage.iterate_rgb(0, 3)] == [0, 2]
    assert clips.read_code(footage.read_rgb(1)) == 0


def test_every_frame_is_read_by_number(tmp_path: Path) -> None:
    for number in range(20):
        save(tmp_path / f"{number}.jpg", number)
    footage = open_footage(tmp_path)
    for frame in (19, 3, 4, 0):
        assert clips.read_code(footage.read_rgb(frame)) == frame
    with pytest.raises(IndexError):
        footage.read_rgb(20)


def test_fingerprint_changes_with_names_and_sizes(tmp_path: Path) -> None:
    save(tmp_path / "0.png", 0)
    before = open_footage(tmp_path).clip.fingerprint
    assert open_footage(tmp_path).clip.fingerprint == before
    save(tmp_path / "1.png", 1)
    assert open_footage(tmp_path).clip.fingerprint != before


def bomb(path: Path) -> None:
    """A PNG that claims 60000 x 60000 pixels."""
    save(path, 0)
    data = bytearray(path.read_bytes())
    data[16:24] = struct.pack(">II", 60000, 60000)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_text("no picture"), "is no picture"),
        (lambda path: path.touch(), "is empty"),
        (bomb, "claims a picture of 60000 x 60000"),
        (lambda path: path.write_bytes(b"\xff\xd8\xff\xe0\0\x04"), "is no picture"),
        (lambda path: path.write_bytes(b"II*\0\xff\xff\xff\x7f"), "is no picture"),
    ],
    ids=["text", "empty", "bomb", "cut jpeg", "wild tiff"],
)
def test_bad_images_are_named(make, says: str, tmp_path: Path) -> None:
    save(tmp_path / "0.png", 0)
    make(tmp_path / "1.png")
    with pytest.raises(StudioError, match=says) as caught:
        open_footage(tmp_path)
    assert str(tmp_path / "1.png") in str(caught.value)
    assert caught.value.fix


def test_a_folder_without_images_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(StudioError, match="has no images") as caught:
        open_footage(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_a_single_picture_points_to_its_folder(tmp_path: Path) -> None:
    save(tmp_path / "0.png", 0)
    with pytest.raises(StudioError, match="single picture"):
        open_footage(tmp_path / "0.png")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of Unix")
@pytest.mark.parametrize("what", ["movie", "folder", "image"])
def test_what_may_not_be_read_says_so(what: str, tmp_path: Path) -> None:
    folder = tmp_path / "clip"
    folder.mkdir()
    save(folder / "0.png", 0)
    movie = tmp_path / "locked.mp4"
    movie.write_bytes(b"x" * 100)
    locked = {"movie": movie, "folder": folder, "image": folder / "0.png"}[what]
    locked.chmod(0)
    code = (
        "import os, sys; from hpe_studio.media import open_footage\n"
        "from hpe_studio.core.errors import StudioError\n"
        "import cv2, av, hpe_studio.media.images, hpe_studio.media.movie\n"
        "if os.geteuid() == 0: os.chdir(sys.argv[2]); os.seteuid(65534)\n"
        "try: open_footage(sys.argv[1])\n"
        "except StudioError as error: print(error)\n"
    )
    ours = [p for p in (tmp_path, *tmp_path.parents) if "pytest" in str(p)]
    for parent in ours:
        parent.chmod(0o755)
    goal = movie if what == "movie" else folder
    try:
        told = subprocess.run(
            [sys.executable, "-c", code, str(goal), str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=600,
            check=True,
        ).stdout
    finally:
        locked.chmod(0o755)
    assert "may not be read" in told
    assert str(locked) in told


def test_natural_order_of_names() -> None:
    names = ["f10.png", "F2.png", "f1.png", "f2b.png", "f02.png", "g.png", "1.png"]
    ordered = ["1.png", "f1.png", "F2.png", "f02.png", "f2b.png", "f10.png", "g.png"]
    assert sorted(names, key=natural_key) == ordered
