"""Archives and XML files gone wrong: small whole ones, changed in their bytes."""

from __future__ import annotations

import io
import random
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from groundedqa.read import Problem, Source
from groundedqa.read.archives import ArchiveBounds, expanded

_FILES = {"a.md": b"# A\n\nAnts dig.", "b/c.txt": b"Bees.\n\nThey fly.", "d.jsonl": b"{}\n" * 9}
_BOUNDS = ArchiveBounds(free=1 << 20, member=1 << 20, size=4 << 20, members=50)
_SPLINTERS = (
    *(b"", b"\x00" * 20, b"\xff" * 8, b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"ustar"),
    *(b"../", b"/etc/", b"7" * 12, b"\x80" + b"\xff" * 7, b"././@LongLink", b"L", b"x", b"g"),
)
_XML_SPLINTERS = (
    *(b"", b"<", b"</para>", b"]]>", b"<![CDATA[", b"<!--", b"&x;", b"\x00", b"\xff\xfe"),
    *(b"<m:math>", b'<!DOCTYPE a [<!ENTITY x "y">]>', b"<row ", b' Id="-1"', b"</row>", b"\n"),
    "é\u2028".encode(),
)
XML = (
    '<document xmlns="http://cnx.rice.edu/cnxml" id="m1"><title>Ants</title><content>'
    '<section id="s"><title>Digging</title><para id="p">Ants dig <term>tunnels</term>.</para>'
    '<list><item>one</item></list><equation><m:math xmlns:m="http://www.w3.org/1998/Math/MathML">'
    "<m:mi>x</m:mi></m:math></equation></section></content></document>",
    '<?xml version="1.0" encoding="utf-8"?>\n<posts>\n'
    '  <row Id="1" PostTypeId="1" AcceptedAnswerId="2" Title="Why?" Body="&lt;p&gt;So?&lt;/p&gt;" '
    'CreationDate="2020-01-02T00:00:00" Score="3" Tags="|a|b|" />\n'
    '  <row Id="2" PostTypeId="2" ParentId="1" Body="&lt;p&gt;Because $x$.&lt;/p&gt;" '
    'CreationDate="2020-01-03T00:00:00" Score="5" OwnerUserId="7" />\n</posts>\n',
    '<?xml version="1.0"?><quiz><question type="shortanswer"><name><text>Ants</text></name>'
    '<questiontext format="html"><text><![CDATA[<p>What do ants dig?</p>]]></text></questiontext>'
    '<answer fraction="100"><text>Tunnels</text></answer></question></quiz>',
)


def mutated_archives(seed: int, count: int) -> Iterator[bytes]:
    """``count`` archives of several kinds; the same for the same seed."""
    rng = random.Random(seed)
    whole = [_zip(zipfile.ZIP_STORED), _zip(zipfile.ZIP_DEFLATED), _tar("w:"), _tar("w:gz")]
    for _ in range(count):
        yield _mutated(rng, rng.choice(whole), _SPLINTERS, 4)


def mutated_xml(seed: int, count: int) -> Iterator[bytes]:
    """``count`` files of XML of the kinds that have readers."""
    rng = random.Random(seed)
    for _ in range(count):
        yield _mutated(rng, rng.choice(XML).encode(), _XML_SPLINTERS, 2)


def check_archive(folder: Path, data: bytes) -> int:
    """Unpack an archive and assert that nothing came of it but files within bounds; how many."""
    path = folder / "x.bin"
    path.write_bytes(data)
    with TemporaryDirectory(dir=folder) as name:
        scratch = Path(name)
        sources = list(expanded([Source(path, "x.bin")], scratch, _BOUNDS))
        assert all(each.reason for each in sources if isinstance(each, Problem))
        found = [each for each in sources if isinstance(each, Source) and each.temporary]
        for each in found:
            assert each.path.resolve().is_relative_to(scratch.resolve())
            assert each.path.stat().st_size <= 1 << 20
            assert not each.path.is_symlink()
    return len(found)


def _mutated(rng: random.Random, data: bytes, splinters: tuple[bytes, ...], most: int) -> bytes:
    for _ in range(rng.randint(1, most)):
        at = rng.randint(0, len(data))
        if rng.random() < 0.5:
            data = data[:at] + bytes([rng.randint(0, 255)]) + data[at + 1 :]
        else:
            upto = min(len(data), at + rng.choice((0, 0, 1, 8, 60)))
            data = data[:at] + rng.choice(splinters) + data[upto:]
    return data


def _zip(compression: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in _FILES.items():
            archive.writestr(name, data)
    return made.getvalue()


def _tar(mode: str) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz" if mode == "w:gz" else "w") as archive:
        for name, data in _FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()
