"""`python -m daskcnn`."""

from daskcnn.cli import main

if __name__ == "__main__":
    main()
