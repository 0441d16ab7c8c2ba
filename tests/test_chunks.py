"""The words of `--chunks`."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.chunks import PAIRS, WORDS, parse_chunks
from daskcnn.errors import UsageError
from daskcnn.partition import Partition

SINGLE = [word for word in WORDS if word not in (*PAIRS, "serial", "pipeline")]


@pytest.mark.parametrize(
    ("text", "partition", "asked"),
    [
        ("serial", Partition(), set()),
        ("batch", Partition(batch=6), set()),
        ("batch=7", Partition(batch=7), {"batch"}),
        ("channel", Partition(channel=6), set()),
        ("channel=3", Partition(channel=3), {"channel"}),
        ("height=2", Partition(height=2), {"height"}),
        ("width=5", Partition(width=5), {"width"}),
        ("filter=2", Partition(filter=2), {"filter"}),
        ("filter=2x3", Partition(channel=2, filter=3), {"channel", "filter"}),
        ("spatial", Partition(height=6), set()),
        ("spatial=2", Partition(height=2), {"height"}),
        ("spatial=2x3", Partition(height=2, width=3), {"height", "width"}),
        ("batch=2,channel=3", Partition(batch=2, channel=3), {"batch", "channel"}),
        ("spatial=2x2,channel=2", Partition(channel=2, height=2, width=2), {"channel", "height", "width"}),
        ("channel=2,batch", Partition(batch=3, channel=2), {"channel"}),
        ("batch,channel", Partition(batch=3, channel=2), set()),
        ("batch=8,channel", Partition(batch=8), {"batch"}),
        ("batch=2+channel=3", Partition(batch=2, channel=3), {"batch", "channel"}),
        ("batch=2+channel,height=1", Partition(batch=2, channel=3), {"batch", "height"}),
    ],
)
def test_words_by_hand(text: str, partition: Partition, asked: set[str]) -> None:
    chunks = parse_chunks(text, workers=6)
    assert (chunks.partition, chunks.asked) == (partition, frozenset(asked))


def test_a_pipeline_cuts_no_layer() -> None:
    chunks = parse_chunks("pipeline=3,batch=2", workers=6)
    assert (chunks.pipeline, chunks.partition) == (3, Partition(batch=2))
    assert parse_chunks("batch", workers=6).pipeline == 1


@given(word=st.sampled_from(SINGLE), degree=st.integers(1, 999), workers=st.integers(1, 99))
def test_a_word_is_what_it_is_written_as(word: str, degree: int, workers: int) -> None:
    for text in (word, f"{word}={degree}"):
        chunks = parse_chunks(text, workers)
        assert chunks.partition.degree == (workers if text == word else degree)
        assert parse_chunks(str(chunks), workers=1).partition == chunks.partition


@given(words=st.lists(st.sampled_from([*SINGLE, "pipeline"]), min_size=1, unique=True), workers=st.integers(1, 99))
def test_words_without_a_degree_share_all_the_workers(words: list[str], workers: int) -> None:
    chunks = parse_chunks(",".join(words), workers)
    assert math.prod(chunks.axes.values()) == workers
    assert parse_chunks("+".join(words), workers) == chunks
    assert "+" not in str(chunks)
    assert not chunks.asked


def test_a_degree_that_was_not_asked_for_can_give_way() -> None:
    assert parse_chunks("spatial", workers=8).at_most("height", 3).partition == Partition(height=3)
    assert parse_chunks("channel", workers=8).at_most("channel", 3).partition == Partition(channel=3)
    assert parse_chunks("channel", workers=2).at_most("channel", 3).partition == Partition(channel=2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "unknown chunks '' in ''; use serial, batch, channel"),
        ("filters", "unknown chunks 'filters'"),
        ("Batch", "unknown chunks 'Batch'"),
        (" batch", "unknown chunks ' batch'"),
        ("batch\n", r"unknown chunks 'batch\\n'"),
        ("batch=", "unknown chunks 'batch='"),
        ("batch=-1", "unknown chunks 'batch=-1'"),
        ("batch=1.5", r"unknown chunks 'batch=1\.5'"),
        ("batch=\N{ARABIC-INDIC DIGIT THREE}", "unknown chunks"),
        ("batch=" + "9" * 5000, "unknown chunks"),
        ("spatial=2x", "unknown chunks 'spatial=2x'"),
        ("spatial=2x2x2", "unknown chunks"),
        ("batch=2,", "unknown chunks '' in 'batch=2,'"),
        ("batch=2;channel=2", "unknown chunks"),
        ("batch=2+", r"unknown chunks '' in 'batch=2\+'"),
        ("serial+batch", r"chunks 'serial\+batch' says serial and more"),
        ("batch=0", "'batch=0' cuts into 0 blocks; use 1 or more"),
        ("spatial=2x0", "'spatial=2x0' cuts into 0 blocks"),
        ("serial=2", "'serial=2': serial takes no degree; use serial"),
        ("serial,batch", "chunks 'serial,batch' says serial and more; say serial alone"),
        ("channel=2x2", "'channel=2x2': channel takes one degree; use serial"),
        ("spatial=2,height=2", "chunks 'spatial=2,height=2' cuts height twice; cut it by one word"),
        ("batch,batch", "chunks 'batch,batch' cuts batch twice"),
        ("filter=2x2,channel=2", "cuts channel twice"),
    ],
)
def test_any_other_text_is_refused_in_one_line(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        parse_chunks(text, workers=2)
    assert "\n" not in str(refused.value)


words_and_noise = st.lists(st.sampled_from([*WORDS, "=", "x", ",", "+", "2", "0"]), max_size=6).map("".join)


@given(text=st.one_of(st.text(max_size=12), words_and_noise), workers=st.integers(1, 9))
def test_no_text_does_worse_than_be_refused(text: str, workers: int) -> None:
    try:
        parse_chunks(text, workers)
    except UsageError as refused:
        assert len(str(refused).splitlines()) == 1
