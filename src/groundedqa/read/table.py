"""The one table of readers."""

from __future__ import annotations

from groundedqa.read import (
    delimited,
    docx,
    epub,
    html,
    json_lines,
    markdown,
    office_97,
    pdf,
    pptx,
    question_page,
    xlsx,
)
from groundedqa.read.raw import Reader

# In the order in which they are asked whether they recognise the content.
READERS: tuple[Reader, ...] = (
    *(xlsx.READER, delimited.READER),
    *(pdf.READER, docx.READER, pptx.READER, epub.READER, office_97.READER),
    *(json_lines.READER, html.READER, question_page.READER, markdown.READER),
)
