"""What the tables' numbers come to in a line each."""

from __future__ import annotations

from collections.abc import Sequence

from dask.utils import format_time

from daskcnn.quantity import many, quantity
from daskcnn.walkthrough.rows import Row, number
from daskcnn.walkthrough.shapes import NOUNS, PLURALS

TIE = 1.05
"""How many times the best time is as good."""
RATES = {"rate": "FLOP/s", "memory": "B/s", "bandwidth": "B/s"}
ALONG = {
    "width": ("a row", "a column"),
    "channel": ("an image", "a channel of all images"),
    "axis": ("a run along the last axis", "one along the axis before"),
}
"""What lies along the last axis of a tensor, and along the one before it."""


def notes(plan: Row, inputs: Sequence[Row] = ()) -> dict[str, str]:
    """What holds for all layers, and what the words mean, said once."""
    given = {"Input" if len(inputs) == 1 else f"Input {row['input']}": _given(row) for row in inputs}
    idle = f"; the pipeline idles {100 * plan['bubble']:.1f} % of its workers' time" if plan["pipeline"] > 1 else ""
    rates = *(quantity(plan[name], unit) for name, unit in RATES.items()), f"{plan['latency'] * 1e3:g} ms"
    return {
        **given,
        "Moved": f"{plan['bytes_moved']:,} B from worker to worker in all{idle}.",
        "Operations": "An operation is one floating-point operation (FLOP). A multiply-add, often counted as one, is "
        "two; a call of exp, tanh or erf is one. Products with padding count, additions of a bias do not. FLOP/B is "
        "for each byte of a layer's inputs, parameters and output.",
        "Blocks": "A layer's blocks stay with the workers that make them. Who reads takes just what it needs, each "
        "byte once to each worker; what several layers read is counted at the first of them.",
        "Memory": "Tensors lie in C order (row-major, NCHW): image by image, in it channel by channel, in that row "
        f"by row. Cache lines ({plan['line']} B) are counted of a block where it lies in the whole tensor, whose first "
        "element begins a line; cut out, it takes the fewest, or one more. No two workers write to one line: each is a "
        "process, each of its blocks an array of its own.",
        "Time": f"The most operations of a worker / {rates[0]}, or if it is more the most bytes that one touches in "
        f"its memory, reading and writing / {rates[1]}; + the most bytes that one sends or receives / {rates[2]} + "
        f"its messages · {rates[3]}. Each layer is taken alone, what it reads cut the same way. A simple model: it "
        f"knows neither caches nor the cost of tasks. Cuts of as many messages within {100 * (TIE - 1):.0f} % of the "
        "best are as good.",
    }


def parameters(layer: Row) -> str:
    """Shapes and bytes."""
    return f"{layer['parameters']}: {layer['parameter_bytes']:,} B" if layer["parameters"] else "none"


def computed(layer: Row, made: Sequence[Row]) -> str:
    """How many operations, of what kind, and for how many outputs.

    Examples
    --------
    >>> layer = {"operations": 1_384_448, "multiply_adds": 692_224, "outputs": 128, "intensity": 0.495913}
    >>> computed(layer, [{"operations": 1_384_448}])
    '692,224 multiply-adds = 1,384,448 FLOP; 5,408 multiply-adds for each of 128 outputs; 0.496 FLOP/B'
    """
    total, outputs = layer["operations"], layer["outputs"]
    if not total:
        return "nothing: elements are moved as they are"
    products = layer["multiply_adds"]
    what, each = ("multiply-adds", products / outputs) if products else ("FLOP", total / outputs)
    counted = f"{f'{products:,} multiply-adds = ' if products else ''}{total:,} FLOP"
    intensity = f"{layer['intensity']:{',.0f' if layer['intensity'] > 100 else '.3g'}}"
    counted += f"; {each:,.6g} {what} for each of {many(outputs, 'output')}; {intensity} FLOP/B"
    more = sum(row["operations"] for row in made) - total
    return f"{counted}; {more:,} FLOP more are done twice" if more > 0 else counted


def divided(layer: Row) -> str:
    """Into how many blocks the layer can be cut each way.

    Examples
    --------
    >>> layer = {"most_batch": 16, "most_channel": 64, "most_filter": 32, "most_height": 11, "most_width": 11}
    >>> print(divided({"axes": "batch, channel, height, width", "channels": 64, **layer}))
    16 images × 64 channels = 1,024; 11 rows, 11 columns; 64 × 32 = 2,048 pairs of output and input channels
    >>> print(divided({"axes": "batch, channel", "channels": 26, **dict.fromkeys(layer, 1)}))
    not along images, channels
    """
    most = {axis: layer[f"most_{axis}"] for axis in NOUNS}
    whole = {axis: many(number, NOUNS[axis]) for axis, number in most.items() if number > 1 and axis != "filter"}
    outer, inner = (
        [whole[axis] for axis in axes if axis in whole] for axes in (("batch", "channel"), ("height", "width"))
    )
    found = [" × ".join(outer) + (f" = {most['batch'] * most['channel']:,}" if len(outer) > 1 else "")]
    found.append(", ".join(inner))
    if most["filter"] > 1:
        pairs = layer["channels"] * most["filter"]
        found.append(f"{layer['channels']:,} × {most['filter']:,} = {pairs:,} pairs of output and input channels")
    if left := [PLURALS[axis] for axis in layer["axes"].split(", ") if most.get(axis) == 1 and axis != "filter"]:
        found.append(f"not along {', '.join(left)}")
    return "; ".join(filter(None, found))


