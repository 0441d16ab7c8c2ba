"""Laws are found again in the times that they made, with noise and without."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares

from daskcnn.errors import UsageError
from daskcnn.metrics import fits as module
from daskcnn.metrics.fits import Floats, Scaling, fits

WORKERS = [1, 2, 3, 4, 6, 8, 12, 16]
N: Floats = np.array(WORKERS, float)


def amdahl(share: float, first: float = 3.0) -> Floats:
    return first * (share + (1 - share) / N)


def gustafson(alpha: float, first: float = 3.0) -> Floats:
    return first * N / (N - alpha * (N - 1))


def usl(scaling: Scaling, rate: float, sigma: float, kappa: float) -> Floats:
    work = N if scaling == "weak" else N**0
    return work * (1 + sigma * (N - 1) + kappa * N * (N - 1)) / (rate * N)


def noisy(seconds: Floats, seed: int, repeats: int = 7, noise: float = 0.02) -> list[Floats]:
    random = np.random.default_rng(seed)
    return [time * random.lognormal(0, noise, repeats) for time in seconds]


def parameters(found: xr.Dataset, law: str) -> dict[str, float]:
    own = found.isel(parameter=found["of"].values == law)
    return dict(zip(own["parameter"].values.tolist(), own["value"].values.tolist(), strict=True))


shares = st.floats(0, 1)


@given(share=shares)
def test_amdahl_without_noise(share: float) -> None:
    found = fits(WORKERS, amdahl(share))
    assert parameters(found, "amdahl") == {"serial_fraction": pytest.approx(share, abs=1e-6)}
    assert found["residual"].sel(law="amdahl") < 1e-9
    np.testing.assert_allclose(found["fitted"].sel(law="amdahl"), amdahl(share))


@given(alpha=shares)
def test_gustafson_without_noise(alpha: float) -> None:
    found = fits(WORKERS, gustafson(alpha), "weak")
    assert parameters(found, "gustafson") == {"alpha": pytest.approx(alpha, abs=1e-6)}
    np.testing.assert_allclose(found["fitted"].sel(law="gustafson"), gustafson(alpha))


@given(
    rate=st.floats(0.1, 10),
    sigma=st.floats(0, 0.5),
    kappa=st.floats(0, 0.1),
    scaling=st.sampled_from(["strong", "weak"]),
)
def test_usl_without_noise(rate: float, sigma: float, kappa: float, scaling: Scaling) -> None:
    found = fits(WORKERS, usl(scaling, rate, sigma, kappa), scaling)
    expected = {"lambda": pytest.approx(rate), "sigma": pytest.approx(sigma, abs=1e-6)}
    assert parameters(found, "usl") == expected | {"kappa": pytest.approx(kappa, abs=1e-6)}
    assert found["residual"].sel(law="usl") < 1e-6


CASES: list[tuple[Scaling, str, str, float, Callable[[], Floats]]] = [
    ("strong", "amdahl", "serial_fraction", 0.1, lambda: amdahl(0.1)),
    ("weak", "gustafson", "alpha", 0.2, lambda: gustafson(0.2)),
    ("strong", "usl", "lambda", 0.5, lambda: usl("strong", 0.5, 0.1, 0.01)),
    ("strong", "usl", "sigma", 0.1, lambda: usl("strong", 0.5, 0.1, 0.01)),
    ("weak", "usl", "kappa", 0.01, lambda: usl("weak", 0.5, 0.1, 0.01)),
]


@pytest.mark.parametrize(("scaling", "law", "name", "value", "made"), CASES, ids=[case[2] for case in CASES])
def test_intervals_hold_what_was_put_in_about_as_often_as_they_say(
    scaling: Scaling, law: str, name: str, value: float, made: Callable[[], Floats], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DRAWS", 200)
    found = [fits(WORKERS, noisy(made(), seed), scaling).sel(parameter=name) for seed in range(60)]
    assert all(one["of"] == law and one["low"] <= one["value"] <= one["high"] for one in found)
    assert sum(bool(one["low"] <= value <= one["high"]) for one in found) >= 51
    assert np.median([one["value"] for one in found]) == pytest.approx(value, rel=0.1)


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6))
def test_as_a_search_with_bounds_finds_it(seed: int) -> None:
    """The same least relative error, by SciPy's search over the parameters themselves."""
    samples = noisy(usl("strong", 0.5, 0.1, 0.01), seed, noise=0.05)
    median = np.array([np.median(sample) for sample in samples])

    def error(p: Any) -> Any:
        return usl("strong", *p) / median - 1

    # The linear form leaves λ as a factor of all, so the search has the same least sum.
    searched = least_squares(
        error, (1 / median[0], 0.05, 0.005), bounds=(0, np.inf), x_scale=(1, 0.1, 0.01), xtol=1e-14, ftol=1e-14
    )
    found = parameters(fits(WORKERS, samples), "usl")
    assert (error(list(found.values())) ** 2).sum() <= 2 * searched.cost * (1 + 1e-6)


