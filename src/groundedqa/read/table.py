"""The one table of readers."""

from __future__ import annotations

from groundedqa.read import (
    cnxml,
    delimited,
    docx,
    epub,
    html,
    json_lines,
    markdown,
    moodle,
    office_97,
    pdf,
    pptx,
    question_page,
    stack_exchange,
    xlsx,
    xml_kind,
)
from groundedqa.read.raw import Reader

# In the order in which they are asked whether they recognise the content.
READERS: tuple[Reader, ...] = (
    *(xlsx.READER, delimited.READER),
    *(pdf.READER, docx.READER, pptx.READER, epub.READER, office_97.READER),
    *(stack_exchange.READER, stack_exchange.PART, cnxml.READER, cnxml.COLLECTION, moodle.READER),
    *(json_lines.READER, html.READER, xml_kind.READER, question_page.READER, markdown.READER),
)
