"""A worker script that runs recorded network calls and nothing else."""

import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter


def start(options):
    """A handler that runs the calls of a message and says how long they took."""
    networks = {}

    def network(call):
        key = tuple(call)
        if key not in networks:
            networks[key] = _prepared(options[call[0]], call[1:])
        return networks[key]

    def handle(message, _arrays):
        for call in {tuple(call) for call in message["calls"]}:
            network(call).invoke()  # warm
        begin_s = time.perf_counter()
        for call in message["calls"]:
            network(call).invoke()
        return {"seconds": time.perf_counter() - begin_s}, []

    return handle


def _prepared(path, size):
    runner = Interpreter(path, num_threads=1)
    place = runner.get_input_details()[0]["index"]
    if size:
        runner.resize_tensor_input(place, (1, *size, 3))
    runner.allocate_tensors()
    detail = runner.get_input_details()[0]
    values = np.random.default_rng(0).random(tuple(detail["shape"]))
    if detail["dtype"] == np.uint8:
        values = values * 255
    runner.set_tensor(place, values.astype(detail["dtype"]))
    return runner
