"""The two networks: MoveNet MultiPose proposes people, BlazePose reads one of them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from . import geometry
from .appearance import histogram
from .landmarks import COUNT

MOVENET_STEP = 32
"""Sides of MoveNet's input are multiples of this (its model card)."""


MOST_ENLARGED = 1.5
"""Blown up further, people get too soft to be recognised."""


MASK_SIDE = 64
GUESSED = 0.4
"""Share of the trust left to points behind somebody who was painted over."""
_NOBODY = (114, 114, 114)


class Network:
    """One LiteRT model with one input, run on one thread."""

    def __init__(self, path, shape=None):
        self._runner = Interpreter(str(path), num_threads=1)
        if shape is not None:
            place = self._runner.get_input_details()[0]["index"]
            self._runner.resize_tensor_input(place, shape)
        self._runner.allocate_tensors()
        self._input = self._runner.get_input_details()[0]["index"]
        self._outputs = [o["index"] for o in self._runner.get_output_details()]

    def __call__(self, values):
        """The outputs for one input, as new arrays."""
        self._runner.set_tensor(self._input, values)
        self._runner.invoke()
        return [self._runner.get_tensor(index) for index in self._outputs]


@dataclass
class Proposal:
    """A person MoveNet sees.

    Attributes:
        keypoints: COCO keypoints, shape (17, 3): x, y, score; continuous pixels.
        box: x0, y0, x1, y1.
        score: Trust, 0 to 1.
        only_in_tile: True when it was not seen in the whole picture.
    """

    keypoints: np.ndarray
    box: np.ndarray
    score: float
    only_in_tile: bool = False

    @property
    def size(self):
        """Longer side of the box in pixels."""
        return geometry.length_of(self.box)


class Proposer:
    """MoveNet MultiPose on any part of a picture; at most six people per look.

    Args:
        path: The model file.
        calls: List that gets ("movenet", height, width) for every run.
    """

    def __init__(self, path, calls):
        self._path = path
        self._networks = {}
        self._calls = calls

    def look(self, picture, window, side, least_score):
        """People in the window (x0, y0, x1, y1), its longer side scaled to `side`.

        Returns:
            Proposals in continuous pixels of the whole picture.
        """
        x0, y0, x1, y1 = window
        part = picture[y0:y1, x0:x1]
        height, width = part.shape[:2]
        scale = min(side / max(height, width), MOST_ENLARGED)
        shape = tuple(
            max(MOVENET_STEP, -(-round(n * scale) // MOVENET_STEP) * MOVENET_STEP)
            for n in (height, width)
        )
        fitted = np.zeros((*shape, 3), np.uint8)
        inner = (
            min(round(height * scale), shape[0]),
            min(round(width * scale), shape[1]),
        )
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        fitted[: inner[0], : inner[1]] = cv2.resize(
            part, (inner[1], inner[0]), interpolation=method
        )
        found = self._run(fitted)
        # shares of the padded input, whose picture part lies at the top left
        factor = (shape[1] * width / inner[1], shape[0] * height / inner[0])
        return [
            _proposal(row, factor, (x0, y0)) for row in found if row[55] >= least_score
        ]

    def _run(self, fitted):
        shape = fitted.shape[:2]
        if shape not in self._networks:
            self._networks[shape] = Network(self._path, (1, *shape, 3))
        self._calls.append(("movenet", *shape))
        return self._networks[shape](fitted[None])[0][0]


def _proposal(row, factor, origin):
    keypoints = row[:51].reshape(17, 3)[:, [1, 0, 2]].astype(float)
    keypoints[:, :2] = keypoints[:, :2] * factor + origin
    y0, x0, y1, x1 = row[51:55]
    box = np.array([x0, y0, x1, y1], float) * (*factor, *factor) + (*origin, *origin)
    return Proposal(keypoints, box, float(row[55]))


@dataclass
class Reading:
    """What BlazePose reads in one region of a picture.

    Attributes:
        points: Landmarks and the two auxiliary points, shape (35, 2), continuous px.
        confidence: Visibility times presence, shape (33,).
        points_m: Shape (33, 3), metres from the mid hip, camera axes.
        presence: The network's trust that there is a person at all, 0 to 1.
        colours: Colour histogram.
        next_region: Where to look in the next frame.
        region: Where it was read.
        mask: Which crop pixels are the person and not painted over, shape (64, 64),
            uint8, 0 or 255.
    """

    points: np.ndarray
    confidence: np.ndarray
    points_m: np.ndarray
    presence: float
    colours: np.ndarray
    next_region: np.ndarray
    region: np.ndarray
    mask: np.ndarray


class Reader:
    """BlazePose: 33 points in 2D and 3D of the person in a region.

    Args:
        path: The model file.
        calls: List that gets ("blazepose",) for every run.
    """

    def __init__(self, path, calls):
        self._network = Network(path)
        self._calls = calls

    def read(self, picture, where, *, without=()):
        """Read one region (see `geometry`).

        Args:
            picture: RGB.
            where: The region.
            without: Readings of people in front, who are painted over, so that the
                network cannot mistake the one for the other.
        """
        matrix = geometry.image_from_crop(where)
        crop = cv2.warpAffine(
            picture,
            geometry.pixel_centres(matrix),
            (geometry.CROP, geometry.CROP),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        )
        hidden = np.zeros(crop.shape[:2], bool)
        for other in without:
            hidden |= _seen_from(where, other)
        crop[hidden] = _NOBODY
        self._calls.append(("blazepose",))
        values = np.multiply(crop, np.float32(1 / 255), dtype=np.float32)[None]
        flat, presence, mask, heatmaps, flat_m = self._network(values)
        raw = flat[0].reshape(-1, 5)[: COUNT + 2].astype(float)
        in_crop = geometry.refined(raw[:, :2], heatmaps[0][..., : COUNT + 2])
        points = in_crop @ matrix[:, :2].T + matrix[:, 2]
        points_m = flat_m[0].reshape(-1, 3)[:COUNT].astype(float)
        trust = geometry.sigmoid(raw[:COUNT, 3:5]).prod(axis=1)
        cells = np.clip(in_crop[:COUNT].astype(int), 0, geometry.CROP - 1)
        trust = np.where(hidden[cells[:, 1], cells[:, 0]], GUESSED * trust, trust)
        return Reading(
            points=points,
            confidence=trust,
            points_m=geometry.upright_to_camera(points_m, where[3]),
            presence=float(presence[0, 0]),
            colours=histogram(crop, mask[0, ..., 0], in_crop),
            next_region=geometry.region_of_landmarks(points),
            region=where,
            mask=_small_mask((mask[0, ..., 0] > 0) & ~hidden),
        )


def _small_mask(person):
    step = geometry.CROP // MASK_SIDE
    return person[::step, ::step].astype(np.uint8) * 255


def _seen_from(where, other):
    """Mask of somebody else's pixels in the crop of a region, shape (256, 256)."""
    step = geometry.CROP // MASK_SIDE
    to_image = np.vstack([geometry.image_from_crop(where), (0, 0, 1)])
    from_image = np.linalg.inv(
        np.vstack([geometry.image_from_crop(other.region), (0, 0, 1)])
    )
    matrix = (from_image @ to_image)[:2] / step
    warped = cv2.warpAffine(
        other.mask,
        geometry.pixel_centres(matrix),
        (geometry.CROP, geometry.CROP),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    return warped > 127
