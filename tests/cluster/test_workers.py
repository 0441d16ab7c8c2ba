"""The workers of a cluster, in order, node by node."""

import pytest
from distributed import Client, Nanny, Scheduler, SpecCluster

from daskcnn.cluster import SLURM_NODE, connect, owners, present
from daskcnn.errors import RunError
from daskcnn.recorder import record

LOOPBACK = "127.0.0.1"


def test_owners_are_the_workers_by_name() -> None:
    with connect("threads", workers=2) as client:
        workers = present(client)
        assert [workers[address]["name"] for address in owners(client)] == [0, 1]
        assert owners(client, 1) == owners(client)[:1]
        with pytest.raises(RunError, match=r"3 workers asked for, 2 there"):
            owners(client, 3)


def test_owners_lie_node_by_node_of_slurm() -> None:
    nodes = ["n1", "n2", "n1", "n2", "n2"]
    options = {"nthreads": 1, "host": LOOPBACK}
    workers = {
        f"w-{number}": {"cls": Nanny, "options": options | {"env": {SLURM_NODE: node}}}
        for number, node in enumerate(nodes)
    }
    scheduler = {"cls": Scheduler, "options": {"host": LOOPBACK, "port": 0, "dashboard_address": f"{LOOPBACK}:0"}}
    with SpecCluster(workers, scheduler) as cluster, Client(cluster) as client:
        client.wait_for_workers(len(nodes))
        name = {address: worker["name"] for address, worker in present(client).items()}
        assert [name[address] for address in owners(client)] == ["w-1", "w-3", "w-4", "w-0", "w-2"]
        assert [name[address] for address in owners(client, 4)] == ["w-1", "w-3", "w-4", "w-0"]
        last = [[0, 0, 0, 9], [0, 0, 1, 0], [0, 1, 0, 8], [9, 0, 8, 0]]
        assert [name[address] for address in owners(client, 4, last)] == ["w-1", "w-0", "w-3", "w-4"]
        with record(client) as trace:
            client.submit(int, 1).result()
        assert trace["workers"].dataset["node"].values.tolist() == nodes
