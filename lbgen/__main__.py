"""`python -m lbgen`."""

from lbgen.cli import main

if __name__ == "__main__":
    main()
