"""What goes wrong, told in one line: the value, the limit and the way out."""


class UsageError(ValueError):
    """A value given by the user that cannot be used: the command line exits with 2."""


class RunError(RuntimeError):
    """Something that failed while working: the command line exits with 1."""
