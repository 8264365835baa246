"""A sentence-transformers model of a few kilobytes, made in the test: real code, no real sense.

Its vectors follow from the words of a text all the same, so that a text is nearest to itself.
"""

from __future__ import annotations

from pathlib import Path

WINDOW = 64
DIM = 32


def make_tiny_model(
    folder: Path, *, prompts: dict[str, str] | None = None, pooling: str = "mean", seed: int = 0
) -> Path:
    """Save a model with a vocabulary of letters and pairs of letters into a folder.

    ``pooling`` is sentence-transformers' name of how token vectors make one.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    words = folder / "words"
    words.mkdir(parents=True)
    (words / "vocab.txt").write_text("\n".join(_vocabulary()) + "\n", encoding="utf-8")
    tokenizer = BertTokenizer(vocab=str(words / "vocab.txt"), do_lower_case=True)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(_vocabulary()),
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
    return folder / "model"


def _vocabulary() -> list[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = [a + b for a in letters for b in letters]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    signs = list("0123456789.,;:!?'\"()-/\\$=+<>%|*&#@[]{}_^~`")
    pieces = [*letters, *pairs]
    return [*special, *signs, *pieces, *("##" + piece for piece in pieces)]
