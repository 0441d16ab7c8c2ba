"""The words of `--chunks`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.partition import WORDS, Partition, parse_chunks


@pytest.mark.parametrize(
    ("text", "partition", "asked"),
    [
        ("serial", Partition(), True),
        ("batch", Partition(batch=6), False),
        ("batch=7", Partition(batch=7), True),
        ("channel", Partition(channel=6), False),
        ("channel=3", Partition(channel=3), True),
        ("spatial", Partition(height=6), False),
        ("spatial=2", Partition(height=2), True),
        ("spatial=2x3", Partition(height=2, width=3), True),
        ("spatial=1x3", Partition(width=3), True),
    ],
)
def test_words_by_hand(text: str, partition: Partition, asked: bool) -> None:
    chunks = parse_chunks(text, workers=6)
    assert (chunks.partition, chunks.asked) == (partition, asked)


@given(word=st.sampled_from(WORDS[1:]), degree=st.integers(1, 999), workers=st.integers(1, 99))
def test_a_word_is_what_it_is_written_as(word: str, degree: int, workers: int) -> None:
    for text in (word, f"{word}={degree}"):
        chunks = parse_chunks(text, workers)
        assert chunks.partition.degree == (workers if text == word else degree)
        assert parse_chunks(str(chunks), workers=1).partition == chunks.partition


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "unknown chunks ''; use one of serial, batch, channel, spatial"),
        ("filters", "unknown chunks 'filters'"),
        ("Batch", "unknown chunks 'Batch'"),
        (" batch", "unknown chunks ' batch'"),
        ("batch\n", r"unknown chunks 'batch\\n'"),
        ("batch=", "unknown chunks 'batch='"),
        ("batch=-1", "unknown chunks 'batch=-1'"),
        ("batch=1.5", "unknown chunks 'batch=1.5'"),
        ("batch=\N{ARABIC-INDIC DIGIT THREE}", "unknown chunks"),
        ("batch=" + "9" * 5000, "unknown chunks"),
        ("spatial=2x", "unknown chunks 'spatial=2x'"),
        ("spatial=2x2x2", "unknown chunks"),
        ("batch=0", "chunks 'batch=0' is no number of blocks; use batch=1 or more"),
        ("spatial=2x0", "chunks 'spatial=2x0' is no number of blocks; use spatial=1 or more"),
        ("serial=2", "serial takes no degree, not 'serial=2'"),
        ("serial=0", "serial takes no degree, not 'serial=0'"),
        ("channel=2x2", "channel takes one degree, not 'channel=2x2'"),
    ],
)
def test_any_other_text_is_refused_in_one_line(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        parse_chunks(text, workers=2)
    assert "\n" not in str(refused.value)


@given(text=st.text(max_size=12))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    try:
        parse_chunks(text, workers=2)
    except UsageError as refused:
        assert len(str(refused).splitlines()) == 1


def test_a_partition_counts_its_blocks() -> None:
    partition = Partition(batch=2, channel=3, width=4)
    assert partition.degree == 24
    assert partition.only(frozenset({"batch", "width"})) == Partition(batch=2, width=4)
    assert [str(partition), str(Partition())] == ["batch=2,channel=3,width=4", "serial"]


def test_a_degree_that_was_not_asked_for_can_give_way() -> None:
    assert parse_chunks("spatial", workers=8).at_most(3).partition == Partition(height=3)
    assert parse_chunks("channel", workers=8).at_most(3).partition == Partition(channel=3)


def test_no_axis_has_less_than_one_block() -> None:
    with pytest.raises(UsageError, match="width=0 is no number of blocks; use width=1 or more"):
        Partition(width=0)