def test_how_well_a_law_fits() -> None:
    seconds = np.array([8.0, 4.0, 5.0])
    found = fits([1, 2, 4], seconds).sel(law="amdahl")
    fitted = found["fitted"].values
    assert found["residual"] == pytest.approx(np.sqrt(np.mean((fitted / seconds - 1) ** 2)))
    assert found["r_squared"] == pytest.approx(1 - ((seconds - fitted) ** 2).sum() / (seconds.var() * 3))


def test_noise_widens_an_interval() -> None:
    widths = []
    for noise in (0.005, 0.05):
        found = fits(WORKERS, noisy(amdahl(0.1), 0, noise=noise)).sel(parameter="serial_fraction")
        widths.append(float(found["high"] - found["low"]))
    assert 5 * widths[0] < widths[1]


def test_the_same_times_have_the_same_intervals() -> None:
    xr.testing.assert_identical(*(fits(WORKERS, noisy(amdahl(0.3), 1)) for _ in range(2)))


def test_points_in_any_order_and_in_parts() -> None:
    samples = noisy(amdahl(0.3), 1, repeats=6)
    parts = [half for sample in samples for half in (sample[:3], sample[3:])]
    again = fits(list(np.repeat(WORKERS, 2))[::-1], parts[::-1])
    assert again["workers"].values.tolist() == WORKERS
    np.testing.assert_allclose(again["value"], fits(WORKERS, samples)["value"])


@pytest.mark.parametrize(("count", "notes"), [(1, 2), (2, 2), (3, 1), (4, 0)])
def test_too_few_points(count: int, notes: int) -> None:
    found = fits(WORKERS[:count], amdahl(0.1)[:count])
    assert (found["note"] == "too few points").sum() == notes
    few = found["note"].values[[found["law"].values.tolist().index(law) for law in found["of"].values]] != ""
    np.testing.assert_array_equal(np.isnan(found["value"].values), few)
    assert np.isnan(found["fitted"].isel(law=-1)).all() == (count < 4)


def test_one_repeat_says_nothing_of_the_noise() -> None:
    samples = noisy(amdahl(0.1), 0)
    samples[3] = samples[3][:1]
    found = fits(WORKERS, samples)
    assert found["value"].notnull().all() and found[["low", "high"]].isnull().all()


def test_work_that_more_workers_do_not_speed_up() -> None:
    found = fits(WORKERS, np.full(len(WORKERS), 2.0))
    assert parameters(found, "amdahl")["serial_fraction"] == pytest.approx(1)
    assert found["r_squared"].isnull().all()  # there is nothing to explain


def test_more_than_linear_speedup_has_no_serial_part() -> None:
    found = fits(WORKERS, 3 / N**1.2)
    assert parameters(found, "amdahl")["serial_fraction"] == 0
    assert (found["residual"] > 0.1).all()


@pytest.mark.parametrize(
    ("workers", "seconds"),
    [
        ([], []),
        ([1, 2], [1.0]),
        ([1, 2], [1.0, 0.0]),
        ([1, 2], [1.0, np.nan]),
        ([0, 2], [1.0, 1.0]),
        ([1], [[1.0, -1.0]]),
    ],
)
def test_what_is_no_time(workers: list[int], seconds: list[Any]) -> None:
    with pytest.raises(UsageError, match="workers"):
        fits(workers, seconds)


def test_what_is_no_scaling() -> None:
    with pytest.raises(UsageError, match="linear"):
        fits([1, 2], [1.0, 2.0], "linear")  # type: ignore[arg-type]