def exchanged(layer: Row, sent: Sequence[Row]) -> str:
    """Bytes and messages of each kind.

    >>> exchanged({"exchange": "halo"}, [{"kind": "halo", "bytes_sent": 800, "messages_sent": 1}])
    'halo, 800 B in 1 message'
    """
    if not sent:
        own = {"read": "none: each worker reads its images for itself", "nothing": "none: what is needed is near"}
        return own.get(layer["exchange"], f"{layer['exchange']}, counted where it was first read")
    found = []
    for kind in dict.fromkeys(row["kind"] for row in sent):
        nbytes, messages = (
            sum(row[what] for row in sent if row["kind"] == kind) for what in ("bytes_sent", "messages_sent")
        )
        found.append(f"{kind}, {nbytes:,} B in {many(messages, 'message')}")
    return "; ".join(found)


def memory(layer: Row, made: Sequence[Row]) -> str:
    """Strides, the cache lines of a row and of a column, and the contiguous runs of a worker's block."""
    axes, steps = layer["axes"].split(", "), layer["strides"].split(", ")
    every = ", ".join(f"{NOUNS.get(axis, axis)} {step} B" for axis, step in zip(axes, steps, strict=True))
    found = f"from one to the next {every}"
    if len(axes) > 1:
        row, column = ALONG.get(axes[-1], ALONG["axis"])
        least, most = layer["row_lines_fewest"], layer["row_lines_most"]
        size = number([least, most]).replace(" to ", " or ")
        found += f"; {row} lies in {size} cache line{'s' * (most > 1)}, {column} in {layer['column_lines']:,}"
    runs, length = (number(own[what] for own in made) for what in ("runs", "run_bytes"))
    return f"{found}; of each image a block has {runs} contiguous run{'s' * (runs != '1')} of {length} B"


def favours(cuts: Sequence[Row], plan: Row) -> str:
    """The best cut, what it costs, and how far it is from no cut and from the next best.

    Examples
    --------
    >>> plan = {"rate": 1e9, "memory": 1e9, "bandwidth": 1e9, "latency": 1e-3}
    >>> half = {"operations": 5_000_000, "bytes_touched": 900}
    >>> near = {**half, "bytes_worker": 0, "messages": 0, "seconds": 0.005}
    >>> far = {**half, "bytes_worker": 1_000_000, "messages": 3, "seconds": 0.009}
    >>> none = {"operations": 10_000_000, "bytes_touched": 900, "bytes_worker": 0, "messages": 0, "seconds": 0.01}
    >>> rows = {"batch=2": near, "channel=2": far, "serial": none}
    >>> print(favours([{"partition": name} | row for name, row in rows.items()], plan))
    batch=2, 5.00 ms: 5,000,000 FLOP on the busiest worker, nothing is sent. Serial 10.00 ms. Next channel=2, 9.00 ms, \
of these 4.00 ms for sending.
    """
    best, ties, names = cuts[0], _ties(cuts), favoured(cuts)
    if not best["seconds"]:
        return f"{names}: nothing is computed and nothing sent."
    serial = next(row for row in cuts if row["partition"] == "serial")
    words = [f"{names}, {format_time(best['seconds'])}: {_work(best, plan)}, {_sending(best, plan)}."]
    if serial not in ties:
        words.append(f"Serial {format_time(serial['seconds'])}.")
        if serial["seconds"] - best["seconds"] < plan["latency"]:
            words.append("Less is gained than one message takes: no relayout for it pays.")
    rest = [row for row in cuts if row not in ties and row is not serial]
    if rest:
        words.append(f"Next {rest[0]['partition']}, {format_time(rest[0]['seconds'])}, {_for_sending(rest[0], plan)}.")
    return " ".join(words)


def favoured(cuts: Sequence[Row]) -> str:
    """The cuts that take least time; nothing of a layer whose cuts are those of its parts."""
    return " or ".join(row["partition"] for row in _ties(cuts))


def _ties(cuts: Sequence[Row]) -> list[Row]:
    """The best, and those that the model cannot tell from it."""
    return [
        row for row in cuts if row["seconds"] <= TIE * cuts[0]["seconds"] and row["messages"] == cuts[0]["messages"]
    ]


def _work(row: Row, plan: Row) -> str:
    """What takes the busiest worker longest: operations, or memory."""
    if row["operations"] / plan["rate"] >= row["bytes_touched"] / plan["memory"]:
        return f"{row['operations']:,} FLOP on the busiest worker"
    return f"{row['bytes_touched']:,} B touched on the busiest worker"


def _given(row: Row) -> str:
    """What an input is, and who reads it."""
    found = f"{row['input']} {row['shape']}: {row['elements']:,} elements, {row['image_bytes']:,} B and "
    found += f"{many(row['image_lines'], 'cache line')} an image"
    if row["shape"].count("×") == 3:
        least, most = row["row_lines_fewest"], row["row_lines_most"]
        size = number([least, most]).replace(" to ", " or ")
        found += f"; a row of {row['row_bytes']:,} B lies in {size}, a column in {row['column_lines']:,}"
    images = int(row["shape"].partition("×")[0])
    times = row["bytes_read"] / (row["image_bytes"] * images)
    readers = f"{row['bytes_read']:,} B of it are read by {many(row['readers'], 'worker')}"
    return f"{found}. {readers}, {'just its size' if times == 1 else f'{times:.3g} times its size'}."


def _sending(row: Row, plan: Row) -> str:
    if not row["messages"]:
        return "nothing is sent"
    count = f"{many(row['messages'], 'message')}"
    return f"{row['bytes_worker']:,} B in {count} for the worker with most, {_for_sending(row, plan)}"


def _for_sending(row: Row, plan: Row) -> str:
    seconds = row["bytes_worker"] / plan["bandwidth"] + row["messages"] * plan["latency"]
    return f"of these {format_time(seconds)} for sending" if seconds else "nothing of it for sending"
