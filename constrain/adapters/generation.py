"""Documents from a language model under a constraint, through transformers' own `generate`.

Problem: to go from a constraint and a model to a document takes the same dozen steps every time: read the vocabulary
with the size of the model's logits, build the automaton, render the prompt, seed, sample under the logits processor,
cut off the prompt and the end of text, and turn ids back to exact bytes. They are here once, for the command line and
the demonstration.

Worked example: `Writer(*load_embedded()).write(choice(["yes", "no"]), "Is water wet?\\n")` gives
`Writing(text=b"yes", tokens=1, finished=True)`, or no.

Invariants: the text of a finished writing matches the constraint; the text of an unfinished one (the budget of tokens
ran out) is a prefix of a text that does. The same seed, model and prompt give the same document, whatever was written
before, and the caller's random state is left as it was.

Rejected: decoding the ids with the tokenizer (it cleans up spaces and repairs half characters: the bytes of the
vocabulary are exact); a sampling loop of our own (models bring caches, devices and settings that `generate` knows).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from constrain.adapters.transformers import LogitsProcessor
from constrain.automaton import TokenAutomaton
from constrain.errors import ConstrainError
from constrain.models.embedded import EMBEDDED, EMBEDDED_DIR, ModelError
from constrain.vocabulary import Vocabulary

if TYPE_CHECKING:
    from constrain.api import Constraint

__all__ = ["Writer", "Writing", "load_vocabulary"]


@dataclass(frozen=True, slots=True)
class Writing:
    """What a model wrote.

    text: its bytes; tokens: how many it took, the end of text not counted; finished: the model ended the text itself.
    """

    text: bytes
    tokens: int
    finished: bool


class Writer:
    """A model and its tokenizer, ready to write under any number of constraints.

    model: a causal language model of transformers; tokenizer: its fast tokenizer.
    """

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.vocabulary = Vocabulary.from_transformers(
            tokenizer, size=_logits(model, tokenizer), generation_config=_with_ends(model)
        )
        self._automata: dict[int, tuple[Constraint, TokenAutomaton]] = {}

    def automaton(self, constraint: Constraint) -> TokenAutomaton:
        """Return the automaton of a constraint over this model's tokens; the same one every time."""
        key = id(constraint)
        if key not in self._automata:
            self._automata[key] = (constraint, TokenAutomaton(constraint, self.vocabulary))
        return self._automata[key][1]

    def write(
        self,
        constraint: Constraint,
        prompt: str,
        *,
        seed: int | None = None,
        temperature: float = 1.0,
        max_tokens: int = 1_024,
        on_bytes: Callable[[bytes], None] | None = None,
    ) -> Writing:
        """Return one document that the model writes after `prompt`.

        seed: of the sampling (None: a new one each time); temperature: 0 takes the likeliest token always;
        max_tokens: budget, cut to the model's context; on_bytes: called with each token's bytes as it is chosen.
        """
        import torch

        special = not getattr(self.tokenizer, "chat_template", None)  # a rendered chat holds its special tokens already
        inputs = self.tokenizer(prompt, return_tensors="pt", add_special_tokens=special).to(self.model.device)
        start = int(inputs["input_ids"].shape[1])
        budget = _budget(self.model, start, max_tokens)
        processor = LogitsProcessor(self.automaton(constraint), prompt_length=start)
        sampling = {"do_sample": True, "temperature": temperature} if temperature > 0 else {"do_sample": False}
        with torch.random.fork_rng(), torch.inference_mode():
            if seed is not None:
                torch.manual_seed(seed)
            output = self.model.generate(
                input_ids=inputs["input_ids"],
                attention_mask=inputs["attention_mask"],
                logits_processor=[processor],
                max_new_tokens=budget,
                eos_token_id=list(self.vocabulary.eos),
                pad_token_id=self.vocabulary.eos[0],
                streamer=None if on_bytes is None else _Streamer(self.vocabulary, on_bytes),
                **sampling,
            )
        ids = [int(token) for token in output[0, start:]]
        finished = bool(ids) and ids[-1] in self.vocabulary.eos
        if finished:
            ids.pop()
        return Writing(self.vocabulary.decode(ids), len(ids), finished)


def load_vocabulary(name: str) -> Vocabulary:
    """Return the vocabulary of a transformers tokenizer: "embedded", a folder or a hub id. Raises `ModelError`."""
    try:
        from transformers import AutoTokenizer
    except ImportError as error:
        raise ModelError(
            f"tokenizers need transformers ({error}); install the extra: pip install 'constrain[transformers]'"
        ) from error
    where = str(EMBEDDED_DIR) if name == EMBEDDED else name
    try:
        return Vocabulary.from_transformers(AutoTokenizer.from_pretrained(where))
    except ConstrainError:
        raise
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ModelError(f"cannot load tokenizer {name!r}: {reason}; check the name, or give its folder") from error


class _Streamer:
    """What `generate` calls with the prompt first and then with each token."""

    def __init__(self, vocabulary: Vocabulary, on_bytes: Callable[[bytes], None]) -> None:
        self._vocabulary = vocabulary
        self._on_bytes = on_bytes
        self._prompt = True

    def put(self, ids: Any) -> None:
        if self._prompt:
            self._prompt = False
        else:
            self._on_bytes(self._vocabulary.decode(int(token) for token in ids.reshape(-1)))

    def end(self) -> None:
        pass


def _logits(model: Any, tokenizer: Any) -> int:
    """Return the number of logits, which may be padded beyond the tokenizer's ids."""
    size = int(model.get_output_embeddings().weight.shape[0])
    if size < len(tokenizer):
        raise ModelError(
            f"the tokenizer has {len(tokenizer)} tokens and the model only {size} logits: they do not belong together"
        )
    return size


def _with_ends(model: Any) -> Any:
    """Return the model's generation settings if they say which tokens end a text."""
    settings = getattr(model, "generation_config", None)
    return settings if getattr(settings, "eos_token_id", None) is not None else None


def _budget(model: Any, used: int, wanted: int) -> int:
    context = getattr(model.config, "max_position_embeddings", None)
    if not isinstance(context, int):
        return wanted
    if used >= context:
        raise ModelError(f"the prompt has {used} tokens and the model reads only {context}; shorten it")
    return min(wanted, context - used)
