"""Whether an exported encoder gives the vectors of the one that it was exported from."""

from __future__ import annotations

import numpy as np

from groundedqa.encode.protocol import Encoder
from groundedqa.errors import EncoderError

LEAST_COSINE = 0.9999
_PROBES = (
    "What did the Soviet Union lose as Stalin accumulated power?",
    "why is teh sky blue",
    "Mitochondria",
    "x",
    "The kinetic energy is \\( E = \\tfrac12 m v^2 \\), in joules.",
    "Ünïcödé, naïve café, Œuvre, Straße",
    "Почему небо голубое? 空はなぜ青い？ لماذا السماء زرقاء؟ ทำไมท้องฟ้าถึงเป็นสีฟ้า",
    "1 2 3 4.5 $6.78 9% -10 °C",
    "'It isn't,' she said. \"Isn't it?\"",
    "🙂 emoji and    spaces",
    "a\nb\n\nc",
    "supercalifragilisticexpialidocious " * 3,
    "Supply meets demand at the price where buyers want what sellers offer. " * 4,
    "Photosynthesis stores the energy of light in the bonds of sugar. " * 12,
    "A passage that is longer than the window of most encoders is cut at its end. " * 60,
)


def compare(exported: Encoder, reference: Encoder) -> float:
    """The least cosine between the two encoders' vectors over texts of many kinds.

    Raises:
        EncoderError: it is below 0.9999.
    """
    pairs = (
        (exported.encode_queries(_PROBES), reference.encode_queries(_PROBES)),
        (exported.encode_passages(_PROBES), reference.encode_passages(_PROBES)),
    )
    cosines = [np.sum(ours * theirs, axis=1) for ours, theirs in pairs]
    least = float(np.min(cosines))
    if not least >= LEAST_COSINE:  # not a number is below it too
        raise EncoderError(
            f"the export of {exported.name} differs from sentence-transformers: cosine {least:.4f} "
            f"is below {LEAST_COSINE}; this model can't be served"
        )
    return least
