"""A CrossEncoder of a few kilobytes, made in the test: real code, no real sense."""

from __future__ import annotations

from pathlib import Path

from tests.support.kept import kept
from tests.support.tiny_model import vocabulary

WINDOW = 48


def tiny_cross(*, activation: str = "Sigmoid", labels: int = 1) -> Path:
    """The folder of such a model, which is kept."""

    def make(folder: Path) -> None:
        _make(folder, activation, labels)

    return kept("cross", make, activation, labels) / "model"


def exported_cross(model: Path) -> Path:
    """The model of `tiny_cross` exported, as a folder ``index/encoders``, which is kept."""
    from groundedqa.encode.export_cross import exported_cross_encoder

    def make(home: Path) -> None:
        exported_cross_encoder(str(model), home)

    return kept("crosses", make, model.parent.name)


def _make(folder: Path, activation: str, labels: int) -> None:
    """Save a cross-encoder with a vocabulary of letters and pairs of letters."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    words = folder / "words"
    words.mkdir(parents=True)
    known = vocabulary()
    (words / "vocab.txt").write_text("\n".join(known) + "\n", encoding="utf-8")
    tokenizer = BertTokenizer(
        vocab=str(words / "vocab.txt"), do_lower_case=True, model_max_length=WINDOW
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(known),
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
