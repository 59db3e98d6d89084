"""Language models: the small one that ships with the package, and any other through transformers."""

from __future__ import annotations

from constrain.models.embedded import EMBEDDED, ModelError, load, load_embedded, prompt_for, prompt_ids

__all__ = ["EMBEDDED", "ModelError", "load", "load_embedded", "prompt_for", "prompt_ids"]
