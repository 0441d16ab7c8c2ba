"""Numbers of blocks along axes."""

import pytest

from daskcnn.errors import UsageError
from daskcnn.partition import Partition


def test_a_partition_counts_its_blocks() -> None:
    partition = Partition(batch=2, channel=3, width=4)
    assert partition.degree == 24
    assert partition.only({"batch", "width"}) == Partition(batch=2, width=4)
    assert [str(partition), str(Partition())] == ["batch=2,channel=3,width=4", "serial"]


@pytest.mark.parametrize("parts", [0, -1])
def test_no_axis_has_less_than_one_block(parts: int) -> None:
    with pytest.raises(UsageError, match=f"width={parts} is no number of blocks; use width=1 or more"):
        Partition(width=parts)
