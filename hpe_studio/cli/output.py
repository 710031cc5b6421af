"""What the command line prints: progress bars on stderr, facts on stdout."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hpe_studio.core.jobs import Job, Progress, run_job
from hpe_studio.workflow.take_facts import take_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from hpe_studio.assets import AssetStatus

Result = TypeVar("Result")


@contextmanager
def progress_bar() -> Generator[Callable[[Progress], None]]:
    """A bar on stderr with time left; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task("Starting", total=1.0)

        def show(progress: Progress) -> None:
            bars.update(
                task,
                completed=progress.fraction or 0.0,
                description=progress.text or "Working",
            )

        yield show


def job_with_bar(job: Job[Result]) -> Result:
    """Run a job to its end under a progress bar."""
    with progress_bar() as show:
        return run_job(job, on_progress=show)


def print_lines(lines: Sequence[str]) -> None:
    """Print sentences, one per line."""
    for line in lines:
        print(line)


def print_json(facts: Any) -> int:
    """Print data for machines; the exit code is 0."""
    print(json.dumps(facts, indent=1))
    return 0


def print_info(path: Path, facts: Mapping[str, Any]) -> None:
    """Print what `hpe-studio info` knows, for people."""
    size = facts["size"]
    picture = f", {size[0]}x{size[1]}" if size else ""
    print(f"{path} ({facts['kind']})")
    print(f"  {facts['frames']} frames, {facts['fps']:.6g} fps{picture}")
    if facts["shots"] is not None:
        shown = ", ".join(f"{a:04d}-{b - 1:04d}" for a, b in facts["shots"])
        count = len(facts["shots"])
        print(f"  {count} {'shot' if count == 1 else 'shots'}: {shown}")
    for person in facts["people"]:
        span = "never present"
        if person["frames"]:
            span = f"{person['first']:04d}-{person['last']:04d}"
        print(f"  {person['name']}: {span}, {person['frames']} frames")
    if facts["reprojection_px"] is not None:
        print(f"  reprojection {facts['reprojection_px']:.1f} px (median)")
    for number, take in enumerate(facts.get("takes", ()), start=1):
        print(f"  take {number}: {take['name']}")
        print_lines([f"    {line}" for line in take_lines(take)])
    for sentence in facts.get("assumed", ()):
        print(f"  assumed: {sentence}")
    for warning in facts["warnings"]:
        print(f"  note: {warning}")


def print_problems(facts: Mapping[str, Any]) -> None:
    """Say how many problems there are, and each open one in a line, worst first."""
    ignored = f", {facts['ignored']} of them ignored" if facts["ignored"] else ""
    lines = [f"{facts['open']} open, {facts['done']} done{ignored}"]
    for problem in facts["problems"]:
        if problem["verdict"] is None:
            start, stop = problem["frames"]
            who = " and ".join(problem["people"])
            lines.append(f"{start:>7}–{stop - 1:<7} {who}: {problem['title']}")
    print_lines(lines)


def print_assets(entries: Sequence[AssetStatus], *, as_json: bool) -> int:
    """Print the state of model files; the exit code is 1 where one is damaged."""
    rows = [asdict(entry) for entry in entries]
    if as_json:
        print(json.dumps(rows, indent=1, default=str))
    else:
        for entry in entries:
            size_mb = entry.size_bytes / 1e6
            print(f"{entry.state:8} {entry.name:20} {size_mb:6.1f} MB  {entry.path}")
            if entry.problem:
                print(f"         {entry.problem}")
    return 1 if any(entry.state == "damaged" for entry in entries) else 0


def print_bench(results: Mapping[str, Mapping[str, Any]]) -> None:
    """Print each benchmark's ratio beside its limit."""
    for name, result in results.items():
        mark = "ok  " if result["passed"] else "MISS"
        sign = ">=" if result["better"] == "higher" else "<="
        print(
            f"{mark} {name:28} {result['ratio']:8.3f} {result['unit']:3} "
            f"(goal {sign} {result['limit']:g})  {result['detail']}"
        )
