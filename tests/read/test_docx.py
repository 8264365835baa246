"""Word files: what the page shows, and nothing that it doesn't."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from groundedqa.read import Broken, Problem, RawDocument, SiteProfile, Source, docx, read_source
from groundedqa.read.assemble import assemble
from groundedqa.read.raw import PAGE_BREAK
from groundedqa.types import Document
from tests.support.office import (
    NAMES,
    cell,
    core,
    item,
    paragraph,
    run,
    table,
    word_parts,
    zipped,
)

DELETED = "<w:rPr><w:del w:id='1'/></w:rPr>"
RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"
BY_HAND = '<w:r><w:br w:type="page"/></w:r>'
BULLETS = """
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
 <w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
 <w:lvl w:ilvl="2"><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
 <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/>
 <w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
"""


def parsed(path: Path, body: str, **others: str) -> RawDocument:
    source = zipped(path / "the-file.docx", word_parts(body, **others))
    (raw,) = docx.READER.read(Source(source, source.name), SiteProfile())
    assert not isinstance(raw, Broken)
    return raw


def made(path: Path, body: str, **others: str) -> Document:
    source = Source(path / "the-file.docx", "the-file.docx")
    return assemble(parsed(path, body, **others), source, "0", SiteProfile())


def outline(document: Document) -> list[tuple[str, int, str]]:
    return [(s.heading, s.level, document.text[s.start : s.end]) for s in document.sections]


def test_headings_come_by_style_by_what_it_is_based_on_and_by_outline_level(tmp_path: Path) -> None:
    document = made(
        tmp_path,
        paragraph("The whole", "Titel")
        + paragraph("Before.")
        + paragraph("One", "berschrift1")
        + paragraph("Text of one.")
        + paragraph("Two", "Mine")
        + paragraph("Text of two.")
        + paragraph("Inner", "Deep")
        + paragraph("Inner text.")
        + paragraph("Own", properties='<w:outlineLvl w:val="1"/>')
        + paragraph("Own text.")
        + paragraph("No heading " * 30, "Deep"),
    )
    assert document.title == "The whole"
    assert document.text.startswith("Before.\n\nText of one.")
    assert outline(document)[:2] == [
        ("One", 1, "Text of one."),
        ("Two", 1, document.text[document.text.index("Text of two") :]),
    ]
    assert [(s.heading, s.level) for s in document.sections][2:] == [("Inner", 2), ("Own", 2)]
    assert document.text.endswith("No heading")  # too long for one


def test_lists_have_the_numbers_that_the_page_shows(tmp_path: Path) -> None:
    document = made(
        tmp_path,
        "".join(
            (
                *(item("one"), item("a", 1), item("b", 1), item("deep", 2), item("two")),
                *(item("a again", 1), paragraph("Between."), item("three"), item("dash", 0, 2)),
                *(item("seven", 0, 3), item("eight", 0, 3), item("none", 0, 0)),
            )
        ),
        numbering=BULLETS,
    )
    assert document.text == (
        "1. one\na) a\nb) b\n1.i deep\n2. two\na) a again\n\nBetween.\n\n"
        "3. three\n- dash\n7. seven\n8. eight\n\nnone"
    )


def test_what_was_inserted_stands_and_what_was_deleted_or_hidden_does_not(tmp_path: Path) -> None:
    raw = parsed(
        tmp_path,
        paragraph(
            run("The ")
            + f"<w:ins w:id='1'>{run('new ')}</w:ins>"
            + "<w:del w:id='2'><w:r><w:delText>old </w:delText></w:r></w:del>"
            + f"<w:moveFrom w:id='3'>{run('moved ')}</w:moveFrom>"
            + run("secret ", "<w:vanish/>")
            + run("word", "<w:vanish w:val='0'/>")
            + "<w:r><w:commentReference w:id='0'/></w:r>"
            + "<w:hyperlink r:id='x'>"
            + run(" and a link")
            + "</w:hyperlink>"
            + f"<w:sdt><w:sdtContent>{run(', controlled')}</w:sdtContent></w:sdt>"
            + "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            + f"{run('Click here to enter text')}</w:sdtContent></w:sdt>"
        )
        + paragraph("Half a sentence", properties=DELETED)
        + paragraph(" and the rest of it."),
    )
    assert raw.sections[0].text == (
        "The new word and a link, controlled\n\nHalf a sentence and the rest of it."
    )
    assert [(d.rule, d.text) for d in raw.dropped] == [("hidden text", "secret ")]


def test_fields_show_their_results_and_the_table_of_contents_is_left_out(tmp_path: Path) -> None:
    def field(code: str, result: str) -> str:
        return (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f"<w:r><w:instrText>{code}</w:instrText></w:r>"
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    raw = parsed(
        tmp_path,
        paragraph(field('TOC \\o "1-3"', run("Chapter 1 ..... 5")))
        + paragraph("Chapter 2 ..... 9", "TOC1")
        + paragraph(
            run("See ")
            + field("REF x", run("figure 3"))
            + "<w:fldSimple w:instr='AUTHOR'>"
            + run(" by me")
            + "</w:fldSimple>"
        ),
    )
    assert raw.sections[0].text == "See figure 3 by me"
    assert [d.rule for d in raw.dropped] == ["table of contents"] * 2


def test_pages_begin_at_breaks_by_hand_and_where_word_laid_them_out(tmp_path: Path) -> None:
    document = made(
        tmp_path,
        paragraph(run("One.") + BY_HAND)
        + paragraph(RENDERED + run("Two begins ") + RENDERED + run("and goes on three."))
        + paragraph("Four", "berschrift1", "<w:pageBreakBefore/>")
        + paragraph("Text of four.")
        + paragraph("", properties="<w:sectPr/>")
        + paragraph("Five.")
        + '<w:sectPr><w:type w:val="nextPage"/></w:sectPr>',
    )
    assert PAGE_BREAK not in document.text
    assert [(p.label, document.text[p.start : p.end].strip()) for p in document.pages] == [
        ("1", "One."),
        ("2", "Two begins"),
        ("3", "and goes on three."),
        ("4", "Text of four."),
        ("5", "Five."),
    ]
    assert parsed(tmp_path, paragraph("One page.")).pages == ()


def test_rows_can_be_read_alone_and_a_table_of_one_column_is_no_table(tmp_path: Path) -> None:
    document = made(
        tmp_path,
        table(
            cell("A title over all", '<w:gridSpan w:val="3"/>'),
            cell("Year") + cell("Wine") + cell("Cloth"),
            cell("1817", '<w:vMerge w:val="restart"/>') + cell("80") + cell("90"),
            cell("", "<w:vMerge/>") + cell("120", '<w:gridSpan w:val="2"/>'),
        )
        + table(cell("Only a box.")),
    )
    assert document.text == (
        "A title over all\n| Year | Wine | Cloth |\n| 1817 | 80 | 90 |\n| 1817 | 120 | |\n\n"
        "Only a box."
    )


def test_notes_stand_apart_from_the_sentence_that_they_belong_to(tmp_path: Path) -> None:
    raw = parsed(
        tmp_path,
        paragraph("One", "berschrift1")
        + paragraph(
            run("A claim") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(" that holds.")
        )
        + paragraph(run("Said.") + '<w:r><w:endnoteReference w:id="1"/></w:r>')
        + paragraph("Two", "berschrift1")
        + paragraph("More."),
        footnotes='<w:footnote w:id="0" w:type="separator"/><w:footnote w:id="2">'
        + paragraph("<w:r><w:footnoteRef/></w:r>" + run("Its source."))
        + "</w:footnote>",
        endnotes='<w:endnote w:id="1">' + paragraph("At the end.") + "</w:endnote>",
        header=paragraph("A running head"),
    )
    assert [(s.heading, s.level, s.text) for s in raw.sections] == [
        ("One", 1, "A claim that holds.\n\nSaid.\n\nIts source."),
        ("Two", 1, "More."),
        ("", 0, "At the end."),
    ]
    assert [(d.rule, d.text) for d in raw.dropped] == [("page header", "A running head")]


def test_a_text_box_is_said_once_after_its_paragraph(tmp_path: Path) -> None:
    inner = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    raw = parsed(
        tmp_path,
        paragraph(
            run("Beside it.")
            + '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
            + f"{inner}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{inner}</w:pict>"
            + "</mc:Fallback></mc:AlternateContent></w:r>"
        )
        + paragraph("<w:r><w:pict><v:imagedata/></w:pict></w:r>"),
    )
    assert raw.sections[0].text == "Beside it.\n\nIn the box."
    assert raw.warnings == ("1 image has no text",)


def test_code_keeps_its_lines_and_raised_digits_stay_powers(tmp_path: Path) -> None:
    raw = parsed(
        tmp_path,
        paragraph("def f(x):", "Code")
        + paragraph("    return x", "Code")
        + paragraph(
            run("10")
            + run("6", '<w:vertAlign w:val="superscript"/>')
            + run(" of H")
            + run("2", '<w:vertAlign w:val="subscript"/>')
            + run("O, a")
            + '<w:r><w:tab/><w:noBreakHyphen/><w:sym w:font="Symbol" w:char="F061"/></w:r>'
        ),
    )
    assert (
        raw.sections[0].text
        == "    def f(x):\n        return x\n\n10⁶ of H₂O, a\t-\N{GREEK SMALL LETTER ALPHA}"
    )


def test_title_author_day_and_keywords_come_from_properties_that_can_be_believed(
    tmp_path: Path,
) -> None:
    body = paragraph("One", "berschrift1") + paragraph("Text.")

    def described(**values: str) -> RawDocument:
        parts = {**word_parts(body), "docProps/core.xml": core(**values)}
        source = zipped(tmp_path / "my-notes.docx", parts)
        (raw,) = docx.READER.read(Source(source, source.name), SiteProfile())
        assert isinstance(raw, RawDocument)
        return raw

    good = described(
        dc_title="On trade",
        dc_creator="Ann Ricardo",
        dc_language="en-GB",
        cp_keywords="trade; wine",
        dcterms_created="2024-02-01T10:00:00Z",
        dcterms_modified="2024-03-05T10:00:00Z",
    )
    assert (good.title, good.sections[0].author) == ("On trade", "Ann Ricardo")
    assert (good.published, good.language) == (date(2024, 3, 5), "en-GB")
    assert good.tags == ("trade", "wine")
    bad = described(
        dc_title="Microsoft Word - Document1.doc",
        dc_creator="python-docx",
        dcterms_created="2009-02-01T10:00:00Z",
        dcterms_modified="2024-03-05T10:00:00Z",
    )
    assert (bad.title, bad.sections[0].author, bad.published) == ("One", None, None)


def test_a_strict_or_macro_file_and_one_under_a_wrong_suffix_are_read(tmp_path: Path) -> None:
    parts = word_parts(paragraph("Strict text."))
    strict = {
        name: str(data)
        .replace("http://schemas.openxmlformats.org/wordprocessingml/2006/", "http://purl.oclc.org/ooxml/wordprocessingml/")
        .replace("http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/")
        for name, data in parts.items()
    }  # fmt: skip
    path = zipped(tmp_path / "page.txt", strict)
    events = list(read_source(Source(path, path.name), SiteProfile()))
    assert [e.text for e in events if isinstance(e, Document)] == ["Strict text."]


def reason(path: Path) -> str:
    (problem,) = (
        e
        for e in read_source(Source(path, path.name), SiteProfile())
        if not hasattr(e, "chosen_by")
    )
    assert isinstance(problem, Problem)
    return problem.reason


def test_what_can_not_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    zipped(path, {**word_parts(""), "word/document.xml": "no XML"})
    assert reason(path).startswith("a part is not XML: word/document.xml")
    zipped(path, word_parts(paragraph(" ")))
    assert reason(path) == "the document holds no text"
    zipped(path, {"[Content_Types].xml": "<Types/>", "other.xml": "<x/>"})
    assert "no reader for" in reason(path)
    whole = zipped(path, word_parts(paragraph("Text."))).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "broken or truncated ZIP" in reason(path)


def test_bombs_are_refused_and_entities_are_never_expanded(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    padding = b" " * (11 << 20)
    zipped(path, {**word_parts(""), "word/document.xml": b"<x>" + padding + b"</x>"})
    assert "more than 200 times its size" in reason(path)
    bomb = (
        '<!DOCTYPE w:document [<!ENTITY a "ha"><!ENTITY b "&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        f"<w:document {NAMES}><w:body>{paragraph('Before &b;&f; after.')}</w:body></w:document>"
    )
    zipped(path, {**word_parts(""), "word/document.xml": bomb})
    (raw,) = docx.READER.read(Source(path, path.name), SiteProfile())
    assert isinstance(raw, RawDocument)
    assert "ha" not in raw.sections[0].text
    assert "root" not in raw.sections[0].text
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_001):
            archive.writestr(f"word/document{number}.xml", "")
    assert "more than 10,000 entries" in reason(path)


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ("EncryptedPackage", "password-protected"),
        ("WordDocument", "no reader for Word 97-2003 (.doc); save it as .docx"),
        ("PowerPoint Document", "save it as .pptx"),
        ("Workbook", "save it as .xlsx"),
        ("Other", "no reader for this kind of OLE file"),
    ],
)
def test_old_and_encrypted_office_files_are_named(tmp_path: Path, stream: str, said: str) -> None:
    path = tmp_path / "file.docx"
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path.write_bytes(magic + bytes(504) + stream.encode("utf-16-le") + bytes(600))
    assert said in reason(path)
