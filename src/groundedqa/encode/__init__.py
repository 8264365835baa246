"""Texts to unit vectors: the protocol, the serving encoder, and the cache that wraps one.

``groundedqa.encode.export`` is not imported here: it alone needs torch.
"""

from __future__ import annotations

from groundedqa.encode.cache import CachedEncoder, cache_key, keep_only
from groundedqa.encode.coalesced import CoalescedEncoder
from groundedqa.encode.onnx import OnnxEncoder, load_exported
from groundedqa.encode.protocol import Encoder, SentenceRows, Vectors
from groundedqa.encode.weights import DEFAULT, Weights, find_weights

__all__ = [
    "DEFAULT",
    "CachedEncoder",
    "CoalescedEncoder",
    "Encoder",
    "OnnxEncoder",
    "SentenceRows",
    "Vectors",
    "Weights",
    "cache_key",
    "find_weights",
    "keep_only",
    "load_exported",
]
