"""What a person sees of single runs and of scaling: served and in a file, on a screen and on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daskcnn import dashboard
from daskcnn.figures import labelled
from daskcnn.figures.exchanges import measured, planned
from daskcnn.figures.layer_table import layer_table
from daskcnn.metrics import METRICS, studies
from daskcnn.metrics.efficiency import TREE
from daskcnn.metrics.fits import fits
from daskcnn.store import Store
from daskcnn.tracing import traced_run
from tests.browsing import PHONE, Visit
from tests.planned import planned_run
from tests.runs import make_run
from tests.serving import served
from tests.traces import make

OLD = Path(__file__).parents[1] / "data" / "run-schema-1.nc"
HOSTILE = "<script>window.hacked = 1</script>"
size, seconds = METRICS["bytes_moved"].text, METRICS["seconds"].text


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two runs that scale, one of a plan, one of the first schema, one of other work, and a damaged file."""
    store = Store(tmp_path_factory.mktemp("dashboards") / "runs")
    for workers in (1, 2, 4):
        run = make_run(workers, chunks=f"batch={workers}", workers=workers, tasks=8, repeats=2, run=f"a{workers}")
        store.append(run)
    store.append(planned_run("channel=2", run="planned"))
    (store.path / "old.nc").write_bytes(OLD.read_bytes())
    first: dict[str, Any] = {"start": 0.0, "stop": 1.0, "layer": HOSTILE}
    trace = make([first, {"start": 2.0, "stop": 3.0, "worker": 1}], [(1, 0)])
    store.append(traced_run(trace, HOSTILE, run_id="other"))
    (store.path / "damaged.nc").write_bytes(b"nothing")
    return store


@pytest.fixture(scope="module")
def file(store: Store) -> Path:
    path = store.path.parent / "runs.html"
    dashboard.export(store, path)
    return path


def scaling(visit: Visit, store: Store) -> None:
    visit.see("Strong scaling: the same work")
    (study,) = (own for own in studies(store.runs()) if own.kind == "strong")
    seconds = [store.repeats(run)["seconds"].values for run in study.series["batch"]["run"].values]
    found = fits([1, 2, 4], seconds)
    visit.column(0, ["batch", "batch"])
    visit.column(1, ["Amdahl", "Universal Scalability Law"])
    visit.column(3, [f"{found['value'][0].item():.4g}", "too few points"])


def efficiency(visit: Visit, store: Store) -> None:
    runs = labelled(store.runs())
    visit.column(0, ["Run", "Time", *(sign + METRICS[name].label for name, sign in TREE)])
    for place, run in enumerate(runs["run"].values.tolist()):
        own = runs.isel(run=place)
        shares = [METRICS[name].text(own[name].item()) for name, _ in TREE]
        visit.column(1 + place, [run, seconds(own["seconds"].item()), *shares])


def communication(visit: Visit, store: Store) -> None:
    choose(visit, store, "planned")
    tree = store.open("planned")
    plan = planned(tree)
    own = measured(tree.children["trace"], 0, plan)
    kinds = sorted(set(plan["kind"].values.tolist()))
    visit.column(0, ["all", *kinds])
    for number, rows in ((1, plan), (2, own)):
        each = [rows["bytes"].values[rows["kind"].values == kind].sum() for kind in kinds]
        visit.column(number, [size(rows["bytes"].values.sum()), *map(size, each)])
    visit.choose("exchange", 1)


def memory(visit: Visit, store: Store) -> None:
    choose(visit, store, "a4")
    peaks = store.open("a4")["trace/workers"].dataset["peak_memory"].values
    visit.column(0, [f"worker {number}" for number in range(4)])
    visit.column(1, [size(peak) for peak in peaks])


def layers(visit: Visit, store: Store) -> None:
    choose(visit, store, "planned")
    found = layer_table(store.open("planned"), 0)
    visit.column(0, found["layer"].values.tolist())
    visit.column(1, [str(tasks) for tasks in found["tasks"].values])
    visit.column(2, [seconds(own) for own in found["seconds"].values])
    visit.column(7, [size(own) for own in found["bytes_out"].values])


def graph(visit: Visit, store: Store) -> None:
    choose(visit, store, "planned")
    visit.see(f"{store.open('planned')['graph'].sizes['task']} tasks in")


def of_runs(visit: Visit, store: Store, *lacking: str) -> None:
    """Runs that lack something can be chosen, on all pages at once, and the damaged file says why it is not drawn."""
    for run in (*lacking, "damaged"):
        choose(visit, store, run)
    for title in ("Communication", "Memory", "Layers", "Task graph"):
        visit.open(title)
        visit.see("cannot be read")


def choose(visit: Visit, store: Store, run: str) -> None:
    visit.choose("run", store.ids()[::-1].index(run))


LOOKS: dict[str, Callable[[Visit, Store], None]] = {
    "Scaling": scaling,
    "Efficiency": efficiency,
    "Communication": communication,
    "Memory": memory,
    "Layers": layers,
    "Task graph": graph,
}


def walk(visit: Visit, store: Store, picture: str, *lacking: str) -> None:
    for title, look in LOOKS.items():
        visit.open(title)
        look(visit, store)
        visit.leave(f"{picture}-{title.replace(' ', '-').lower()}")
    of_runs(visit, store, *lacking)
    assert visit.page.evaluate("window.hacked") is None


def test_served(browser: Any, store: Store) -> None:
    with served(store) as (address, _):
        visit = Visit(browser, address)
        walk(visit, store, "served", "old", "other")
        visit.open("Explore")
        inner = visit.page.frame_locator("iframe")
        inner.get_by_text("Groupby").wait_for()
        inner.locator(".bk-Canvas").first.wait_for()
        visit.choose("light", 2)
        inner.locator("html[data-light=dark]").wait_for()
        visit.leave("served-explore")
        assert visit.errors == []
        assert all(url.startswith(address) for url in visit.requests)


def test_exported(browser: Any, store: Store, file: Path) -> None:
    visit = Visit(browser, file.as_uri())
    walk(visit, store, "exported")
    visit.open("Explore")
    visit.see("see it with daskcnn dashboard")
    assert visit.errors == []
    assert visit.requests == [file.as_uri()]


def test_nothing_is_wider_than_a_phone(browser: Any, store: Store, file: Path) -> None:
    visit = Visit(browser, file.as_uri(), PHONE)
    for title in LOOKS:
        visit.open(title)
        visit.page.locator("h1:visible").first.wait_for()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE
        visit.leave(f"phone-{title.replace(' ', '-').lower()}")
    assert visit.errors == []
