"""Several may listen to one worker; when the last has left it is as it was."""

import asyncio
from typing import Any

from distributed import Client, Scheduler, Worker

from daskcnn.recorder.records import Records
from daskcnn.recorder.taps import leave, listen


def test_all_who_listen_hear_the_same_and_who_has_left_nothing() -> None:
    first, second = Records(), Records()

    async def work() -> None:
        async with (
            Scheduler(port=0, dashboard_address=":0") as scheduler,
            Worker(scheduler.address) as worker,
            Client(scheduler.address, asynchronous=True) as client,
        ):
            handlers: dict[str, Any] = dict(worker.handlers)
            for number, step in enumerate((None, (listen, first), (listen, second), (leave, first), (leave, second))):
                if step:
                    step[0](worker, step[1])
                await client.submit(int, number, key=f"int-{number}")
            leave(worker, second)
            assert worker.handlers == handlers
            assert not {"execute", "gather_dep"} & vars(worker).keys()
            assert type(worker.data.slow.data).__name__ == "Slow"

    asyncio.run(work())
    assert first.states.keys == ["int-1", "int-2"]
    assert second.states.keys == ["int-2", "int-3"]
    assert set(first.states.states) == {"ran"}
    assert (len(first.runs), len(second.runs)) == (14, 14)
    # Each result was sent to its client, which is no worker.
    assert [keys for *_, keys in first.outgoing] == [[("int-1", 28)], [("int-2", 28)]]
