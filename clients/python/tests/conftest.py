"""A server for all tests that ask for one: PROMISED_BIN, or `promised` on the PATH."""

import pathlib

import pytest

from promised.testing import Server

TINY = str(pathlib.Path(__file__).resolve().parents[3] / "snapshots/tiny")


@pytest.fixture()
def server():
    with Server(TINY) as started:
        yield started


@pytest.fixture()
def client(server):
    with server.client() as made:
        yield made
