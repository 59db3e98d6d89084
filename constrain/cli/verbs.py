"""What a verb needs of the command line's parser: a place to add itself."""

from __future__ import annotations

import argparse
from typing import Any, Protocol

__all__ = ["Verbs"]


class Verbs(Protocol):
    """The part of argparse's sub-parsers object (which has no public type) that verbs use."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        """Add a verb and return the parser of its arguments."""
