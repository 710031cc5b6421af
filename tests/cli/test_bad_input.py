"""Whatever is given: one sentence, exit code 1, and nothing existing is harmed."""

from __future__ import annotations

import io
import json
import os
import pickle
import sqlite3
import zipfile
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.body import load_body
from tests.cli import made
from tests.cli.conftest import Command

Maker = Callable[[Path], Path]


def file(name: str, data: bytes | str) -> Maker:
    def make(folder: Path) -> Path:
        content = data.encode() if isinstance(data, str) else data
        (folder / name).write_bytes(content)
        return folder / name

    return make


def renamed(name: str, other: Maker) -> Maker:
    return lambda folder: other(folder).rename(folder / name)


def cut(other: Maker, share: float) -> Maker:
    def make(folder: Path) -> Path:
        path = other(folder)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        return path

    return make


def whole_project(folder: Path) -> Path:
    return made.project(folder / "p.hpes", made.person())


def whole_json(folder: Path) -> Path:
    with hs.open(whole_project(folder)) as opened:
        hs.export(opened, folder / "m.json")
    return folder / "m.json"


def whole_bvh(folder: Path) -> Path:
    with hs.open(whole_project(folder)) as opened:
        hs.export(opened, folder / "m.bvh")
    return folder / "m.bvh"


def newer_project(folder: Path) -> Path:
    path = whole_project(folder)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    return path


def project_with(sql: str) -> Maker:
    def make(folder: Path) -> Path:
        path = whole_project(folder)
        with sqlite3.connect(path) as connection:
            connection.executescript(sql)
        connection.close()
        return path

    return make


def changed_json(change: Callable[[dict], object]) -> Maker:
    def make(folder: Path) -> Path:
        path = whole_json(folder)
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))
        return path

    return make


def folder_with(*makers: Maker) -> Maker:
    def make(folder: Path) -> Path:
        inner = folder / "pictures"
        inner.mkdir()
        for maker in makers:
            maker(inner)
        return inner

    return make


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.mp4")
    return folder / "pipe.mp4"


def loop(folder: Path) -> Path:
    (folder / "loop.mp4").symlink_to("loop.mp4")
    return folder / "loop.mp4"


PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
BIG_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x02\0\0\0"
PLAYLIST = "#EXTM3U\n#EXTINF:1,\n/etc/passwd\n"
CONCAT = "ffconcat version 1.0\nfile /etc/passwd\n"
BVH_BOMB = "HIERARCHY\nROOT a {\nOFFSET 0 0 0\nCHANNELS 999999999 Xposition }\nMOTION\n"
BVH_HUGE = (
    "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 3 Xrotation Yrotation Zrotation\n}\n"
    "MOTION\nFrames: 99999999999\nFrame Time: 0.04\n0 0 0\n"
)
BVH_DEEP = "HIERARCHY\n" + "JOINT a {\n" * 100_000 + "MOTION\n"

