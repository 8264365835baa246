"""``python -m groundedqa`` is the command ``groundedqa``."""

from groundedqa.cli.main import app

app(prog_name="groundedqa")
