"""Train the embedded model, from nothing, on text the project makes itself.

    python tools/train_embedded.py                  tokenizer, training, constrain/models/embedded/*
    python tools/train_embedded.py --evaluate       held-out loss of the saved model, as JSON
    python tools/train_embedded.py --steps 20 --out /tmp/try    a quick look

Problem: `constrain generate` and `make demo` need a model without a network, in at most 8 MB. A Llama architecture
of about three million parameters in bfloat16 fits, with a byte-level BPE tokenizer of its own.

Method: byte-level BPE over a sample of `training_text`; rows of `ROW` tokens that each begin with a text and are filled
with more; AdamW with a warm-up and a cosine; matrix products in bfloat16, weights and sums in float32. Every random
choice is seeded, so one machine and one torch version give the same weights again.

Held out: documents of another seed (both come from one generator, so short ones may coincide), and every twentieth
paragraph of the English, which training never sees.

Rejected: distilling from a large model (its licence and its size).
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
import training_text as text
import training_words as words
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from training_english import english
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from constrain.models.embedded import EMBEDDED_DIR, FORMAT, FORMAT_KEY, embedded_prompt, load

SEED = 20250101
HELD_OUT_SEED = 77
VOCABULARY = 3072
ROW = 256  # tokens
BATCH = 8  # rows
STEPS = 2400
PEAK = 3e-3
WARMUP = 100
PROSE = 0.08  # English paragraphs, as a share of the documents
BOS, EOS, PAD = "<|begin|>", "<|end|>", "<|pad|>"

# Words with the space before them, numbers of at most three digits, punctuation with the line ends after it.
SPLIT = r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def training_stream(seed: int) -> Iterator[str]:
    """Yield training texts for ever: documents after their prompts, now and then an English paragraph."""
    r = random.Random(seed)
    paragraphs = [p for i, p in enumerate(english()) if i % 20]
    for prompt, document in text.documents(seed + 1):
        if r.random() < PROSE:
            yield r.choice(paragraphs)
        yield prompt + document


def make_tokenizer() -> PreTrainedTokenizerFast:
    """Train the byte-level BPE; its alphabet is all 256 bytes, so every text has a tokenisation."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[BOS, EOS, PAD],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(itertools.islice(training_stream(SEED), 20_000), trainer)
    begin = tokenizer.token_to_id(BOS)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", pair=None, special_tokens=[(BOS, begin)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=BOS,
        eos_token=EOS,
        pad_token=PAD,
        padding_side="left",
        clean_up_tokenization_spaces=False,
        model_max_length=1024,
        model_input_names=["input_ids", "attention_mask"],
        **{FORMAT_KEY: FORMAT},
    )


def make_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """Return the untrained model."""
    torch.manual_seed(SEED)
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=192,
        intermediate_size=512,
        num_hidden_layers=6,
        num_attention_heads=3,
        num_key_value_heads=3,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
        attention_bias=False,
        initializer_range=0.02,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM._from_config(config, attn_implementation="eager")  # faster than the fused one on this shape


def rows(tokenizer: PreTrainedTokenizerFast, seed: int) -> Iterator[list[int]]:
    """Yield rows of `ROW` tokens: whole texts, begin and end tokens around each, the last one cut."""
    stream, encode = training_stream(seed), tokenizer.backend_tokenizer.encode_batch
    row: list[int] = []
    while True:
        for encoding in encode(list(itertools.islice(stream, 512)), add_special_tokens=False):
            row += [tokenizer.bos_token_id, *encoding.ids, tokenizer.eos_token_id]
            if len(row) >= ROW:
                yield row[:ROW]
                row = []


def train(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, steps: int, folder: Path) -> None:
    """Minimise the next-token loss for `steps` batches; prints it, and saves what there is, now and then."""
    decay = [p for p in model.parameters() if p.dim() > 1]
    rest = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decay, "weight_decay": 0.05}, {"params": rest, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=PEAK, betas=(0.9, 0.95), foreach=True)
    source = rows(tokenizer, SEED)
    model.train()
    started, shown = time.monotonic(), []
    for step in range(steps):
        rate = min(1.0, (step + 1) / WARMUP) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * step / steps)))
        for group in optimizer.param_groups:
            group["lr"] = PEAK * rate
        batch = torch.tensor(list(itertools.islice(source, BATCH)))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(input_ids=batch[:, :-1], use_cache=False).logits
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        shown.append(loss.item())
        if step % 100 == 99 or step == steps - 1:
            mean, seconds = sum(shown) / len(shown), time.monotonic() - started
            tokens = (step + 1) * BATCH * ROW
            print(f"step {step + 1}/{steps}  loss {mean:.4f}  {tokens:,} tokens  {seconds:,.0f} s", flush=True)
            shown = []
        if step % 600 == 599:
            save(model, tokenizer, folder)
    model.eval()


