"""Chains of tasks, each of which waited for the next, walked for all tasks at once."""

from dataclasses import dataclass

import numpy as np

from daskcnn.blame.lanes import Floats, Ints


@dataclass(frozen=True, eq=False)
class Chains:
    """Steps along `on` of 1, 2, 4, … tasks, so that far ones take few (binary lifting; Bender and Farach-Colton 2004).

    Examples
    --------
    >>> chains = chained(on=np.array([-1, 0, 1, 2]), since=np.array([0.0, 1.0, 2.0, 3.0]))
    >>> chains.length(np.array([3, 3, 1]), np.array([0.5, 2.0, 9.0]))
    array([4, 2, 1])
    >>> chains.after(np.array([3, 3, 3]), np.array([0, 2, 4]))
    array([3, 1, 4])
    """

    jumps: list[Ints]
    """(task + 1,) each. The last place stands for none, from which one gets nowhere else."""
    since: Floats
    """(task + 1,)"""

    def length(self, task: Ints, floor: Floats) -> Ints:
        """How many tasks lead from each down to the first that waited since `floor` or earlier, or to the end."""
        steps = np.zeros(task.size, np.int64)
        for power, jump in reversed(list(enumerate(self.jumps))):
            far = self.since[jump[task]] > floor
            steps += far.astype(np.int64) << power
            task = np.where(far, jump[task], task)
        return steps + 1 + (self.since[task] > floor)

    def after(self, task: Ints, steps: Ints) -> Ints:
        """The task so many steps from each; the place after the last task where the chain ends before."""
        for power in range(int(steps.max(initial=0)).bit_length()):
            task = np.where(steps >> power & 1, self.jumps[power][task], task)
        return task


def chained(on: Ints, since: Floats) -> Chains:
    """The chains of tasks that each waited for task `on`, -1 for none, since it stopped."""
    jumps = [np.where(np.r_[on, -1] < 0, on.size, np.r_[on, -1])]
    while (jumps[-1] < on.size).any():
        jumps.append(jumps[-1][jumps[-1]])
    return Chains(jumps, np.r_[since, -np.inf])
