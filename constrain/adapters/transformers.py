"""Hugging Face transformers: a logits processor, and generation with it.

Problem: `model.generate` hands a processor the token ids so far and the scores of the next one, and promises nothing
else: beam search reorders the rows, assisted decoding asks about drafts and then about shorter prefixes again, batches
are padded on the left. So the row that comes back may depend on nothing but that row's ids.

Worked example, the automaton of `choice(["yes", "no"])`, prompts of 3 ids, tokens y=1 e=2 s=3 no=4 end=5 pad=0:

    ids [0 7 8]           allowed {1, 4}      the start state's mask
    ids [0 7 8 | 4]       allowed {5}         "no" accepts, and nothing can follow
    ids [0 7 8 | 4 5]     allowed {0, 5}      finished: the end again, or padding
    ids [0 7 8 | 1 4]     all, unchanged      a draft that will be rejected: "yno" is no prefix of the language

Invariants: the scores that come in are not changed, a new tensor comes out; in a legal row exactly the bits of
`automaton.mask(state)` keep their score, so the end of text is allowed iff the state accepts; no row is all -inf (if
other processors removed every allowed token, the allowed ones come back with score 0); ids beyond the vocabulary (the
padding of the logits) are never allowed.

The state of a row is found by resuming at the longest common prefix with a row of the call before, its own first:
greedy, beams and drafts cost one `step` a row and call, and memory is one state a token of the last call. Boolean rows
are kept for the most recent states, up to `CACHE_BYTES`.

Source: `transformers/generation/logits_process.py` and `utils.py` (`_assisted_decoding`, `_beam_search`), release 5.23.
Rejected: a mutable matcher per row, advanced by "the one new token" (breaks under reordering and rejected drafts);
-inf everywhere for an illegal prefix (softmax gives NaN, and assisted decoding then stops with an error); a dictionary
keyed by whole prefixes (quadratic memory in the length).
"""

from __future__ import annotations

import codecs
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch
import transformers

from constrain.errors import VocabularyError
from constrain.models.embedded import ModelError, prompt_ids
from constrain.vocabulary.vocabulary import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Automaton", "Generated", "LogitsProcessor", "generate_texts", "vocabulary_of"]

CACHE_BYTES = 64 << 20

_ILLEGAL = -1  # constrain.DEAD: the generated part is no prefix of the language
_FINISHED = -2  # an end of text was written where one was allowed


class Automaton(Protocol):
    """What is asked of a `TokenAutomaton`."""

    @property
    def start(self) -> int:
        """State before the first token."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary whose ids it reads."""
        ...

    def step(self, state: int, token: int) -> int:
        """State after `token`, or -1."""
        ...

    def mask(self, state: int) -> NDArray[np.int32]:
        """Packed row of allowed tokens."""
        ...

    def is_accepting(self, state: int) -> bool:
        """Whether the text may end here."""
        ...


@dataclass(slots=True)
class _Trace:
    """The generated ids of one row and the states between them: len(states) == len(ids) + 1."""

    ids: NDArray[np.int64]
    states: list[int]


