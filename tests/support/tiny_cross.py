"""A CrossEncoder of a few kilobytes, made in the test: real code, no real sense."""

from __future__ import annotations

from pathlib import Path

from tests.support.tiny_model import _vocabulary

WINDOW = 48


def make_tiny_cross(folder: Path, *, activation: str = "Sigmoid", labels: int = 1) -> Path:
    """Save a cross-encoder with a vocabulary of letters and pairs of letters into a folder."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    words = folder / "words"
    words.mkdir(parents=True)
    vocabulary = _vocabulary()
    (words / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    tokenizer = BertTokenizer(
        vocab=str(words / "vocab.txt"), do_lower_case=True, model_max_length=WINDOW
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=WINDOW,
        initializer_range=0.3,
    )
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(words)
    tokenizer.save_pretrained(words)
    chosen = getattr(torch.nn, activation)()
    model = CrossEncoder(str(words), device="cpu", activation_fn=chosen)
    model.save_pretrained(str(folder / "model"))
    return folder / "model"
