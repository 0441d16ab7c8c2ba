"""What is written is read again, by us and by others."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import xarray as xr

from daskcnn.netcdf import image, load
from tests.planned import planned_run
from tests.runs import make_run


@pytest.fixture(scope="module", params=["made", "planned"])
def run(request: pytest.FixtureRequest) -> xr.DataTree:
    return make_run(1, tasks=8, repeats=2) if request.param == "made" else planned_run("channel=2", run="planned")


def same(found: xr.DataTree, run: xr.DataTree) -> None:
    """In all, below the root in the order of names too."""
    xr.testing.assert_identical(found, run)
    for node in run.descendants:
        assert list(found[node.path].variables) == list(node.variables)
        assert list(found[node.path].attrs) == list(node.attrs)


@pytest.mark.parametrize("engine", ["netcdf4", "h5netcdf"])
def test_any_library_reads_what_is_written(run: xr.DataTree, tmp_path: Path, engine: str) -> None:
    file = tmp_path / "run.nc"
    file.write_bytes(image(run))
    with xr.open_datatree(file, engine=engine) as there:
        same(there.load(), run)


@pytest.mark.parametrize("engine", ["netcdf4", "h5netcdf"])
def test_what_any_library_writes_is_read(run: xr.DataTree, tmp_path: Path, engine: str) -> None:
    file = tmp_path / "run.nc"
    run.to_netcdf(file, engine=engine)  # type: ignore[call-overload]
    same(load(file), run)


def test_threads_may_write_and_read_at_once(tmp_path: Path) -> None:
    def there_and_back(number: int) -> int:
        file = tmp_path / f"{number}.nc"
        file.write_bytes(image(xr.Dataset({"number": number, "many": ("x", range(number))})))
        return int(load(file)["number"].item())

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(there_and_back, range(100))) == list(range(100))
