"""Hosts that tests make reach each other, and go whatever fails."""

import subprocess

import pytest

from tests.hosts.network import FAST, NAME, NETWORKS, network


def test_hosts_reach_each_other_on_every_network_and_leave_nothing() -> None:
    with pytest.raises(RuntimeError, match="whatever"), network(2) as (one, other):
        assert NAME in listed("netns") and NAME in listed("link")
        for interface in NETWORKS:
            end = other.address(interface), 7
            code = f"import socket; server = socket.create_server({end}); print(flush=True); server.accept()"
            with subprocess.Popen(other.command("python3", "-c", code), stdout=subprocess.PIPE) as server:
                assert server.stdout and server.stdout.readline()
                code = f"import socket; socket.create_connection({end}, 10)"
                subprocess.run(one.command("python3", "-c", code), check=True)
        assert other.received(FAST) > 0
        raise RuntimeError("whatever")
    assert NAME not in listed("netns") and NAME not in listed("link")


def listed(what: str) -> str:
    """What there is of a kind."""
    return subprocess.run(["ip", what, "show"], capture_output=True, text=True, check=True).stdout
