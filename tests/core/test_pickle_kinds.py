"""Files of joblib and torch, the quick way, and what it must never do."""

from __future__ import annotations

import io
import os
import pickle
import struct
import zipfile

import joblib
import numpy as np
import pytest
import torch

from hpe_studio.core import pickle_parts
from hpe_studio.core.errors import StudioError
from hpe_studio.core.pickle_scan import UnsureError, quickly_built
from hpe_studio.core.unpickle import read_npy, read_pickle, unpickle_bytes

ARRAYS = {
    "pose": np.linspace(-1, 1, 144, dtype=np.float32).reshape(2, 72),
    "fortran": np.asfortranarray(np.arange(12.0).reshape(3, 4)),
    "names": np.array(["a", {"inner": np.arange(3)}], dtype=object),
    "empty": np.zeros((0, 3)),
    "scalar": np.float64(0.5),
    "number": 7,
    "list": [np.arange(2), None, "text"],
}


@pytest.mark.parametrize(
    "compress", [0, 3, ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)]
)
def test_joblib_files_are_read(tmp_path, compress):
    path = tmp_path / "results.pkl"
    joblib.dump(ARRAYS, path, compress=compress)
    read = read_pickle(path)
    assert list(read) == list(ARRAYS)
    for name in ("pose", "fortran", "empty", "scalar"):
        np.testing.assert_array_equal(read[name], ARRAYS[name])
        assert read[name].dtype == np.asarray(ARRAYS[name]).dtype
    assert read["names"][0] == "a"
    np.testing.assert_array_equal(read["names"][1]["inner"], [0, 1, 2])
    assert read["list"][0].tolist() == [0, 1]


TENSORS = {
    "float": torch.linspace(-1, 1, 12).reshape(3, 4),
    "half": torch.linspace(-1, 1, 8).half(),
    "bfloat": torch.linspace(-2, 2, 9).bfloat16(),
    "long": torch.arange(5),
    "bool": torch.tensor([True, False]),
    "turned": torch.arange(6.0).reshape(2, 3).T,
    "part": torch.arange(10.0)[3:7],
    "repeated": torch.eye(3).expand(4, 3, 3),
    "learnt": torch.nn.Parameter(torch.ones(2)),
    "none": None,
}


@pytest.mark.parametrize("as_archive", [True, False])
def test_torch_files_are_read_without_torch(tmp_path, as_archive):
    path = tmp_path / "results.pt"
    torch.save(
        {"tensors": TENSORS, "size": torch.Size([1, 2]), "kind": torch.float32},
        path,
        _use_new_zipfile_serialization=as_archive,
    )
    read = read_pickle(path)
    for name, tensor in TENSORS.items():
        if tensor is not None:
            meant = tensor.detach()
            meant = meant.float() if meant.dtype == torch.bfloat16 else meant
            np.testing.assert_array_equal(read["tensors"][name], meant.numpy())
    assert tuple(read["size"]) == (1, 2)
    assert read["kind"] == "float32"


def test_tensors_within_a_plain_pickle_are_read(tmp_path):
    path = tmp_path / "hps_track_0.npy"
    np.save(path, {"pred_shape": TENSORS["float"], "turned": TENSORS["turned"]})
    read = read_npy(path)
    np.testing.assert_array_equal(read["pred_shape"], TENSORS["float"].numpy())
    np.testing.assert_array_equal(read["turned"], TENSORS["turned"].numpy())


class Attack:
    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


@pytest.mark.parametrize("kind", ["joblib", "zlib", "torch", "torch old", "npy"])
def test_hostile_files_of_every_kind_are_refused_and_never_run(tmp_path, kind):
    witness = tmp_path / "was_here"
    content = {"pose": np.zeros(3), "x": Attack(f"touch {witness}")}
    path = tmp_path / "hostile.file"
    if kind in ("joblib", "zlib"):
        joblib.dump(content, path, compress=3 if kind == "zlib" else 0)
    elif kind == "npy":
        with path.open("wb") as file:
            np.save(file, content)
    else:
        new = kind == "torch"
        torch.save(content, path, _use_new_zipfile_serialization=new)
    with pytest.raises(StudioError, match=r"hostile\.file: asks to run \w+\.system"):
        (read_npy if kind == "npy" else read_pickle)(path)
    assert not witness.exists()


