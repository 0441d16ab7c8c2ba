"""Names as files may have them, and a store of runs that are called so."""

from pathlib import Path

from daskcnn.store import Store
from tests.report.planted import planted, repeats

HOSTILE = (
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    r"$\alpha$ \(x\) $$",
    "κόσμος 世界 🙂",
    "W" * 400,
    "# [x](y) | `c` *b* _i_ ~s~",
    "line\nbreak\x07",
)


def hostile_store(path: Path) -> Store:
    """Each name is a network, a way of cutting, an engine and a cluster."""
    store = Store(path)
    for place, name in enumerate(HOSTILE):
        for workers in (1, 2):
            texts = dict.fromkeys(("series", "engine", "cluster"), name) | {"network": HOSTILE[0], "chunks": "x=1"}
            run = planted("x", workers, repeats(1 / workers), name=f"{place}-{workers}", texts=texts, machine=name)
            store.append(run)
    return store
