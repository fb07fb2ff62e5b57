"""Whatever is sent to any route, in whatever shape: an answer, and never a 500."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from console.web.app import application
from tests.console.web.conftest import sign_in

EXAMPLES = 6


def schema(webcentre) -> schemathesis.schemas.BaseSchema:
    return schemathesis.openapi.from_dict(application(webcentre.desk).openapi())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lead", "a1"])
def test_generated_requests_never_fail(webcentre, name: str) -> None:
    signed = sign_in(webcentre, name)
    asked = 0
    for found in schema(webcentre).get_all_operations():
        operation = found.ok()
        if operation.path == "/sign-out":
            continue

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def tried(case) -> None:
            nonlocal asked
            asked += 1
            fields = {"csrf": signed.csrf, "id": str(case.query), "note": str(case.query)}
            answer = signed.client.request(
                case.method, case.formatted_path, params=dict(case.query or {}),
                data=fields if case.method == "POST" else None,
            )  # fmt: skip
            assert answer.status_code < 500, (case.method, case.path, case.query)

        given(operation.as_strategy())(tried)()
    assert asked > 100
    signed.client.close()
