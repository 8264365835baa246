"""What many tests need, made once: a tiny model, small corpora, the sample corpus's index."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from coverage import Coverage

from groundedqa.build import BuildResult, BuildSettings, build
from groundedqa.errors import BuildLockedError
from groundedqa.snapshot import Collection
from tests.support.processes import Service
from tests.support.running import rain_service
from tests.support.tiny_model import exported, tiny

ROOT = Path(__file__).parent.parent

BuildTiny = Callable[..., BuildResult]


@pytest.fixture(scope="session")
def tiny_model() -> Path:
    """A folder with a tiny model in sentence-transformers' form."""
    return tiny()


@pytest.fixture(scope="session")
def tiny_encoders(tiny_model: Path) -> Path:
    """The tiny model exported once, as the folder ``index/encoders``."""
    return exported(tiny_model)


@pytest.fixture
def collection(tmp_path: Path, tiny_encoders: Path) -> Collection:
    """An empty collection beside the exported tiny model."""
    index = tmp_path / "index"
    shutil.copytree(tiny_encoders, index / "encoders")
    return Collection(index)


def write_corpus(folder: Path) -> Path:
    """Make a folder with three small pages: one of each form."""
    folder.mkdir()
    (folder / "tides.txt").write_text(
        "Why are there two tides a day?\n\nExpert Answers\n"
        "seafarer9 Sandbar educator| Certified Educator\n\n"
        "The Moon pulls the near side of the Earth more than its centre, and the centre more than "
        "the far side. So water heaps up on both sides.\n\n"
        "The Earth turns below the two heaps once a day, and a coast meets each of them.\n\n"
        "Start Free Trial\nAsk a Question\n",
        encoding="utf-8",
    )
    (folder / "clouds.md").write_text(
        "---\ntitle: Clouds\nkind: guide\ntags: [weather]\nlicence: CC BY 4.0\n"
        "published: 2026-01-02\nauthor: The editors\n---\n\nClouds are droplets of water.\n\n"
        "## How they form\n\nAir that rises cools. Its vapour condenses on dust.\n\n"
        "### At night\n\nThe ground cools first, and fog forms over it.\n",
        encoding="utf-8",
    )
    (folder / "more.jsonl").write_text(
        '{"_id": "rain", "title": "Rain", "text": "Drops fall once they are heavy enough."}\n'
        '{"_id": "snow", "title": "Snow", "text": "Snow is ice that grew from vapour.", '
        '"tags": ["weather", "winter"], "language": "en"}\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of one's own with three small pages."""
    return write_corpus(tmp_path / "corpus")


@pytest.fixture(scope="session")
def untouched(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, tiny_encoders: Path
) -> Collection:
    """The small corpus, built and published once; whoever changes something copies it."""
    home = tmp_path_factory.mktemp("untouched")
    shutil.copytree(tiny_encoders, home / "index" / "encoders")
    built = Collection(home / "index")
    settings = BuildSettings(model=str(tiny_model), passage_tokens=48, tunes=False)
    build(write_corpus(home / "corpus"), built, settings)
    return built


@pytest.fixture
def build_tiny(collection: Collection, corpus: Path, tiny_model: Path) -> BuildTiny:
    """Build ``corpus`` into ``collection`` with the tiny model; flags as for ``build``."""

    def run(*, publishes: bool = True, strict: bool = False) -> BuildResult:
        settings = BuildSettings(model=str(tiny_model), passage_tokens=48, tunes=False)
        return build(corpus, collection, settings, publishes=publishes, strict=strict)

    return run


@pytest.fixture(scope="session")
def sample(pytestconfig: pytest.Config) -> Collection:
    """The sample corpus with the real encoder; kept between runs, for its inputs address it."""
    collection = Collection(pytestconfig.rootpath / ".pytest_cache" / "sample-index")
    while True:
        try:
            build(ROOT / "corpus", collection, BuildSettings())
        except BuildLockedError:  # another worker of this run is building it
            time.sleep(0.2)
        else:
            return collection


@pytest.fixture(scope="session")
def rain(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, tiny_encoders: Path
) -> Iterator[Service]:
    """A running service of its own process with one page, on rain."""
    with rain_service(tmp_path_factory.mktemp("rain"), tiny_model, tiny_encoders) as running:
        yield running


def pytest_configure(config: pytest.Config) -> None:
    """Measure the coverage of the workers, and not of what they start: that takes twice as long."""
    if hasattr(config, "workerinput"):
        _measure_no_child()


def _measure_no_child() -> None:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test that is marked ``unmeasured`` runs without coverage."""
    measuring = Coverage.current() if item.get_closest_marker("unmeasured") else None
    if measuring is None:
        yield
        return
    measuring.stop()
    try:
        yield
    finally:
        measuring.start()
        _measure_no_child()  # starting asks for it again


# Files that take long, in the order in which the workers shall take them: at the end of a run
# there are only short ones left, and no worker waits long for the other.
LONG = (
    *("server/test_links.py", "test_cli.py", "test_full_disk.py", "read/test_bounded.py"),
    *("server/test_reload.py", "test_encode.py", "test_build.py", "test_killed.py"),
    *("test_rerank.py", "test_ranking.py", "server/test_browser.py", "server/test_openapi.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, each in its own order."""
    places = {ROOT / "tests" / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))