BAD: dict[str, tuple[Maker, str]] = {
    "missing movie": (lambda f: f / "none.mp4", "does not exist"),
    "missing project": (lambda f: f / "none.hpes", "does not exist"),
    "missing bvh": (lambda f: f / "none.bvh", "does not exist"),
    "name too long": (lambda f: f / ("a" * 300), "check the name"),
    "empty movie": (file("a.mp4", b""), "empty"),
    "empty project": (file("a.hpes", b""), "not an HPE Studio project"),
    "empty bvh": (file("a.bvh", b""), "no BVH"),
    "empty json": (file("a.json", b""), "no readable JSON"),
    "empty folder": (folder_with(), "no images"),
    "folder without images": (folder_with(file("a.txt", "x")), "no images"),
    "folder named as a project": (
        lambda f: folder_with()(f).rename(f / "a.hpes"),
        "no images",
    ),
    "single picture": (file("a.png", PNG), "single picture"),
    "text as movie": (file("a.mp4", "hello" * 100), "not a movie"),
    "noise as movie": (file("a.mp4", np.random.default_rng(0).bytes(5000)), "movie"),
    "playlist as movie": (file("a.mp4", PLAYLIST), "not a movie"),
    "concat list as movie": (file("a.mp4", CONCAT), "not a movie"),
    "project as movie": (renamed("a.mp4", whole_project), "not a movie"),
    "movie as bvh": (renamed("a.bvh", made.movie), "no BVH"),
    "movie as json": (renamed("a.json", made.movie), "no readable JSON"),
    "movie as project": (renamed("a.hpes", made.movie), "not an HPE Studio project"),
    "picture as project": (file("a.hpes", PNG), "not an HPE Studio project"),
    "picture as movie": (file("a.mp4", PNG), "not a movie"),
    "bvh as project": (renamed("a.hpes", whole_bvh), "not an HPE Studio project"),
    "start of a movie": (cut(made.movie, 0.2), "cut off"),
    "half a project": (cut(whole_project, 0.5), "damaged"),
    "start of a project": (file("a.hpes", b"SQLite format 3\0"), "not an HPE"),
    "half a json": (cut(whole_json, 0.5), "JSON"),
    "bvh without motion": (cut(whole_bvh, 0.02), "m.bvh"),
    "newer project": (newer_project, "newer HPE Studio"),
    "newer json": (changed_json(lambda c: c.update(version=99)), "newer HPE Studio"),
    "project without tables": (project_with("DROP TABLE items"), "p.hpes"),
    "project of hostile sizes": (
        project_with("UPDATE arrays SET shape = '[9999999999, 24, 3]'"),
        "damaged",
    ),
    "project of odd values": (
        project_with("UPDATE items SET data = x'00ff'"),
        "damaged",
    ),
    "json of something else": (file("a.json", '{"a": [1, 2]}'), "holds no body"),
    "json that is a list": (file("a.json", "[]"), "holds no arrays"),
    "json nested deeply": (file("a.json", "[" * 200_000), "no readable JSON"),
    "json with too few rows": (
        changed_json(lambda c: c["tracks"][0]["root_scene_m"].pop()),
        "damaged",
    ),
    "json with text for numbers": (
        changed_json(lambda c: c["tracks"][0].update(root_scene_m="x")),
        "damaged",
    ),
    "json with a rate of zero": (
        changed_json(lambda c: c["clip"]["fps"].update(num=0)),
        "damaged",
    ),
    "json with absurd lengths": (
        changed_json(lambda c: c["clip"].update(frames=99_999_999)),
        "damaged",
    ),
    "json that starts nowhere": (
        changed_json(lambda c: c["tracks"][0].update(start=99_000_000)),
        "damaged",
    ),
    "json whose bones bite their tail": (
        changed_json(
            lambda c: next(iter(c["skeletons"].values()))["parents"].__setitem__(1, 7)
        ),
        "damaged",
    ),
    "bvh of endless channels": (file("a.bvh", BVH_BOMB), "CHANNELS"),
    "bvh of endless frames": (file("a.bvh", BVH_HUGE), "a.bvh"),
    "bvh of endless depth": (file("a.bvh", BVH_DEEP), "joints"),
    "pipe": (fifo, "neither a file nor a folder"),
    "device": (lambda _: Path("/dev/zero"), "neither a file nor a folder"),
    "link to itself": (loop, "loop.mp4"),
    "pictures that are none": (folder_with(file("1.png", b"x")), "1.png"),
    "picture of absurd size": (folder_with(file("1.png", BIG_PNG)), "1.png"),
    "pickle": (file("a.pkl", pickle.dumps({"a": 1})), "holds no body"),
}


