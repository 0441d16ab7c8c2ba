"""Layers of tasks."""

from operator import add

from dask._task_spec import Task, TaskRef

from daskcnn.blocks.layer import BlockLayer


def layer() -> BlockLayer:
    """Two tasks, of which the second reads the first and one of another layer."""
    made = BlockLayer("sum", "x", frozenset({"one-x", "held-x"}))
    made.add(Task(("sum-x", 0), add, TaskRef(("one-x", 0)), TaskRef(("held-x", 0))), 0, 1, 8)
    made.add(Task(("sum-x", 1), add, TaskRef(("sum-x", 0)), 5), 1, 2, 16)
    return made


def test_a_layer_knows_its_tasks_in_order() -> None:
    made = layer()
    assert made.name == "sum-x"
    assert list(made.tasks) == [("sum-x", 0), ("sum-x", 1)]
    assert (made.owners, made.operations, made.nbytes) == ([0, 1], [1, 2], [8, 16])


def test_fresh_keys_read_what_is_fresh_too_and_keep_what_is_held() -> None:
    fresh = layer().retagged("y", {"sum-x": "sum-y", "one-x": "one-y"})
    assert fresh.name == "sum-y"
    assert fresh.reads == {"one-y", "held-x"}
    assert {key: set(task.dependencies) for key, task in fresh.tasks.items()} == {
        ("sum-y", 0): {("one-y", 0), ("held-x", 0)},
        ("sum-y", 1): {("sum-y", 0)},
    }
    assert fresh.tasks["sum-y", 0]({("one-y", 0): 2, ("held-x", 0): 3}) == 5
    assert fresh.tasks["sum-y", 1]({("sum-y", 0): 5}) == 10
    assert (fresh.owners, fresh.operations, fresh.nbytes) == ([0, 1], [1, 2], [8, 16])


def test_the_layer_it_was_made_from_stays_as_it_was() -> None:
    made = layer()
    made.retagged("y", {"sum-x": "sum-y"})
    assert made.name == "sum-x"
    assert set(made.tasks["sum-x", 1].dependencies) == {("sum-x", 0)}
