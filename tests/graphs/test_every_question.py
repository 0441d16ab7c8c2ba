"""Every question has an answer, and a text of it, for any graph."""

import re
import warnings
from typing import Any

import dask.array as da
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from dask.delayed import delayed

from daskcnn import plugins
from daskcnn.taskgraph import TaskGraph
from tests.dags import drawn


def climatology() -> Any:
    time = pd.date_range("2000-01-01", periods=100)
    data = xr.Dataset({"t": (("time", "x"), np.ones((100, 3)))}, {"time": time}).chunk({"time": 25})
    return data.groupby("time.month") - data.groupby("time.month").mean()


def merge() -> Any:
    frames = pytest.importorskip("dask.dataframe")
    frame = frames.from_pandas(pd.DataFrame({"a": range(20), "b": 1.0}), npartitions=4)
    return frame.merge(frame, on="a").groupby("a").b_x.sum()


GRAPHS = {
    "rechunk": lambda: TaskGraph.from_collection(da.ones((40, 40), chunks=(5, 40)).rechunk((40, 5))),
    "svd": lambda: TaskGraph.from_collection(list(da.linalg.svd(da.ones((400, 10), chunks=(100, 10))))),
    "climatology": lambda: TaskGraph.from_collection(climatology()),
    "merge": lambda: TaskGraph.from_collection(merge()),
    "delayed": lambda: TaskGraph.from_collection(delayed(sum)([delayed(abs)(i) for i in range(5)])),
    "mask": lambda: TaskGraph.from_collection((x := da.ones(40, chunks=10))[x > 0].sum(), optimize=False, workers=1),
    "nothing": lambda: TaskGraph.from_graph({}),
    "data": lambda: TaskGraph.from_graph({"a": 1, "b": "a"}),
    "one": lambda: drawn({"a": [], "b": ["a"]}, 1, {"a": 0, "b": 0}, {"a": 1e6, "b": 1}, {"a": 1e-3, "b": 0}),
    "free": lambda: drawn({"a": [], "b": ["a"]}, seconds={"a": 0, "b": 0}, nbytes={"a": 0, "b": 0}),
}
ONES = re.compile(r"(?<![\d.,])1 (task|layer|edge|result|worker|output)s")
"""One is no plural."""


@pytest.mark.parametrize("question", plugins.names("graphs"))
@pytest.mark.parametrize("name", GRAPHS)
def test_every_question_answers(question: str, name: str) -> None:
    module, graph = plugins.load("graphs", question), GRAPHS[name]()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = module.analyse(graph)
        lines = module.summary(found)
    assert lines and all(isinstance(line, str) and line and "nan" not in line for line in lines)
    assert not [line for line in lines if ONES.search(line)]
    assert module.TITLE and module.analyse.__doc__
    for variable in (*found.data_vars.values(), *(found[name] for name in found.coords if name not in found.dims)):
        assert "long_name" in variable.attrs, variable.name