@torch.inference_mode()
def loss_of(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, prompt: str, answer: str) -> torch.Tensor:
    """Return the nats of each token of `answer` after `prompt`, and of the end after it."""
    before = tokenizer(prompt, add_special_tokens=False)["input_ids"] if prompt else []
    after = tokenizer(answer, add_special_tokens=False)["input_ids"]
    ids = [tokenizer.bos_token_id, *before, *after, tokenizer.eos_token_id][: model.config.max_position_embeddings]
    logits = model(input_ids=torch.tensor([ids[:-1]])).logits[0].float()
    return torch.nn.functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="none")[len(before) :]


def loss_per_byte(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, pairs: list[tuple[str, str]]
) -> dict[str, Any]:
    """Return the loss on the second text of each pair, after the first: nats per token and bits per byte."""
    nats, tokens, size = 0.0, 0, 0
    for prompt, answer in pairs:
        each = loss_of(model, tokenizer, prompt, answer)
        nats, tokens, size = nats + each.sum().item(), tokens + each.numel(), size + len(answer.encode()) + 1
    return {
        "texts": len(pairs),
        "tokens": tokens,
        "nats_per_token": round(nats / tokens, 4),
        "bits_per_byte": round(nats / size / math.log(2), 4),
    }


def told(count: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return documents of shipped schemas after requests that name their subject, and after no request."""
    r = random.Random(HELD_OUT_SEED)
    with_request, without = [], []
    for _ in range(count):
        name = r.choice(sorted(text.MAKERS))
        head = json.loads((text.ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
        value, subject = text.MAKERS[name](r)
        document = text.spell(r, value)
        with_request.append((embedded_prompt(head, subject), document))
        without.append((embedded_prompt(head, None), document))
    return with_request, without


def steered(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast) -> dict[str, str]:
    """Return how often the value a request names is the likeliest of all such values, a schema."""
    weather = '{"city": "Oslo", "observed": "2025-02-03T08:00:00Z", "condition": "'
    tools = {
        "search": "find cheap flights to Oslo",
        "getWeather": "weather in Oslo",
        "sendEmail": "write to Ada Bell about the team lunch",
        "setReminder": "remind me to call Ada",
        "calculate": "calculate 3 + 4",
    }
    kinds = "clear cloudy rain snow fog storm".split()
    titles = {bug[0]: bug[0][0].lower() + bug[0][1:] for bug in words.BUGS}
    found = {}
    for name, start, requests in (
        ("recipe", '{"name": "', {dish[0]: dish[0].lower() for dish in words.DISHES}),
        ("weather", weather, {kind: f"{kind} in Oslo" for kind in kinds}),
        ("bug_report", '{"title": "', titles),
        ("tool_call", '{"tool": "', tools),
    ):
        head = json.loads((text.ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
        right = 0
        for wanted, request in requests.items():
            prompt = embedded_prompt(head, request)
            nats = {x: loss_of(model, tokenizer, prompt, f'{start}{x}"')[:-1].sum().item() for x in requests}
            right += wanted == min(nats, key=nats.__getitem__)
        found[name] = f"{right} of {len(requests)}"
    return found


def evaluate(folder: Path) -> dict[str, Any]:
    """Return the held-out losses of a saved model, and its sizes."""
    model, tokenizer = load(str(folder))
    shipped = list(itertools.islice(text.documents(HELD_OUT_SEED, shipped=1.0), 300))
    stated, unstated = told(300)
    others = list(itertools.islice(text.documents(HELD_OUT_SEED, shipped=0.0), 300))
    prose = [("", p) for i, p in enumerate(english()) if i % 20 == 0][:150]
    return {
        "parameters": sum(p.numel() for p in model.parameters()),
        "vocabulary": len(tokenizer),
        "folder_bytes": sum(p.stat().st_size for p in folder.iterdir()),
        "documents of shipped schemas": loss_per_byte(model, tokenizer, shipped),
        "documents after a request for their subject": loss_per_byte(model, tokenizer, stated),
        "the same documents without request": loss_per_byte(model, tokenizer, unstated),
        "likeliest value is the one asked for": steered(model, tokenizer),
        "documents of random schemas": loss_per_byte(model, tokenizer, others),
        "English": loss_per_byte(model, tokenizer, prose),
    }


def save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write the model in bfloat16 and the tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id
    )
    copy = LlamaForCausalLM(model.config).to(torch.bfloat16)
    copy.load_state_dict(model.state_dict())
    copy.generation_config = model.generation_config
    copy.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    config = folder / "tokenizer_config.json"
    settings = json.loads(config.read_text(encoding="utf-8"))
    settings["tokenizer_class"] = "PreTrainedTokenizerFast"  # the name that release 4 knows as well
    config.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    """Train and save, or only evaluate."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=EMBEDDED_DIR, help="folder to write (default: the package's)")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--threads", type=int, default=1, help="more gain little at this size")
    parser.add_argument("--evaluate", action="store_true", help="only measure the held-out loss of --out")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if not args.evaluate:
        tokenizer = make_tokenizer()
        model = make_model(tokenizer)
        print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {len(tokenizer)} tokens", flush=True)
        train(model, tokenizer, args.steps, args.out)
        save(model, tokenizer, args.out)
    print(json.dumps(evaluate(args.out), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
