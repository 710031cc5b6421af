"""simple-romp imported so that it neither downloads, installs nor runs anything.

`import romp` by itself makes a folder in the home directory, fetches a network from the
internet where none lies there and calls pip for what it lacks. Here it finds an empty
home, a `wget` that refuses and an `os.system` that refuses; and whatever torch loads,
it loads as data (`weights_only`), never as a program.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import os
import shutil
import sys
import tempfile
import types

_HOMES = ("HOME", "USERPROFILE")


class Refused(RuntimeError):
    """Something was asked for that is never done behind a person's back."""


def load(name):
    """The package "romp" or "bev", without side effects.

    Raises:
        RuntimeError: If this Python lacks it or torch is too old to load safely.
    """
    _guard()
    try:
        import torch
    except ImportError:
        raise RuntimeError(_lacks("torch")) from None
    _load_as_data(torch)
    before = {key: os.environ[key] for key in _HOMES if key in os.environ}
    home = tempfile.mkdtemp(prefix="hpe-studio-romp-")
    words, sys.argv = sys.argv, sys.argv[:1]
    try:
        os.environ.update(dict.fromkeys(_HOMES, home))
        with contextlib.redirect_stdout(io.StringIO()):  # it tells of what it lacks
            return importlib.import_module(name)
    except ImportError as error:
        raise RuntimeError(_lacks(error.name or name)) from None
    finally:
        sys.argv = words
        for key in _HOMES:
            os.environ.pop(key, None)
        os.environ.update(before)
        shutil.rmtree(home, ignore_errors=True)


def _lacks(name):
    package = {"romp": "simple-romp", "bev": "simple-romp"}.get(name, name)
    return f"{sys.executable} has no {package}"


def _guard():
    """Refuse downloads and commands for the rest of this process."""
    stub = types.ModuleType("wget")
    setattr(stub, "download", _no_download)  # noqa: B010 - a module without it
    sys.modules["wget"] = stub
    os.system = _no_command


def _no_download(url, *_args, **_kwargs):
    raise Refused("the file is not fetched behind your back: " + str(url))


def _no_command(command):
    raise Refused("the command is not run behind your back: " + str(command))


def _load_as_data(torch):
    """Make torch load plain data only, on the processor unless told otherwise."""
    if torch.load.__name__ == "load_data":  # done before
        return
    if "weights_only" not in inspect.signature(torch.load).parameters:
        raise RuntimeError(
            f"torch {torch.__version__} cannot load files safely; 1.13 or newer can"
        )
    plain = torch.load

    def load_data(path, map_location="cpu", **_):
        return plain(path, map_location=map_location, weights_only=True)

    torch.load = load_data
