"""A tokenizer of transformers by name, as a vocabulary, without its model.

Problem: to look at masks one needs token bytes, not weights of several gigabytes. `load_vocabulary("embedded")` reads
the tokenizer that is shipped; a folder is read where it lies; any other name is looked up by transformers.

Invariant: what cannot be loaded is one `ModelError` line. The ends of text are the tokenizer's own; a model's generation
settings, which may add more, are not at hand (`transformers.vocabulary_of` has them).
"""

from __future__ import annotations

from constrain.errors import ConstrainError
from constrain.models.embedded import EMBEDDED, EMBEDDED_DIR, ModelError
from constrain.vocabulary import Vocabulary

__all__ = ["load_vocabulary"]


def load_vocabulary(name: str) -> Vocabulary:
    """Return the vocabulary of a tokenizer: "embedded", a folder or a hub id. Raises `ModelError`."""
    try:
        from transformers import AutoTokenizer
    except ImportError as error:
        raise ModelError(
            f"tokenizers need transformers ({error}); install the extra: pip install 'constrain[transformers]'"
        ) from error
    try:
        return Vocabulary.from_transformers(AutoTokenizer.from_pretrained(EMBEDDED_DIR if name == EMBEDDED else name))
    except ConstrainError:
        raise
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ModelError(f"cannot load tokenizer {name!r}: {reason}; check the name, or give its folder") from error