@pytest.mark.parametrize("name", BAD)
def test_info_and_open_refuse_in_one_sentence(
    studio: Command, tmp_path: Path, home: Path, name: str
) -> None:
    make, says = BAD[name]
    folder = tmp_path / "given"
    folder.mkdir()
    path = make(folder)
    before = made.bytes_of(folder) if name != "device" else {}
    said = studio("info", path)
    assert said.code == 1, said.out
    assert path.name in said.problem
    assert says in said.problem
    assert ";" in said.problem, "the way out is named"
    assert said.out == ""
    with pytest.raises(hs.StudioError) as caught:
        hs.open(path).close()
    assert says in str(caught.value)
    if name != "device":
        assert made.bytes_of(folder) == before
    assert not list(home.rglob("*.hpes"))


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        *product(("estimate", "export"), ("missing movie", "text as movie",
         "missing bvh", "picture as project", "half a project", "newer project",
         "folder without images")),
        ("screenshot", "half a project"),
    ],
)  # fmt: skip
def test_every_verb_refuses_in_one_sentence(
    studio: Command, program: Command, tmp_path: Path, name: str, verb: str
) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    path = BAD[name][0](folder)
    before = made.bytes_of(folder)
    goal = tmp_path / {"estimate": "o.hpes", "export": "o.bvh"}.get(verb, "o.png")
    call = program if verb == "screenshot" else studio
    said = call(verb, path, "-o", goal)
    assert said.code == 1
    assert path.name in said.problem
    assert not goal.exists()
    assert made.bytes_of(folder) == before
    assert [p for p in tmp_path.glob(".*") if p.is_file()] == []


def test_a_bvh_cut_short_gives_its_whole_frames(
    studio: Command, tmp_path: Path
) -> None:
    path = cut(whole_bvh, 0.6)(tmp_path)
    said = studio("info", path, "--json")
    facts = json.loads(said.out)
    assert said.code == 0
    assert 0 < facts["people"][0]["frames"] < made.FRAMES
    assert "says 40 frames" in " ".join(facts["warnings"])


def test_a_movie_cut_short_gives_what_is_there(studio: Command, tmp_path: Path) -> None:
    from tests.clips import write_movie

    whole = write_movie(tmp_path / "a.mkv", "libx264", frames=100, gop=10)
    whole.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.5)])
    facts = json.loads(studio("info", whole, "--json").out)
    assert 10 < facts["frames"] < 100


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self.path,)


def npz(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return out.getvalue()


def npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    return out.getvalue()


def npy_that_says(shape: str) -> bytes:
    head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    padded = head.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded.encode()


@pytest.mark.parametrize(
    "name", ["code.pkl", "code.npz", "bomb.npz", "huge.npz", "text.npz", "none.npz"]
)
def test_hostile_bodies_are_refused_and_never_run(tmp_path: Path, name: str) -> None:
    ran = tmp_path / "ran"
    path = tmp_path / name
    content = {
        "code.pkl": pickle.dumps({"v_template": Bomb(ran)}),
        "code.npz": npz(v_template=npy(np.array([Bomb(ran)], dtype=object))),
        "bomb.npz": npz(v_template=npy_that_says("(2, 3)") + bytes(60_000_000)),
        "huge.npz": npz(v_template=npy_that_says("(99999999999, 3)")),
        "text.npz": b"hello",
    }.get(name)
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(hs.StudioError) as caught:
        load_body(path)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not ran.exists()


@pytest.mark.parametrize("harm", ["missing", "short", "changed"])
@pytest.mark.models
def test_a_bad_model_file_is_named_before_any_work(
    studio: Command, models: Path, tmp_path: Path, harm: str
) -> None:
    file = models / "blazepose_full.tflite"
    data = bytearray(file.read_bytes())
    for name in ("blazepose_full", "blazepose_heavy", "blazepose_lite"):
        (models / f"{name}.tflite").unlink()
    if harm != "missing":
        data[1000:2000] = bytes(1000)
        file.write_bytes(bytes(data if harm == "changed" else data[:5000]))
    clip = made.movie(tmp_path / "clips")
    before = made.bytes_of(tmp_path)
    said = studio("estimate", clip, "-o", tmp_path / "o.hpes", "--model", "full")
    if harm != "changed":  # its checksum is what `assets verify` is for
        assert said.code == 1
        assert "blazepose_full" in said.problem
        assert "hpe-studio assets fetch" in said.problem
        after = made.bytes_of(tmp_path)
        assert {n for n in after if not n.startswith("home/runs")} == set(before)
    if harm != "missing":
        said = studio("assets", "verify")
        assert said.code == 1
        assert "damaged  blazepose_full" in said.out
