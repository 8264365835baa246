"""Text in other encodings than UTF-8 is read, and the encoding is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundedqa.read import Event, Notice, SiteProfile, Source, read_source
from groundedqa.types import Document

WESTERN = "Die Straße über den Fluß wurde im Jahr 1848 geöffnet – „so“ steht es in der Chronik."
CASES = [
    ("Windows-1252", WESTERN),
    ("Windows-1252", "El niño comió en España por la mañana con su señor padre y más."),
    ("Windows-1251", "Что такое фотосинтез? Это процесс, при котором растения дают энергию."),
    ("KOI8-R", "Что такое фотосинтез? Это процесс, при котором растения дают энергию."),
    ("Windows-1250", "Zażółć gęślą jaźń. W roku 1848 w Krakowie wybuchło powstanie przeciwko."),
    ("CP932", "光合成とは、植物が光エネルギーを使って二酸化炭素と水から糖を作る過程である。"),
    ("GB18030", "光合作用是植物利用光能将二氧化碳和水转化为糖的过程。这是生命的基础。"),
    ("CP949", "광합성은 식물이 빛 에너지를 이용하여 이산화탄소와 물로 당을 만드는 과정이다."),
    ("Windows-1256", "البناء الضوئي هو العملية التي تحول بها النباتات الضوء إلى طاقة كيميائية."),
    ("UTF-16", WESTERN),
]


def events(folder: Path, name: str, data: bytes) -> list[Event]:
    (folder / name).write_bytes(data)
    return list(read_source(Source(folder / name, name), SiteProfile()))


@pytest.mark.parametrize("name", ["page.md", "page.txt"])
@pytest.mark.parametrize(("encoding", "text"), CASES)
def test_text_in_another_encoding_is_read_and_its_name_is_told(
    tmp_path: Path, name: str, encoding: str, text: str
) -> None:
    title = "# A page\n\n" if name == "page.md" else "A page\n\n"
    found = events(tmp_path, name, (title + text).encode(encoding))
    (document,) = (event for event in found if isinstance(event, Document))
    (notice,) = (event for event in found if isinstance(event, Notice))
    assert (document.title, document.text) == ("A page", text)
    assert notice.text.startswith(f"read as {encoding}, ")


def test_utf8_with_or_without_a_mark_is_nothing_to_tell(tmp_path: Path) -> None:
    for data in (WESTERN.encode(), WESTERN.encode("utf-8-sig")):
        found = events(tmp_path, "page.md", data)
        assert [event.text for event in found if isinstance(event, Document)] == [WESTERN]
        assert not any(isinstance(event, Notice) for event in found)
