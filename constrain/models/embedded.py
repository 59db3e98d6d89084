"""The embedded model and the loader of every other one.

Problem: the first command, the demonstration and the tests must run on a machine without a network, so a small
Llama-architecture model lies in `constrain/models/embedded`; any other model is a local folder or a hub id that
transformers loads. A model also has to be *asked*: chat models through their chat template with the schema in the
message, the embedded one in the format it was trained on (`tools/training_text.py`).

Example: for the shipped contact schema and the prompt "someone from Madrid" the embedded model reads

    Contact: A person in an address book.
    someone from Madrid
    JSON:

and goes on with `{"name": ...`.

Invariants: an existing folder never touches the network; a model that cannot be loaded is one `ModelError` line
that names it and says what to do; nothing here is imported unless a model is wanted (torch and transformers are
extras).

Rejected: putting the whole schema before the embedded model, which would cost it several times its context; a chat
template for it, because it is no chat model.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from constrain.errors import ConstrainError

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = [
    "EMBEDDED",
    "EMBEDDED_DIR",
    "ModelError",
    "embedded_prompt",
    "load",
    "load_embedded",
    "prompt_for",
    "prompt_ids",
]

EMBEDDED = "embedded"
EMBEDDED_DIR = Path(__file__).resolve().parent / "embedded"

# The entry of tokenizer_config.json that marks a tokenizer whose model was trained on `embedded_prompt`.
FORMAT_KEY = "constrain_format"
FORMAT = "constrain-embedded"


class ModelError(ConstrainError, OSError):
    """A model or tokenizer that cannot be loaded; the one-line message names it and says what to do."""


def load_embedded(dtype: torch.dtype | None = None) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Load the model that ships with the package; weights in `dtype` (default float32, the file holds bfloat16)."""
    return load(EMBEDDED, dtype=dtype)


def load(name_or_dir: str, *, dtype: torch.dtype | None = None) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Load a causal language model and its tokenizer, in evaluation mode.

    `name_or_dir`: "embedded", a local folder (never touches the network), or a hub id. `dtype` of the weights: default is
    that of the files, float32 for the embedded model. A GPU is used if there is one, except for the embedded model.
    Raises `ModelError`.
    """
    try:
        import torch
        import transformers
    except ImportError as error:
        msg = f"models need torch and transformers ({error}); install the extra: pip install 'constrain[transformers]'"
        raise ModelError(msg) from error
    embedded = name_or_dir == EMBEDDED
    where = EMBEDDED_DIR if embedded else Path(name_or_dir).expanduser()
    local = where.is_dir()
    if local and not (where / "config.json").is_file():
        msg = f"model folder {str(where)!r} has no config.json; give a folder saved by save_pretrained, or a hub id"
        raise ModelError(msg)
    if not local and (embedded or where.exists() or name_or_dir.startswith((".", "/", "~"))):
        msg = f"no model folder at {str(where)!r}; give a folder with config.json and weights, or a hub id"
        raise ModelError(msg)
    source = str(where) if local else name_or_dir
    wanted = dtype or (torch.float32 if embedded else "auto")
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(source, local_files_only=local)
        model = transformers.AutoModelForCausalLM.from_pretrained(source, local_files_only=local, dtype=wanted)
        if torch.cuda.is_available() and not embedded:
            model = model.to("cuda")
    except Exception as error:  # what transformers raises about bad files is anything at all
        reason = " ".join(str(error).split()) or type(error).__name__
        msg = f"cannot load model {name_or_dir!r}: {reason[:300]}; check the name, or download it and give its folder"
        raise ModelError(msg) from error
    model.eval()
    return model, tokenizer


def embedded_prompt(schema: Any, prompt: str | None) -> str:
    """Return the text the embedded model is asked with: heading, request, "JSON:".

    `schema` is a JSON Schema; only its title and description are used.
    """
    parts = [schema.get(key) for key in ("title", "description")] if isinstance(schema, dict) else []
    heading = ": ".join(" ".join(part.split()) for part in parts if isinstance(part, str) and part.strip())
    request = " ".join((prompt or "").split())
    return "".join(f"{line}\n" for line in (heading or "Document", request) if line) + "JSON:\n"


def prompt_for(schema: Any, prompt: str | None, tokenizer: PreTrainedTokenizerBase) -> str:
    """Return the whole text to tokenize before generating a document for `schema`.

    `prompt` is what the user asks for, None for just a document. With a chat template the text is a rendered chat whose
    user message holds the schema; the embedded tokenizer gets `embedded_prompt`; any other base model gets
    the schema as JSON text, the request and "JSON:". `prompt_ids` tokenizes it.
    """
    if getattr(tokenizer, "init_kwargs", {}).get(FORMAT_KEY) == FORMAT:
        return embedded_prompt(schema, prompt)
    shown = json.dumps(schema, ensure_ascii=False)
    if getattr(tokenizer, "chat_template", None):
        request = f"{prompt.strip()}\n\n" if prompt and prompt.strip() else ""
        content = (
            f"{request}Answer with one JSON document, and nothing else, that is valid for this JSON Schema:\n{shown}"
        )
        chat = tokenizer.apply_chat_template(
            [{"role": "user", "content": content}], tokenize=False, add_generation_prompt=True
        )
        if isinstance(chat, str):
            return chat
    request = f"{prompt.strip()}\n" if prompt and prompt.strip() else ""
    return f"JSON Schema:\n{shown}\n{request}JSON:\n"


def prompt_ids(text: str, tokenizer: PreTrainedTokenizerBase) -> list[int]:
    """Return the token ids of a prompt, with the tokenizer's begin token unless a chat template has written it."""
    special = not getattr(tokenizer, "chat_template", None)
    ids: list[int] = tokenizer(text, add_special_tokens=special)["input_ids"]
    return ids
