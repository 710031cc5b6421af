"""A worker script for tests: says what it saw, and dies or fails on given frames."""

import os
import sys
import time
from pathlib import Path

import numpy as np


def start(options):
    if options.get("refuse"):
        raise ValueError("no such model")
    if options.get("never_starts"):
        time.sleep(100_000)
    return lambda message, arrays: look(options, message, arrays[0])


def look(options, message, picture):
    frame = message["frame"]
    if frame in options.get("endless", []):
        time.sleep(100_000)
    if frame in options.get("deadly", []):
        print("killed by a frame", file=sys.stderr, flush=True)
        os._exit(5)
    once = options.get("deadly_once", {})
    if str(frame) in once and not Path(once[str(frame)]).exists():
        Path(once[str(frame)]).touch()
        os._exit(6)
    if frame in options.get("failing", []) or options.get("always_failing"):
        raise RuntimeError("cannot read this picture")
    reply = {"restart": message["restart"], "shape": list(picture.shape)}
    return reply, [np.array([picture.min(), picture.max()]), np.array([os.getpid()])]