def test_tensors_that_reach_beyond_their_bytes_are_refused(tmp_path):
    path = tmp_path / "results.pt"
    torch.save({"a": torch.arange(8.0)}, path)
    with zipfile.ZipFile(path) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    name = next(n for n in members if n.endswith("data.pkl"))
    assert b"K\x08\x85" in members[name]
    for size in (9, 2**31 - 1):
        changed = b"J" + struct.pack("<i", size) + b"\x85"
        hostile = members | {name: members[name].replace(b"K\x08\x85", changed)}
        with zipfile.ZipFile(path, "w") as archive:
            for member, data in hostile.items():
                archive.writestr(member, data)
        with pytest.raises(StudioError, match="not a readable pickle"):
            read_pickle(path)


def test_archives_of_something_else_are_refused(tmp_path):
    path = tmp_path / "results.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(StudioError, match="not a readable pickle"):
        read_pickle(path)


def test_a_bomb_is_refused_before_it_unpacks(tmp_path, monkeypatch):
    monkeypatch.setattr("hpe_studio.core.unpickle.MAX_FILE_BYTES", 10_000)
    path = tmp_path / "bomb.pkl"
    joblib.dump({"zeros": np.zeros(100_000)}, path, compress=9)
    assert path.stat().st_size < 10_000
    with pytest.raises(StudioError, match=r"bomb\.pkl: unpacks to more than"):
        read_pickle(path)


def test_results_of_romp_take_the_quick_way():
    for protocol in (3, 4):
        data = pickle.dumps(np.array(ARRAYS | {"list": [1]}), protocol=protocol)
        assert quickly_built(data)[()]["number"] == 7


OPENED = b"\x80\x04cnumpy\ndtype\n"
DANGEROUS = {
    "state on a class": OPENED + b"}\x8c\x01xK\x01sb.",
    "slots on a class": OPENED + b"N}\x8c\x04codeK\x01s\x86b.",
    "memo at four billion": b"\x80\x02]r\xff\xff\xff\xff.",
    "frame that is not there": b"\x80\x04\x95" + struct.pack("<Q", 2**40) + b"N.",
    "bytes that are not there": b"\x80\x04\x8e" + struct.pack("<Q", 2**40) + b"x.",
    "another name": b"\x80\x02cos\nsystem\nU\x01x\x85R.",
    "an instance": b"\x80\x02(ios\nsystem\n.",
    "a new object": OPENED + b")\x81.",
    "no end": b"\x80\x02]",
    "nothing": b"\x80",
}


@pytest.mark.parametrize("name", DANGEROUS)
def test_the_quick_way_leaves_what_is_unusual_to_the_slow_one(name):
    before = dict(vars(pickle_parts.DType))
    with pytest.raises((UnsureError, TypeError)):
        quickly_built(DANGEROUS[name])
    assert dict(vars(pickle_parts.DType)) == before


@pytest.mark.parametrize("protocol", [0, 4])
def test_keys_can_be_left_out(protocol):
    content = {"frame": {"verts": np.zeros((5, 3)), "cam": np.arange(3)}, 3: "kept"}
    data = pickle.dumps(content, protocol=protocol)
    read = unpickle_bytes(data, without=frozenset({"verts"}))
    assert list(read) == ["frame", 3]
    assert list(read["frame"]) == ["cam"]


def test_both_ways_read_the_same():
    rng = np.random.default_rng(3)
    for protocol in (2, 3, 4, 5):
        content = {"a": rng.normal(size=(4, 3)), "b": [1, 2.5, "ü", None, True, (1,)]}
        data = pickle.dumps(content, protocol=protocol)
        stream = io.BytesIO(data)
        unpickler = pickle_parts.Unpickler(stream, None)
        slow = pickle_parts.Finisher().finish(unpickler.load())
        quick = unpickle_bytes(data)
        np.testing.assert_array_equal(slow["a"], quick["a"])
        assert slow["b"] == quick["b"] == content["b"]
