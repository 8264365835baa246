"""PDF files: the words in reading order with their pages, and nothing but what the pages say."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission
from fpdf.outline import OutlineSection
from fpdf.prefs import PageLabelStyle if False else None
