"""The worker script: pictures in, people out (see `workers/guest.py`)."""

from __future__ import annotations

import cv2
import numpy as np

from .appearance import BINS
from .finder import Finder
from .landmarks import COUNT
from .likeness import inside
from .networks import Proposer, Reader
from .people import People

PROPOSAL_SCORE = 0.15
"""Low, because the landmark network has the last word."""


def start(options):
    """A handler with its own copy of the networks.

    Args:
        options: movenet, blazepose (paths), detector_size, detector_interval, tiles,
            max_people, min_score, first_hint, pixel_aspect (width of a pixel over its
            height; the networks know only square ones).
    """
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
    calls = []
    finder = Finder(
        Proposer(options["movenet"], calls),
        side=options["detector_size"],
        tiles=options["tiles"],
        least_score=PROPOSAL_SCORE,
    )
    people = People(
        finder,
        Reader(options["blazepose"], calls),
        interval=options["detector_interval"],
        max_people=options["max_people"],
        least_score=options["min_score"],
        first_hint=options["first_hint"],
    )

    def handle(message, arrays):
        calls.clear()
        if message["restart"]:
            people.restart()
        picture, stretch = with_square_pixels(arrays[0], options["pixel_aspect"])
        found = people.process(picture)
        height, width = picture.shape[:2]
        reply = {
            "hints": [person.hint for person in found],
            "calls": list(calls),
            "process": options["first_hint"],
        }
        return reply, packed(found, width, height, stretch)

    return handle


def with_square_pixels(picture, pixel_aspect):
    """The picture as it is meant to look, and by how much that made it wider."""
    height, width = picture.shape[:2]
    shown = max(1, round(width * pixel_aspect))
    if shown == width:
        return picture, 1.0
    return cv2.resize(picture, (shown, height)), shown / width


def packed(people, width, height, stretch=1.0):
    """Scores (n,), points_px (n, 33, 2), confidence, points_m (n, 33, 3), colours.

    Points in stored pixels, whose columns were made `stretch` times as wide; those
    outside the picture get no confidence, whatever the
    network thought of them.
    """
    count = len(people)
    scores = np.zeros(count, np.float32)
    points_px = np.zeros((count, COUNT, 2), np.float32)
    confidence = np.zeros((count, COUNT), np.float32)
    points_m = np.zeros((count, COUNT, 3), np.float32)
    colours = np.zeros((count, BINS), np.float32)
    for i, person in enumerate(people):
        reading = person.reading
        within = inside(reading.points, width, height)
        scores[i] = person.score
        points_px[i] = reading.points[:COUNT] / (stretch, 1.0) - 0.5
        confidence[i] = np.where(within, reading.confidence, 0.0)
        points_m[i] = reading.points_m
        colours[i] = reading.colours
    return [scores, points_px, confidence, points_m, colours]
