"""Pickles and npz files from strangers: arrays come out, nothing else gets in."""

import io
import os
import pickle
import struct
import sys
import types
import zipfile
from collections import OrderedDict

import numpy as np
import pytest
import scipy.sparse as sp

from hpe_studio.core.errors import StudioError
from hpe_studio.core.unpickle import read_npz, read_pickle, unpickle_bytes

CONTENT = {
    "floats": np.arange(6.0).reshape(2, 3),
    "big endian": np.arange(4, dtype=">i4"),
    "fortran": np.asfortranarray(np.arange(6, dtype=np.float32).reshape(3, 2)),
    "text": np.array(["pelvis", "head"]),
    "names": np.array(["a", "bcd"], dtype=object),
    "number": np.float32(1.5),
    "plain": {"list": [1, (2, 3)], "set": {4}, "none": None, "bytes": b"\x00\xff"},
    "ordered": OrderedDict(a=1),
}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_arrays_and_containers_survive_every_protocol(tmp_path, protocol):
    path = tmp_path / "content.pkl"
    path.write_bytes(pickle.dumps(CONTENT, protocol=protocol))
    read = read_pickle(path)
    assert list(read) == list(CONTENT)
    for name in ("floats", "big endian", "fortran", "text", "names", "number"):
        assert np.array_equal(read[name], CONTENT[name])
        assert read[name].dtype == np.asarray(CONTENT[name]).dtype.newbyteorder("=")
    assert read["plain"] == CONTENT["plain"]
    assert read["ordered"] == {"a": 1}


@pytest.mark.parametrize("kind", [sp.csr_matrix, sp.csc_matrix, sp.coo_matrix])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_sparse_matrices_come_out_dense(kind, protocol):
    dense = np.zeros((3, 50))
    dense[1, 7], dense[2, 49], dense[0, 0] = 0.25, 0.5, 1
    data = pickle.dumps(kind(dense), protocol=protocol)
    assert np.array_equal(unpickle_bytes(data), dense)


def chumpy_pickle(value, *, protocol, module="chumpy.ch"):
    """A pickle of a chumpy variable, as the SMPL files hold them, without chumpy."""
    fake = types.ModuleType(module)
    fake.Ch = type("Ch", (), {"__module__": module, "__qualname__": "Ch"})
    sys.modules["chumpy"], sys.modules[module] = types.ModuleType("chumpy"), fake
    try:
        variable = fake.Ch()
        variable.x, variable._dirty_vars = value, set()
        return pickle.dumps({"shapedirs": variable}, protocol=protocol)
    finally:
        del sys.modules["chumpy"], sys.modules[module]


@pytest.mark.parametrize("protocol", [0, 1, 2, 4])
def test_chumpy_variables_come_out_as_their_arrays(protocol):
    value = np.random.default_rng(0).normal(size=(5, 3, 2))
    read = unpickle_bytes(chumpy_pickle(value, protocol=protocol))
    assert np.array_equal(read["shapedirs"], value)


def test_pickles_of_python_2_are_read():
    """Protocol 2 as Python 2 wrote it: raw bytes are a str (SHORT_BINSTRING)."""
    raw = np.array([1.5, -2.0]).tobytes()
    data = (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
        b"(K\x01K\x02\x85cnumpy\ndtype\nU\x02f8K\x00K\x01\x87R"
        b"(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        b"U" + bytes([len(raw)]) + raw + b"tb."
    )
    assert unpickle_bytes(data).tolist() == [1.5, -2.0]


class Attack:
    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    ("function", "arguments", "named"),
    [
        (os.system, ("touch {}",), "system"),
        (eval, ("open({!r}, 'w')",), "builtins.eval"),
        (np.load, ("{}",), "numpy"),
        (getattr, (dict, "__class__"), "getattr"),
        (bytearray, (10**13,), "bytearray"),
    ],
)
def test_anything_else_is_refused_by_name_and_never_run(
    tmp_path, function, arguments, named
):
    witness = tmp_path / "was_here"
    arguments = tuple(
        a.format(str(witness)) if isinstance(a, str) else a for a in arguments
    )
    path = tmp_path / "hostile.pkl"
    path.write_bytes(pickle.dumps({"v_template": Attack(function, *arguments)}))
    with pytest.raises(StudioError, match=named) as caught:
        read_pickle(path)
    assert "hostile.pkl" in str(caught.value)
    assert not witness.exists()
    archive = tmp_path / "hostile.npz"
    np.savez(archive, weights=np.array([Attack(function, *arguments)], dtype=object))
    with pytest.raises(StudioError, match=named):
        read_npz(archive)
    assert not witness.exists()


def array_pickle(shape, raw):
    array = pickle.dumps(np.zeros(2), protocol=2)
    assert array.count(b"K\x02\x85") == 1
    return array.replace(b"K\x02\x85", b"J" + struct.pack("<i", shape) + b"\x85")


HOSTILE = {
    "empty": b"",
    "not a pickle": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "cut off": pickle.dumps(CONTENT)[:200],
    "array larger than its bytes": array_pickle(2**31 - 1, b""),
    "outside buffer": b"\x80\x05\x97.",
    "bytes that are not there": b"\x80\x04\x8e" + struct.pack("<Q", 2**50) + b"x.",
    "bytearray that is not there": b"\x80\x05\x96" + struct.pack("<Q", 2**40) + b"x.",
    "deep nesting": b"(" * 100_000 + b"l" * 100_000 + b".",
    "state on a function": b"c_codecs\nencode\n(dN}U\x0b__defaults__)sN\x86b.",
    "sparse of a huge shape": pickle.dumps(sp.csr_matrix((2**20, 2**20))),
    "outside reference": b"Pevil\n.",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_damaged_and_hostile_pickles_end_in_one_sentence(tmp_path, name):
    path = tmp_path / "body.pkl"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(StudioError, match=r"body\.pkl: is not a readable pickle;"):
        read_pickle(path)


def test_a_memo_at_four_billion_takes_no_memory():
    assert unpickle_bytes(b"\x80\x02]r\xff\xff\xff\xff.") == []


def test_sparse_indices_out_of_range_are_refused():
    matrix = sp.csr_matrix(np.eye(3))
    matrix.indices = matrix.indices + 2
    with pytest.raises(StudioError):
        unpickle_bytes(pickle.dumps(matrix))


def test_npz_gives_plain_and_object_members(tmp_path):
    path = tmp_path / "results.npz"
    results = {"smpl_thetas": np.ones((2, 72), np.float32), "names": ["a", "b"]}
    np.savez(path, results=results, plain=np.arange(3), fortran=CONTENT["fortran"])
    read = read_npz(path)
    assert np.array_equal(read["results"]["smpl_thetas"], results["smpl_thetas"])
    assert read["results"]["names"] == ["a", "b"]
    assert read["plain"].tolist() == [0, 1, 2]
    assert np.array_equal(read["fortran"], CONTENT["fortran"])


def npy_header(shape):
    stream = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    return stream.getvalue()


def test_npz_that_lies_about_its_size_is_refused(tmp_path):
    path = tmp_path / "liar.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("v_template.npy", npy_header((10**9, 3)) + bytes(64))
    with pytest.raises(StudioError, match=r"liar\.npz: is not a readable npz"):
        read_npz(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", bytes(5000)])
def test_broken_npz_is_refused(tmp_path, content):
    path = tmp_path / "broken.npz"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=r"broken\.npz"):
        read_npz(path)


def test_missing_file_and_folder_are_named(tmp_path):
    for path in (tmp_path / "nowhere.pkl", tmp_path):
        with pytest.raises(StudioError, match="cannot be read"):
            read_pickle(path)
