"""`python -m analysis` is the `analysis` command."""

from analysis.cli import main

if __name__ == "__main__":
    main()
