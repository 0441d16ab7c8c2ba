"""What users give, made harmless in a job script: for the shell, and for Slurm's own lines."""

import re
import shlex

from daskcnn.errors import UsageError

CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""What ends a line or cannot be written; bytes of arguments that are no text are among them."""


def plain(name: str, value: str) -> str:
    r"""The value, which stays within its line.

    Raises
    ------
    UsageError
        It holds a line's end or another control code.

    Examples
    --------
    >>> plain("--account", "physics")
    'physics'
    >>> plain("--account", "physics\nrm -rf ~")
    Traceback (most recent call last):
    daskcnn.errors.UsageError: --account 'physics\nrm -rf ~': a job script takes no line's end or control code in it
    """
    if CONTROL.search(value):
        raise UsageError(f"{name} {value!r}: a job script takes no line's end or control code in it")
    return value


def for_shell(word: str) -> str:
    """The word as bash reads it: nothing in it is expanded.

    >>> print(for_shell("my $HOME"), for_shell("runs"))
    'my $HOME' runs
    """
    return shlex.quote(word)


def for_slurm(value: str) -> str:
    r"""The value as sbatch reads it after `#SBATCH --name=`, where a backslash means the same within any quotes.

    >>> print(for_slurm("a #1"), for_slurm('the "new" one'), for_slurm("%x-%j.out"))
    "a #1" "the \"new\" one" %x-%j.out
    """
    if re.fullmatch(r"[\w%+,./:@=-]+", value, re.ASCII):
        return value
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
