"""A sentence-transformers model of a few kilobytes, made in the test: real code, no real sense.

Its vectors follow from the words of a text all the same, so that a text is nearest to itself.
"""

from __future__ import annotations

from pathlib import Path

from tests.support.kept import kept

WINDOW = 64
DIM = 32


def tiny(*, prompts: dict[str, str] | None = None, pooling: str = "mean", seed: int = 0) -> Path:
    """The folder of such a model, which is kept; ``pooling`` is sentence-transformers' name."""

    def make(folder: Path) -> None:
        _make(folder, prompts=prompts, pooling=pooling, seed=seed)

    return kept("tiny", make, prompts, pooling, seed) / "model"


def exported(model: Path) -> Path:
    """The model of `tiny` exported, as a folder ``index/encoders``, which is kept."""
    from groundedqa.encode.export import exported_encoder

    return kept("encoders", lambda home: exported_encoder(str(model), home), model.parent.name)


def _make(folder: Path, *, prompts: dict[str, str] | None, pooling: str, seed: int) -> None:
    """Save a model with a vocabulary of letters and pairs of letters."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    words = folder / "words"
    words.mkdir(parents=True)
    (words / "vocab.txt").write_text("\n".join(vocabulary()) + "\n", encoding="utf-8")
    tokenizer = BertTokenizer(vocab=str(words / "vocab.txt"), do_lower_case=True)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary()),
        hidden_size=DIM,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=WINDOW,
        initializer_range=0.3,
    )
    BertModel(config).save_pretrained(words)
    tokenizer.save_pretrained(words)
    modules = [
        Transformer(str(words), max_seq_length=WINDOW),
        Pooling(DIM, pooling_mode=pooling),
        Normalize(),
    ]
    model = SentenceTransformer(modules=modules, device="cpu", prompts=prompts)
    model.save(str(folder / "model"))


def vocabulary() -> list[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = [a + b for a in letters for b in letters]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    signs = list("0123456789.,;:!?'\"()-/\\$=+<>%|*&#@[]{}_^~`")
    pieces = [*letters, *pairs]
    return [*special, *signs, *pieces, *("##" + piece for piece in pieces)]
