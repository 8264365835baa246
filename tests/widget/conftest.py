"""One Chromium for the tests of the widget."""

from __future__ import annotations

from tests.server.browser import browser

__all__ = ["browser"]
