"""Bytes changed and files cut anywhere end in one sentence, whatever the reader."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from hpe_studio.catalogue import motion_format
from hpe_studio.core.errors import StudioError

from .made_motion import made
from .made_results import (
    write_aist,
    write_amass,
    write_easymocap,
    write_gvhmr,
    write_mtc,
    write_phalp,
    write_prompthmr,
    write_trace,
    write_tram,
    write_wham,
)
from .made_romp import frames_of, romp_people, write_video

PERSON = made(frames=4, seed=1)
X_PERSON = made(frames=4, seed=2, joints=55)
_ROUNDS = 12


def _romp(path: Path) -> Path:
    people = romp_people(PERSON, (640, 480))
    people["verts"] = people["verts"][:, :5]
    return write_video(path, frames_of([(PERSON, people)], with_ids=True))


MAKERS = {
    "romp": lambda f: _romp(f / "a.npz"),
    "trace": lambda f: write_trace(f / "a.npz", [PERSON]),
    "phalp": lambda f: write_phalp(f / "a.pkl", [PERSON], with_joints=True),
    "wham": lambda f: write_wham(f / "a.pkl", [PERSON]),
    "gvhmr": lambda f: write_gvhmr(f / "a.pt", X_PERSON),
    "tram": lambda f: write_tram(f / "a", [PERSON]) / "hps" / "hps_track_0.npy",
    "prompthmr": lambda f: write_prompthmr(f / "a.pkl", [X_PERSON], full=True),
    "amass": lambda f: write_amass(f / "a.npz", X_PERSON, spelling="mocap_framerate"),
    "aist": lambda f: write_aist(f / "a.pkl", PERSON),
    "easymocap": lambda f: write_easymocap(f / "a", [PERSON], width=72) / "000002.json",
    "mtc": lambda f: write_mtc(f / "a", PERSON) / "0002.txt",
}


def _damaged(data: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.3:
        return data[: chance.randrange(len(data))]
    if data[:2] != b"PK":
        return _changed(data, chance)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([n for n, content in members.items() if content])
    members[name] = _changed(members[name], chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:  # with sums that are right again
        for member, content in members.items():
            archive.writestr(member, content)
    return stream.getvalue()


def _changed(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice([1, 2, 10])):
        reach = min(len(out), chance.choice([300, 3000, len(out)]))
        out[chance.randrange(reach)] = chance.randrange(256)
    return bytes(out)


@pytest.mark.parametrize("kind", MAKERS)
def test_damage_is_told_in_one_sentence(tmp_path, kind):
    path = MAKERS[kind](tmp_path)
    whole = path.read_bytes()
    chance = random.Random(kind)
    told = 0
    for number in range(_ROUNDS):
        bad = tmp_path / f"bad{number}{path.suffix}"
        bad.write_bytes(_damaged(whole, chance))
        motion_format(kind).sniff(bad, bad.read_bytes()[:4096] or b" ")
        try:
            motion_format(kind).read(bad)
        except StudioError as error:
            told += 1
            assert bad.name in str(error)
    assert told > _ROUNDS // 4
    path.write_bytes(whole)
    assert motion_format(kind).read(path).people
