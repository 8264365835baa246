"""What many tests need, made once: a tiny model, small corpora, the sample corpus's index."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with three small pages: one of each form."""
    folder = tmp_path / "corpus"
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
