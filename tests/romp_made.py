"""Network and body files for ROMP and BEV with random content in their real layouts.

Run as a program it writes them into a folder, through the real packages' own classes.
Nothing in them is anybody's work: the networks are random, but lean towards upright
people, find nobody in a black picture and somebody in a bright one; the body is the
studio's open one, thinned out to SMPL's number of vertices.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

VERTICES = 6890
BLACK, BRIGHT = 0.1, 0.6
"""How sure of people the made networks are on a black and on a bright picture."""

Arrays = dict[str, Any]


def make(folder: Path, what: str = "files") -> None:
    """Write the files, in a process of its own.

    Args:
        folder: Where they go.
        what: "onnx" for a ROMP.onnx out of the ROMP.pkl that lies there.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.romp_made", str(folder), what],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def smpl_arrays(seed: int = 0) -> Arrays:
    """The open body as SMPL's original file would hold it, with 6890 vertices."""
    from hpe_studio.body.open_body import _merged_into, _regressor
    from hpe_studio.core.resources import resource_path
    from hpe_studio.core.skeleton import skeleton
    from hpe_studio.core.unpickle import read_npz

    rng = np.random.default_rng(seed)
    arrays = dict(read_npz(resource_path("bodies/open_smpl.npz")))
    full, goal = skeleton("smplx55"), skeleton("smpl24")
    regressor = _regressor(arrays, full, goal)
    needed = np.flatnonzero(np.abs(regressor).sum(axis=0))
    count = len(arrays["v_template"])
    others = np.setdiff1d(np.arange(count), needed)
    kept = rng.choice(others, VERTICES - len(needed), replace=False)
    kept = np.sort(np.r_[needed, kept])
    weights = np.zeros((count, 24), np.float32)
    merged = _merged_into(full, goal)
    for joint, column in zip(merged, arrays["weights"].T, strict=True):
        weights[:, joint] += column
    return {
        "v_template": arrays["v_template"][kept].astype(np.float64),
        "shapedirs": arrays["shapedirs"][kept].astype(np.float64),
        "posedirs": np.zeros((VERTICES, 3, 207)),
        "J_regressor": regressor[:, kept].astype(np.float64),
        "weights": weights[kept].astype(np.float64),
        "f": rng.integers(0, VERTICES, (13776, 3)).astype(np.uint32),
        "kintree_table": np.array(
            [np.where(np.arange(24) == 0, 2**32 - 1, goal.parents), np.arange(24)]
        ).astype(np.uint32),
    }


def extra_regressors(arrays: Arrays) -> tuple[Any, Any]:
    """Regressors as ROMP's archive holds them, (9, V) and (17, V): mixtures of joints.

    The first two of the nine are the right and the left hip, as with the real ones.
    """
    joints = arrays["J_regressor"]
    nine = joints[[2, 1, 12, 15, 0, 9, 6, 15, 15]]
    seventeen = joints[[0, 2, 5, 8, 1, 4, 7, 6, 12, 15, 15, 16, 18, 20, 17, 19, 21]]
    return nine, seventeen


def packed_smpl(arrays: Arrays) -> Arrays:
    """The same in the layout of SMPL_NEUTRAL.pth, as numpy arrays."""
    nine, seventeen = extra_regressors(arrays)
    order = [6, 5, 4, 1, 2, 3, 16, 15, 14, 11, 12, 13, 8, 10, 0, 7, 9]
    parents = arrays["kintree_table"][0].astype(np.int64)
    parents[0] = -1
    return {
        "kintree_table": parents,
        "extra_joints_index": np.arange(21) * 300,
        "J_regressor_extra9": nine,
        "J_regressor_h36m17": seventeen[order],
        "shapedirs": arrays["shapedirs"],
        "posedirs": arrays["posedirs"].reshape(-1, 207).T,
        "f": arrays["f"].astype(np.int64),
        "v_template": arrays["v_template"],
        "J_regressor": arrays["J_regressor"],
        "weights": arrays["weights"],
    }


def _write(folder: Path) -> None:
    from hpe_studio.estimators.romp_net import quiet

    quiet.load("romp")
    bev = quiet.load("bev")
    _write_bodies(folder)
    _write_romp(folder / "ROMP.pkl", folder / "ROMP_other.pkl")
    _write_bev(folder / "BEV.pth", bev)


def _write_bodies(folder: Path) -> None:
    import torch

    packed = packed_smpl(smpl_arrays())
    kid = np.random.default_rng(3).normal(0, 0.002, (VERTICES, 3, 1))
    kinds = {
        "SMPL_NEUTRAL.pth": packed,
        "SMPLA_NEUTRAL.pth": packed
        | {"smpla_shapedirs": np.concatenate([packed["shapedirs"], kid], axis=2)},
        "smil_packed_info.pth": packed | {"v_template": packed["v_template"] * 0.5},
    }
    for name, arrays in kinds.items():
        tensors = {
            key: torch.from_numpy(np.array(a)).long()
            if key in ("kintree_table", "extra_joints_index")
            else torch.from_numpy(np.array(a)).float()
            for key, a in arrays.items()
        }
        torch.save(tensors, folder / name)


