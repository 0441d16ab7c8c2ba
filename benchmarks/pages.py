"""How long pages take to open in a browser: of a store of many runs, and of a run of many tasks."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import click
import numpy as np

from benchmarks.listing import fill
from benchmarks.measure import report
from daskcnn.store import Store
from tests.browsing import Visit, chromium
from tests.runs import make_run
from tests.serving import served

DRAWN = """() => {
  const [document] = window.Bokeh?.documents ?? []
  return document?.is_idle && [...document._all_models.values()].some((model) => model.type === "Figure")
}"""


def opened(browser: Any, address: str) -> float:
    """Seconds until a browser that has nothing of it yet has drawn a page whole."""
    start = perf_counter()
    visit = Visit(browser, address)
    visit.page.wait_for_function(DRAWN)
    seconds = perf_counter() - start
    assert visit.errors == []
    visit.page.close()
    return seconds


def measured(store: Store, pages: dict[str, str], repeats: int) -> dict[str, list[float]]:
    """Seconds for each of the pages, turn and turn about; the first one is that of a server that has just begun."""
    found: dict[str, list[float]] = {name: [] for name in pages}
    with chromium() as browser, served(store) as (address, _):
        for _ in range(repeats):
            for name, query in pages.items():
                found[name].append(opened(browser, f"{address}?{query}"))
    return found


@click.command()
@click.option("--runs", default=1000, show_default=True, help="In the store.")
@click.option("--tasks", default=100_000, show_default=True, help="Of its newest run.")
@click.option("--repeats", default=5, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path))
def main(runs: int, tasks: int, repeats: int, path: Path | None) -> None:
    """Open pages of a store of many runs, and of its run of many tasks."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "runs")
        fill(store.path, range(runs - 1))
        large = str(store.append(make_run(run="20261120T000000-ffffff", tasks=tasks, repeats=1)))
        pages = {f"compare, {runs:,} runs": "page=compare"}
        pages |= {f"{name}, {tasks:,} tasks": f"page={name}&run={large}" for name in ("stream", "memory")}
        found = measured(store, pages, repeats)
    rows = [[name, *(f"{value:.2f} s" for value in (own[0], np.median(own), max(own)))] for name, own in found.items()]
    report(
        ["Page", "First", "Median", "Most"], rows, [{"page": name, "seconds": own} for name, own in found.items()], path
    )


if __name__ == "__main__":
    main()
