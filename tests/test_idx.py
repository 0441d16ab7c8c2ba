"""IDX files against bytes written by struct."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from daskcnn.errors import UsageError
from daskcnn.idx import read_idx

# code on disk: struct's format letter, NumPy's name
CODES = {
    0x08: ("B", "uint8"),
    0x09: ("b", "int8"),
    0x0B: ("h", "int16"),
    0x0C: ("i", "int32"),
    0x0D: ("f", "float32"),
    0x0E: ("d", "float64"),
}
TWO_BY_THREE = struct.pack(">HBBII6B", 0, 0x08, 2, 2, 3, 1, 2, 3, 4, 5, 6)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A path that each example of a property test overwrites."""
    return tmp_path_factory.mktemp("idx") / "values"


@given(data=st.data(), code=st.sampled_from(sorted(CODES)), packed=st.booleans())
def test_reads_what_struct_wrote(file: Path, data: st.DataObject, code: int, packed: bool) -> None:
    letter, name = CODES[code]
    shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    expected = data.draw(hnp.arrays(name, shapes))
    header = struct.pack(f">HBB{expected.ndim}I", 0, code, expected.ndim, *expected.shape)
    written = header + struct.pack(f">{expected.size}{letter}", *expected.ravel().tolist())
    file.write_bytes(gzip.compress(written) if packed else written)

    values = read_idx(file)

    np.testing.assert_array_equal(values, expected, strict=True)
    assert values.dtype.isnative
    assert values.flags.writeable


@given(length=st.integers(0, len(TWO_BY_THREE) - 1))
def test_every_truncation_is_refused(file: Path, length: int) -> None:
    file.write_bytes(TWO_BY_THREE[:length])
    with pytest.raises(UsageError, match="values"):
        read_idx(file)


@given(noise=st.binary(max_size=64))
def test_noise_is_read_or_refused_in_one_line(file: Path, noise: bytes) -> None:
    file.write_bytes(b"\0\0" + noise)
    try:
        values = read_idx(file)
    except UsageError as error:
        assert str(error).startswith(str(file))
        assert "\n" not in str(error)
    else:
        assert len(noise) == 2 + 4 * values.ndim + values.nbytes


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04....", "starts with 0x504b0304"),
        (
            struct.pack(">HBB", 0, 0x0A, 0),
            "unknown dtype code 0x0a; IDX knows 0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e",
        ),
        (struct.pack(">HBBI", 0, 0x08, 2, 2), "8 bytes, but a header of 2 dimensions needs 12"),
        (TWO_BY_THREE[:-1], r"5 bytes of values, but shape \(2, 3\) of uint8 needs 6"),
        (TWO_BY_THREE + b"\0", r"7 bytes of values, but shape \(2, 3\) of uint8 needs 6"),
        (struct.pack(">HBB65I", 0, 0x08, 65, *[1] * 65) + b"\0", "more than NumPy can hold"),
        (struct.pack(">HBB4I", 0, 0x08, 4, 0, *[2**32 - 1] * 3), "more than NumPy can hold"),
        (gzip.compress(TWO_BY_THREE)[:-4], "cannot be read"),
        (gzip.compress(TWO_BY_THREE)[:-8] + bytes(8), "cannot be read"),
        (gzip.compress(TWO_BY_THREE)[:10] + b"\xff" * 20, "cannot be read"),
    ],
    ids=[
        "magic",
        "dtype",
        "header",
        "short",
        "long",
        "dimensions",
        "overflow",
        "gzip cut",
        "gzip crc",
        "gzip garbage",
    ],
)
def test_a_bad_file_is_named_with_value_and_limit(tmp_path: Path, content: bytes, told: str) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(content)
    with pytest.raises(UsageError, match=f"bad: .*{told}"):
        read_idx(bad)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent: cannot be read .*No such file"):
        read_idx(tmp_path / "absent")


def test_a_name_without_gz_may_hold_gzip_and_the_reverse(tmp_path: Path) -> None:
    for name, content in (("a", gzip.compress(TWO_BY_THREE)), ("b.gz", TWO_BY_THREE)):
        path = tmp_path / name
        path.write_bytes(content)
        assert read_idx(str(path)).tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_scalar_has_no_dimensions(tmp_path: Path) -> None:
    path = tmp_path / "scalar"
    path.write_bytes(struct.pack(">HBBi", 0, 0x0C, 0, -7))
    assert read_idx(path).shape == ()
    assert read_idx(path) == -7
