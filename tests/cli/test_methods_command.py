"""The command `acetate methods`."""

from dataclasses import fields

import pytest
from click.testing import CliRunner

from acetate.cli import app
from acetate.segment import METHODS


def run(*arguments):
    return CliRunner().invoke(app, ["methods", *arguments])


def test_all_methods_are_listed_with_a_line_each():
    listed = run().output
    starts = [line.split()[0] for line in listed.splitlines() if not line.startswith(" ")]
    assert starts == list(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_explained_with_its_options(name):
    found = run(name)
    assert found.exit_code == 0
    for parameter in (each.name for each in fields(METHODS[name])):
        assert f"--{parameter.replace('_', '-')}" in found.output


def test_whole_numbers_stay_whole_where_nothing_is_the_default():
    assert "--dilations N" in run("hysteresis").output


def test_an_unknown_method_is_refused_with_the_nearest():
    found = run("heatflow")
    assert found.exit_code == 2
    assert "'heat-flow'" in found.output
