"""The pipeline: corpus to snapshot."""

from __future__ import annotations

from groundedqa.build.pipeline import BuildResult, BuildSettings, build
from groundedqa.build.reading import Progress

__all__ = ["BuildResult", "BuildSettings", "Progress", "build"]
