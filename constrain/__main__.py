"""`python -m constrain`: the command line."""

from constrain.cli.main import run

if __name__ == "__main__":
    run()
