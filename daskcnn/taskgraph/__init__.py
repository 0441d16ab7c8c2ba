"""The frozen task graph: every task and edge of a plan or of any dask collection as arrays, before anything runs."""

from daskcnn.quantity import many
from daskcnn.taskgraph.collections import collections_in
from daskcnn.taskgraph.columns import KINDS, WORK, Floats, Ints
from daskcnn.taskgraph.cost import BANDWIDTH, RATE, costs, totals
from daskcnn.taskgraph.drawable import drawable
from daskcnn.taskgraph.graph import TaskGraph
from daskcnn.taskgraph.of_run import table_of_run
from daskcnn.taskgraph.residence import Residence
from daskcnn.taskgraph.schedule import Schedule
from daskcnn.taskgraph.table import column, memory_limit, positive, told, whole

__all__ = [
    "BANDWIDTH",
    "KINDS",
    "RATE",
    "WORK",
    "Floats",
    "Ints",
    "Residence",
    "Schedule",
    "TaskGraph",
    "collections_in",
    "column",
    "costs",
    "drawable",
    "many",
    "memory_limit",
    "positive",
    "table_of_run",
    "told",
    "totals",
    "whole",
]
