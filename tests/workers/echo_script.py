"""A worker script for tests: does what the message says."""

import os
import sys
import time
from pathlib import Path

import numpy as np


def start(options):
    if options.get("refuse"):
        raise ValueError("no such model")
    if options.get("never_starts"):
        sleep(options, [])
    if options.get("die_at_start"):
        print("out of luck", file=sys.stderr)
        os._exit(3)
    return lambda message, arrays: DEEDS[message["do"]](message, arrays)


def echo(message, arrays):
    return {"said": message.get("text")}, arrays


def add_up(message, arrays):
    return {"sums": [float(np.sum(a, dtype=np.float64)) for a in arrays]}, []


def shout(message, arrays):
    print("this must not break the pipe", flush=True)
    os.write(1, b"nor this\n")
    return {}, []


def nonsense(message, arrays):
    for number in range(3, 64):
        try:
            os.write(number, b"\xff" * 64)
        except OSError:
            continue
    time.sleep(100_000)


def die(message, arrays):
    print("the network is broken", file=sys.stderr, flush=True)
    os._exit(7)


def sleep(message, arrays):
    if "mark" in message:
        Path(message["mark"]).touch()
    time.sleep(100_000)
    return {}, []


def stop(message, arrays):
    os.kill(os.getpid(), 19)
    return {}, []


def modules(message, arrays):
    return {"modules": sorted(m for m in sys.modules if "hpe_studio" in m)}, []


def fail(message, arrays):
    raise KeyError("left_knee")


DEEDS = {
    "echo": echo,
    "sum": add_up,
    "print": shout,
    "nonsense": nonsense,
    "die": die,
    "sleep": sleep,
    "stop": stop,
    "modules": modules,
    "raise": fail,
}
