"""`python -m acetate` is the command `acetate`."""

from acetate.cli import main

if __name__ == "__main__":
    main()
