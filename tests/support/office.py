"""Office files and books made part by part, for what no library writes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

_OPEN = "http://schemas.openxmlformats.org"
NAMES = (
    f'xmlns:w="{_OPEN}/wordprocessingml/2006/main" '
    f'xmlns:m="{_OPEN}/officeDocument/2006/math" '
    f'xmlns:r="{_OPEN}/officeDocument/2006/relationships" '
    f'xmlns:mc="{_OPEN}/markup-compatibility/2006" '
    f'xmlns:a="{_OPEN}/drawingml/2006/main" '
    f'xmlns:p="{_OPEN}/presentationml/2006/main" '
    f'xmlns:c="{_OPEN}/drawingml/2006/chart" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Chapter"/>
  <w:basedOn w:val="berschrift1"/></w:style>
<w:style w:type="paragraph" w:styleId="Deep"><w:name w:val="My part"/>
  <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Code"><w:name w:val="Source Code"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
"""


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A ZIP file of these entries; ``mimetype`` is stored as it is."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, data, how)
    return path


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """The relations of a part: of each id the kind and the target."""
    kind = f"{_OPEN}/officeDocument/2006/relationships"
    found = "".join(
        f'<Relationship Id="{name}" Type="{kind}/{what}" Target="{target}"/>'
        for name, (what, target) in targets.items()
    )
    return f'<Relationships xmlns="{_OPEN}/package/2006/relationships">{found}</Relationships>'


def word_parts(body: str, **others: str) -> dict[str, str | bytes]:
    """The parts of a Word file; ``others`` are styles, numbering, footnotes, endnotes, header."""
    roots = {"styles": "styles", "numbering": "numbering", "header": "hdr"}
    others.setdefault("styles", STYLES)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_OPEN}/package/2006/content-types"/>',
        "_rels/.rels": relations({"r1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations({name: (name, f"{name}.xml") for name in others}),
    }
    for name, content in others.items():
        root = f"w:{roots.get(name, name)}"
        parts[f"word/{name}.xml"] = f"<{root} {NAMES}>{content}</{root}>"
    return parts


def core(**values: str) -> str:
    """The core properties: ``dc_title``, ``dc_creator``, ``dcterms_created``, ``cp_keywords``."""
    inner = "".join(
        f"<{name.replace('_', ':')}>{value}</{name.replace('_', ':')}>"
        for name, value in values.items()
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_OPEN}/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"{inner}</cp:coreProperties>"
    )


def paragraph(text: str, style: str = "", properties: str = "") -> str:
    """A paragraph; ``text`` that begins with ``<`` stands in it as XML."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{text if text[:1] == '<' else run(text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def item(text: str, level: int = 0, name: int = 1) -> str:
    """A paragraph in a list."""
    place = f'<w:ilvl w:val="{level}"/><w:numId w:val="{name}"/>'
    return paragraph(text, properties=f"<w:numPr>{place}</w:numPr>")


def table(*rows: str) -> str:
    """A table of rows, made of `cell`."""
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def cell(text: str, properties: str = "") -> str:
    """A cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"