class LogitsProcessor(transformers.LogitsProcessor):  # type: ignore[misc]  # their class is untyped
    """Keep the scores of allowed tokens and set all others to -inf. Give it to `model.generate` in a list.

    automaton: a `TokenAutomaton` over the model's vocabulary.
    prompt_lengths: where the generated part of a row starts. An int for all rows (with left padding: the padded width
        of the prompts); a sequence for several prompts, row i of b belonging to prompt `i * len(sequence) // b`, so that
        beams and return sequences are counted with their prompt. None: the processor takes the whole input of the
        first call of a generation as prompt. A call opens a new generation if a row does not start with a captured
        prompt, or is more than one token longer than any row seen in this generation (no decoding method skips
        a length). Say it explicitly, use one processor a generation, or call `reset()`, where a next prompt repeats
        the last one plus what was generated.
    pad_token_id: what may follow the end of text; default, only an end of text.

    Raises VocabularyError, at the first call, if the scores are narrower than an allowed token needs.
    """

    supports_continuous_batching = False

    def __init__(
        self,
        automaton: Automaton,
        *,
        prompt_lengths: int | Sequence[int] | None = None,
        pad_token_id: int | None = None,
    ) -> None:
        self.automaton = automaton
        self.pad_token_id = pad_token_id
        self._lengths = [prompt_lengths] if isinstance(prompt_lengths, int) else prompt_lengths
        if self._lengths is not None and (not len(self._lengths) or min(self._lengths) < 0):
            raise ValueError(f"prompt_lengths must be one or more numbers of tokens, not {prompt_lengths!r}")
        self._eos = frozenset(automaton.vocabulary.eos)
        self._width = 0
        self._forbidden: OrderedDict[int, torch.Tensor] = OrderedDict()
        self.reset()

    def reset(self) -> None:
        """Forget the captured prompt, so that the next call opens a new generation."""
        self._traces: list[_Trace] = []
        self._prompts: NDArray[np.int64] | None = None
        self._longest = 0

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Return new scores. input_ids: [batch, length] of prompt and generated part; scores: [batch, vocabulary]."""
        if scores.shape[-1] != self._width:
            self._forbidden.clear()
            self._width = scores.shape[-1]
        states = self._states(input_ids.detach().cpu().numpy())
        forbidden = torch.stack([self._row(state) for state in states]).to(scores.device)
        out = scores.masked_fill(forbidden, -torch.inf)
        lost = out.amax(dim=-1) == -torch.inf
        if bool(lost.any()):
            # Other processors left nothing (a minimum length, say): the constraint is the one that must hold.
            out = torch.where(lost[:, None] & ~forbidden, torch.zeros_like(out), out)
        return out

    def is_finished(self, input_ids: torch.LongTensor) -> list[bool]:
        """Return, for each row, whether its generated part is a whole text of the language that was ended."""
        states = self._states(input_ids.detach().cpu().numpy())
        return [state == _FINISHED for state in states]

    def _states(self, ids: NDArray[np.int64]) -> list[int]:
        starts = self._starts(ids)
        traces = [
            self._trace(row, row_ids[start:]) for row, (row_ids, start) in enumerate(zip(ids, starts, strict=True))
        ]
        self._traces = traces
        return [trace.states[-1] for trace in traces]

    def _starts(self, ids: NDArray[np.int64]) -> list[int]:
        """Where the generated part of each row starts."""
        rows, length = ids.shape
        if self._lengths is not None:
            count = len(self._lengths)
            if rows % count:
                raise ValueError(f"{rows} rows cannot belong to {count} prompts; give one length for each prompt")
            starts = [int(self._lengths[row * count // rows]) for row in range(rows)]
            if max(starts) > length:
                raise ValueError(f"a prompt of {max(starts)} tokens is longer than the input of {length}")
            return starts
        if self._prompts is None or length > self._longest + 1 or not self._continues(ids, self._prompts):
            self._prompts = np.unique(ids, axis=0)
            self._traces = []
            self._longest = length
        self._longest = max(self._longest, length)
        return [self._prompts.shape[1]] * rows

    @staticmethod
    def _continues(ids: NDArray[np.int64], prompts: NDArray[np.int64]) -> bool:
        width = prompts.shape[1]
        if ids.shape[1] < width:
            return False
        return all(bool((prompts == row[:width]).all(axis=1).any()) for row in ids)

    def _trace(self, row: int, ids: NDArray[np.int64]) -> _Trace:
        """Resume at the longest prefix shared with a row of the last call; own row first, for it nearly always fits."""
        best, shared = None, 0
        own = self._traces[row : row + 1]
        for trace in own + self._traces:
            common = min(len(trace.ids), len(ids))
            differ = np.flatnonzero(trace.ids[:common] != ids[:common])
            if len(differ):
                common = int(differ[0])
            if best is None or common > shared:
                best, shared = trace, common
            if shared >= len(ids) - 1:
                break
        states = best.states[: shared + 1] if best is not None else [self.automaton.start]
        state = states[-1]
        for token in ids[shared:].tolist():
            state = self._after(state, token)
            states.append(state)
        return _Trace(ids.copy(), states)

    def _after(self, state: int, token: int) -> int:
        if state < 0:
            return state
        if token in self._eos:
            return _FINISHED if self.automaton.is_accepting(state) else _ILLEGAL
        if not 0 <= token < len(self.automaton.vocabulary):
            return _ILLEGAL
        return self.automaton.step(state, token)

    def _row(self, state: int) -> torch.Tensor:
        """Boolean row of the score positions that must not be chosen in `state`."""
        row = self._forbidden.get(state)
        if row is not None:
            self._forbidden.move_to_end(state)
            return row
        forbidden = np.ones(self._width, dtype=np.bool_)
        if state == _ILLEGAL:
            forbidden[:] = False
        elif state == _FINISHED:
            after = [t for t in (*self._eos, self.pad_token_id) if t is not None and 0 <= t < self._width]
            forbidden[after] = False
        else:
            bits = np.unpackbits(self.automaton.mask(state).view(np.uint8), bitorder="little")[: self._width]
            forbidden[: len(bits)] = bits == 0
        if forbidden.all():
            raise VocabularyError(
                f"no allowed token has a score: the model has {self._width} scores, "
                f"the vocabulary {len(self.automaton.vocabulary)} tokens; use the model's own tokenizer"
            )
        row = torch.from_numpy(forbidden)
        self._forbidden[state] = row
        while len(self._forbidden) > 1 and len(self._forbidden) * self._width > CACHE_BYTES:
            self._forbidden.popitem(last=False)
        return row


@dataclass(frozen=True, slots=True)
class Generated:
    """One generated text. `finished` is False if `max_new_tokens` came before the end: the text is then only a prefix."""

    text: str
    finished: bool
    tokens: int


class _Streamer(transformers.generation.BaseStreamer):  # type: ignore[misc]  # their class is untyped
    """Hand over the text of each new token, whole characters only; the first `put` is the prompt."""

    def __init__(self, vocabulary: Vocabulary, write: Callable[[str], Any]) -> None:
        self._vocabulary = vocabulary
        self._write = write
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._prompt = True

    def put(self, value: torch.Tensor) -> None:
        if self._prompt:
            self._prompt = False
            return
        if piece := self._decoder.decode(_text_bytes(self._vocabulary, value.flatten().tolist())):
            self._write(piece)

    def end(self) -> None:
        if piece := self._decoder.decode(b"", final=True):
            self._write(piece)


def vocabulary_of(model: Any, tokenizer: Any) -> Vocabulary:
    """Return the vocabulary of a model and its tokenizer: as wide as the scores, ending with every end the model uses."""
    ends: list[int] = []
    for source in (getattr(model, "generation_config", None), tokenizer):
        value = getattr(source, "eos_token_id", None)
        ends += value if isinstance(value, list) else [value] if isinstance(value, int) else []
    size = max(int(model.config.get_text_config().vocab_size), len(tokenizer))
    return Vocabulary.from_transformers(tokenizer, size=size, eos=list(dict.fromkeys(ends)) or None)


def generate_texts(
    model: Any,
    tokenizer: Any,
    automaton: Automaton,
    prompt: str,
    *,
    n: int = 1,
    max_new_tokens: int = 512,
    seed: int | None = None,
    temperature: float = 1.0,
    on_text: Callable[[str], Any] | None = None,
    **options: Any,
) -> Iterator[Generated]:
    """Yield `n` texts of the automaton's language, one after the other.

    model, tokenizer: from `constrain.models.load`; automaton: over `vocabulary_of(model, tokenizer)`. prompt: the whole
    text before the document (`constrain.models.prompt_for` makes one). seed: text i is drawn with seed + i; None
    goes on with torch's generator. temperature: 0 is greedy. on_text: called with each piece of text as
    it is made, whole characters. options: more arguments of `model.generate` (`top_p=0.9`, `num_beams=4` without `on_text`).

    A text that `max_new_tokens`, or the model's context, cuts is yielded with `finished=False`. Raises ModelError for a
    prompt that the model cannot read.
    """
    if n < 1 or max_new_tokens < 1 or temperature < 0:
        given = f"{n}, {max_new_tokens}, {temperature}"
        raise ValueError(f"n and max_new_tokens must be positive, and temperature not negative, but they are {given}")
    ids = torch.tensor([prompt_ids(prompt, tokenizer)], device=model.device)
    room = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    if room is not None and ids.shape[1] >= room:
        raise ModelError(f"the prompt has {ids.shape[1]} tokens, but the model reads only {room}; shorten it")
    if room is not None:
        max_new_tokens = min(max_new_tokens, room - ids.shape[1])
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else automaton.vocabulary.eos[0]
    sampling = {"do_sample": True, "temperature": float(temperature)} if temperature > 0 else {"do_sample": False}
    if temperature > 0:
        sampling |= {"top_k": 0, "top_p": 1.0}
    for index in range(n):
        processor = LogitsProcessor(automaton, prompt_lengths=ids.shape[1], pad_token_id=pad)
        with torch.random.fork_rng(enabled=seed is not None):
            if seed is not None:
                torch.manual_seed(seed + index)
            out = model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                logits_processor=transformers.LogitsProcessorList([processor]),
                max_new_tokens=max_new_tokens,
                eos_token_id=list(automaton.vocabulary.eos),
                pad_token_id=pad,
                streamer=_Streamer(automaton.vocabulary, on_text) if on_text is not None else None,
                **(sampling | options),
            )[:1]
        new = out[0, ids.shape[1] :].tolist()
        text = _text_bytes(automaton.vocabulary, new).decode("utf-8", errors="replace")
        yield Generated(text=text, finished=processor.is_finished(out)[0], tokens=len(new))


def _text_bytes(vocabulary: Vocabulary, ids: Sequence[int]) -> bytes:
    return b"".join(vocabulary.tokens[t] or b"" for t in ids if 0 <= t < len(vocabulary))
