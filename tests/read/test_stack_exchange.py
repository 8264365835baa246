r"""Dumps of Stack Exchange: questions with their answers, whom they are owed to, and bad rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import escape
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.ground.attribution import attribution_of
from groundedqa.read import Event, Notice, Opened, Problem, SiteProfile, Source
from groundedqa.read.source import read_source
from groundedqa.read.stack_posts import Posts
from groundedqa.types import Document

SITE = SiteProfile.model_validate({"stack_exchange": {"site": "https://history.stackexchange.com"}})


def row(**fields: object) -> str:
    return "  <row " + " ".join(f'{k}="{escape(str(v))}"' for k, v in fields.items()) + " />"


def dump(name: str, *rows: str) -> str:
    return f'\ufeff<?xml version="1.0" encoding="utf-8"?>\n<{name}>\n' + "\n".join(
        (*rows, f"</{name}>\n")
    )


def question(number: int, body: str = "<p>Why?</p>", **fields: object) -> str:
    said = {"CreationDate": "2019-03-01T10:00:00.000", "Title": f"Why is it {number}?", **fields}
    return row(Id=number, PostTypeId=1, Score=4, Body=body, OwnerUserId=7, **said)


def answer(number: int, to: int, score: int, body: str, **fields: object) -> str:
    return row(Id=number, PostTypeId=2, ParentId=to, Score=score, Body=body, **fields)


def events(folder: Path, posts: str, profile: SiteProfile = SITE, users: str = "") -> list[Event]:
    (folder / "Posts.xml").write_text(posts, encoding="utf-8")
    if users:
        (folder / "Users.xml").write_text(users, encoding="utf-8")
    return list(read_source(Source(folder / "Posts.xml", "Posts.xml"), profile))


def documents(found: list[Event]) -> list[Document]:
    return [event for event in found if isinstance(event, Document)]


USERS = dump("users", row(Id=-1, DisplayName="Community"), row(Id=7, DisplayName="Ada & Co"))
POSTS = dump(
    "posts",
    question(1, AcceptedAnswerId=11, Tags="<rome><trade-routes>", ContentLicense="CC BY-SA 4.0"),
    answer(10, 1, 9, "<p>Because of <b>ships</b>.</p><ul><li>grain</li></ul>", OwnerUserId=8),
    answer(11, 1, 2, "<p>Since $v^2$ costs $5 and $10.</p>", OwnerUserId=7),
    answer(12, 1, 2, "<h2>Roads</h2><p>They met.</p>", OwnerDisplayName="user99"),
    question(2, CreationDate="2012-01-02T10:00:00"),
    question(3, CreationDate="2011-01-02T10:00:00"),
    answer(13, 3, -1, "<p>No.</p>", OwnerUserId=-1),
    answer(14, 99, 1, "<p>To nobody.</p>"),
    row(Id=15, PostTypeId=5, Body="A tag's wiki."),
)


def test_a_question_and_its_answers_are_a_document_the_accepted_one_first(tmp_path: Path) -> None:
    first, third = documents(events(tmp_path, POSTS, users=USERS))
    assert (first.doc_id, first.kind) == ("history.stackexchange.com-1", "qa")
    assert first.title == "Why is it 1?"
    assert first.url == "https://history.stackexchange.com/questions/1"
    assert (first.published, first.licence) == (date(2019, 3, 1), "CC BY-SA 4.0")
    assert (first.tags, first.publisher) == (("rome", "trade-routes"), "History Stack Exchange")
    assert first.text == (
        "Why?\n\nSince \\(v^2\\) costs $5 and $10.\n\nBecause of ships.\n\n- grain\n\nThey met."
    )
    said = [(s.heading, s.author, s.votes, s.accepted) for s in first.sections]
    assert said == [
        ("Question", "Ada & Co", 4, False),
        ("Expert Answers", "Ada & Co", 2, True),
        *[("Expert Answers", None, 9, False), ("Expert Answers", "user99", 2, False)],
        ("Roads", None, None, False),
    ]
    profile = "https://history.stackexchange.com/users/7"
    assert first.sections[1].author_url == profile
    assert attribution_of(first, first.sections[1]).text == (
        f"“Why is it 1?” ({first.url}) by Ada & Co ({profile}), History Stack Exchange,"
        " CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/)"
    )
    # The licence of its day, and the site's own robot has no profile.
    assert (third.licence, third.sections[1].author_url) == ("CC BY-SA 2.5", None)
    assert third.sections[1].author == "Community"


def test_what_is_left_out_is_counted_once(tmp_path: Path) -> None:
    notices = [e.text for e in events(tmp_path, POSTS, SiteProfile()) if isinstance(e, Notice)]
    assert notices[:3] == [
        "1 questions have no answer and were left out",
        "1 answers belong to no question of the file and were left out",
        "no Users.xml beside it: authors have no names",
    ]
    assert "[stack_exchange] site = " in notices[3]


def test_the_site_is_known_from_its_folder_and_the_rest_of_a_dump_is_no_failure(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "math.stackexchange.com"
    folder.mkdir()
    found = documents(events(folder, POSTS, SiteProfile(), USERS))
    assert found[0].url == "https://math.stackexchange.com/questions/1"
    assert found[0].publisher == "Mathematics Stack Exchange"
    for name in ("users", "badges", "comments", "posthistory", "postlinks", "tags", "votes"):
        (folder / "x.xml").write_text(dump(name, row(Id=1)), encoding="utf-8")
        read = list(read_source(Source(folder / "x.xml", "x.xml"), SITE))
        assert read == [Opened("x.xml", "part of a stack exchange dump", "content")]


def test_a_bad_row_costs_itself_and_a_cut_off_file_keeps_what_stands_before(tmp_path: Path) -> None:
    bad = ['  <row Id="20" PostTypeId="1" Body="a < b" />', row(PostTypeId=2, ParentId=1)]
    whole = dump("posts", question(1), *bad, answer(10, 1, 9, "<p>Yes.</p>"))
    for cut in (whole, whole[: whole.index("</posts>") - 1]):
        found = events(tmp_path, cut)
        assert [d.text for d in documents(found)] == ["Why?\n\nYes."]
        problems = [e for e in found if isinstance(e, Problem)]
        assert [p.place for p in problems[:2]] == ["line 4", "line 5"]
        assert problems[0].reason.startswith("the row can't be read: ")
        assert ("cut off" in problems[-1].reason) == (cut is not whole)


def test_rows_need_no_lines_of_their_own(tmp_path: Path) -> None:
    posts = POSTS.replace("\n", "").replace(" Score", "\n Score").replace(" />", "></row>")
    assert documents(events(tmp_path, posts, users=USERS)) == [
        replace(d, source_sha256=mine.source_sha256)
        for d, mine in zip(
            documents(events(tmp_path, POSTS)), documents(events(tmp_path, posts)), strict=True
        )
    ]


@pytest.mark.parametrize(
    ("posts", "reason"),
    [
        (dump("posts", question(1)), "it holds no question that has an answer"),
        (dump("posts"), "it holds no question that has an answer"),
        (
            '<!DOCTYPE posts [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + POSTS.split("?>\n")[1],
            "declares entities",
        ),
    ],
)
def test_a_dump_without_anything_to_cite_is_named(tmp_path: Path, posts: str, reason: str) -> None:
    problems = [e for e in events(tmp_path, posts) if isinstance(e, Problem)]
    assert problems[0].reason.startswith(reason)


def test_xml_of_another_kind_is_called_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text('<?xml version="1.0"?><rss><channel/></rss>', encoding="utf-8")
    _, problem = read_source(Source(tmp_path / "a.xml", "a.xml"), SITE)
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("no reader for XML of this kind: <rss>; there are ")


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(-3, 3)), max_size=12),
    st.lists(st.integers(100, 112), min_size=6, max_size=6),
)
def test_every_answer_to_a_question_of_the_file_stands_with_it_once_best_first(
    tmp_path_factory: pytest.TempPathFactory, given: list[tuple[int, int]], accepted: list[int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "Posts.xml"
    asked = [question(n, AcceptedAnswerId=accepted[n - 1]) for n in range(1, 6)]
    rows = [answer(100 + n, to, score, "x") for n, (to, score) in enumerate(given)]
    path.write_text(dump("posts", *asked, *rows), encoding="utf-8")
    posts = Posts()
    data = path.read_bytes()
    assert list(posts.read(BytesIO(data))) == []
    found = {}
    for thread in posts.threads():
        ids = [
            int(data[at:].split(b'Id="', 1)[1].split(b'"')[0])
            for at in (thread.question, *thread.answers)
        ]
        found[ids[0]] = ids[1:]
    for number in range(1, 6):
        mine = [100 + n for n, (to, _) in enumerate(given) if to == number]
        mine.sort(key=lambda n: (n != accepted[number - 1], -given[n - 100][1], n))
        assert found.get(number, []) == mine
    assert posts.orphans == sum(to == 6 for to, _ in given)
    assert posts.unanswered == 5 - len(found)
