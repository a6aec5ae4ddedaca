"""`python -m windowner` runs the command line."""

from windowner.cli.main import main

if __name__ == "__main__":
    main()
