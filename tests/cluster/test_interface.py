"""Network interfaces by name."""

import re
import socket

import pytest
from distributed import utils

from daskcnn.cluster.interface import address_of, default_interface, interfaces
from daskcnn.errors import UsageError


def test_an_interface_is_known_by_its_name() -> None:
    loopback = default_interface(within=True)
    assert address_of(loopback) == "127.0.0.1" == utils.get_ip_interface(loopback)


def test_an_unknown_one_is_refused_by_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"'ib7': .*127\.0\.0\.1") as told:
        address_of("ib7")
    assert all(re.search(rf"\b{name} ", str(told.value)) for name in interfaces())
    assert socket.gethostname() in str(told.value)


def test_between_machines_it_is_the_one_with_the_route(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"lo": "127.0.0.1", "eth0": "10.0.0.1", "ib0": "10.1.0.1"}
    monkeypatch.setattr("daskcnn.cluster.interface.interfaces", lambda: there)
    monkeypatch.setattr("daskcnn.cluster.interface.get_ip", lambda: "10.1.0.1")
    assert (default_interface(within=False), default_interface(within=True)) == ("ib0", "lo")
    # What Debian lets a host's own name stand for, where there is no route.
    monkeypatch.setattr("daskcnn.cluster.interface.get_ip", lambda: "127.0.1.1")
    assert default_interface(within=False) == "eth0"


def test_a_machine_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daskcnn.cluster.interface.interfaces", lambda: {"lo": "127.0.0.1"})
    monkeypatch.setattr("daskcnn.cluster.interface.get_ip", lambda: "127.0.0.1")
    with pytest.raises(UsageError, match="no network interface"):
        default_interface(within=False)