def _write_romp(path: Path, other: Path) -> None:
    """ROMP's network at random but for its last layer of centres.

    That one is solved so that it sees somebody in a bright picture and nobody in a
    black one. The other file's bodies and places come from another seed.
    """
    import torch
    from romp.model import ROMPv1

    torch.manual_seed(0)
    net = ROMPv1().eval()
    params, centre, cam = (net.final_layers[i][-1] for i in (1, 2, 3))
    with torch.no_grad():
        levels = (0, 130, 200)
        rows = [_centre_features(net, level).double() for level in levels]
        goals = [_bumps().double() * level / 200 for level in levels]
        seen, wanted = torch.cat([*rows, rows[0]]), torch.cat([*goals, goals[0]])
        square = seen.T @ seen
        square += 1e-9 * square.diagonal().mean() * torch.eye(len(square))
        solved = torch.linalg.solve(square, seen.T @ wanted)
        black, bright = ((rows[i] @ solved).max() for i in (0, -1))
        assert bright > black
        factor = (BRIGHT - BLACK) / (bright - black)
        centre.weight.copy_((factor * solved[:-1]).reshape(centre.weight.shape))
        centre.bias.fill_((factor * (solved[-1] - black) + BLACK).item())
        for seed, goal in enumerate((path, other)):
            torch.manual_seed(seed)
            params.weight.normal_()
            cam.weight.normal_()
            _lean(params, upright(22), spread=0.15)
            _lean(cam, [-8.0, 0.05 * (seed + 1), 0.0], spread=0.4)
            torch.save(net.state_dict(), goal)


def _write_onnx(folder: Path) -> None:
    """ROMP.onnx out of ROMP.pkl, as ROMP's own `export_model_to_onnx_static` does."""
    from hpe_studio.estimators.romp_net import quiet

    quiet.load("romp")
    import torch
    from romp.model import ROMPv1

    net = ROMPv1().eval()
    net.load_state_dict(torch.load(folder / "ROMP.pkl"))
    torch.onnx.export(
        net,
        (torch.rand(1, 512, 512, 3),),
        str(folder / "ROMP.onnx"),
        input_names=["image"],
        output_names=["center_maps", "params_maps"],
        export_params=True,
        opset_version=12,
        do_constant_folding=True,
        dynamo=False,  # the only way there was when ROMP's file was made
    )


def _centre_features(net: Any, level: int) -> Any:
    """What the last layer of the centres sees, shape (64 * 64, 65), ones at last."""
    import torch

    picture = torch.zeros(1, 512, 512, 3)
    picture[:, 112:400] = float(level)  # 16:9 between the bands that ROMP adds
    x = net.backbone(picture)
    x = torch.cat((x, net.coordmaps), 1)
    features = net.final_layers[2][:-1](x)[0].reshape(64, -1).T
    return torch.cat([features, torch.ones(len(features), 1)], dim=1)


def _bumps() -> Any:
    """Two places where people are, shape (64 * 64,), rows first."""
    import torch

    y, x = torch.meshgrid(torch.arange(64), torch.arange(64), indexing="ij")
    one = torch.exp(-((x - 20) ** 2 + (y - 32) ** 2) / 40)
    other = 0.8 * torch.exp(-((x - 44) ** 2 + (y - 32) ** 2) / 40)
    return (one + other).reshape(-1)


def _write_bev(path: Path, bev: Any) -> None:
    import torch

    torch.manual_seed(2)
    net = bev.main.BEVv1(center_thresh=0.1).eval()
    last = net.transformer[-1]
    with torch.no_grad():
        _lean(last, upright(22), spread=0.05)
    torch.save(net.state_dict(), path)


def upright(joints: int) -> list[float]:
    """Six numbers per joint: the pelvis turned to the camera, the others at rest."""
    turned = [1.0, 0.0, 0.0, -1.0, 0.0, 0.0]
    rest = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    return [*turned, *rest * (joints - 1)]


def _lean(layer: Any, towards: list[float], *, spread: float) -> None:
    """A last layer whose results lie around some values."""
    import torch

    layer.weight *= spread / layer.weight.std() / layer.weight[0].numel() ** 0.5
    layer.bias.zero_()
    layer.bias[: len(towards)] += torch.tensor(towards)


def facts(folder: Path) -> dict[str, Any]:
    """What the networks say of black and bright pictures (for looking at them)."""
    from hpe_studio.estimators.romp_net import serve

    out: dict[str, Any] = {}
    for name in ("ROMP.pkl", "ROMP_other.pkl"):
        handle = serve.start(
            {
                "kind": "romp",
                "model": "pytorch",
                "files": {
                    "network": str(folder / name),
                    "smpl": str(folder / "SMPL_NEUTRAL.pth"),
                },
                "device": "cpu",
                "center_thresh": 0.25,
                "max_people": 2,
                "show_largest": False,
                "threads": 2,
                "pixel_aspect": 1.0,
            }
        )
        for level in (0, 200):
            picture = np.full((360, 640, 3), level, np.uint8)
            _, arrays = handle({}, [picture])
            rows = [np.round(a.ravel()[:6], 3).tolist() for a in arrays[:4]]
            out[f"{name} {level}"] = rows
    return out


if __name__ == "__main__":
    if sys.argv[2:] == ["onnx"]:
        _write_onnx(Path(sys.argv[1]))
    else:
        _write(Path(sys.argv[1]))
    if sys.argv[2:] == ["facts"]:
        print(json.dumps(facts(Path(sys.argv[1])), indent=1))
