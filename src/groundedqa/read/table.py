"""The one table of readers."""

from __future__ import annotations

from groundedqa.read import (
    docx,
    epub,
    html,
    json_lines,
    markdown,
    office_97,
    pdf,
    pptx,
    question_page,
)
from groundedqa.read.raw import Reader

# In the order in which they are asked whether they recognise the content.
READERS: tuple[Reader, ...] = (
    *(pdf.READER, docx.READER, pptx.READER, epub.READER, office_97.READER),
    *(json_lines.READER, html.READER, question_page.READER, markdown.READER),
)
