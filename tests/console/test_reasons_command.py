"""``tingjian reasons`` and the summary in ``tingjian show``, called as a person calls them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any


def test_list_counts_what_is_sorted(tingjian: Any, ran: Path) -> None:
    answer = tingjian("--centre", ran, "reasons", "list")
    assert answer.status == 0
    assert "Return or exchange" in answer.out
    rows = json.loads(tingjian("--centre", ran, "reasons", "list", "--json").out)
    assert {row["dimension"] for row in rows} >= {"reason", "resolution"}


def test_check_copy_and_check_again(tingjian: Any, ran: Path, tmp_path: Path) -> None:
    here = Path(shutil.copytree(ran, tmp_path / "centre"))
    assert "can be used" in tingjian("--centre", here, "reasons", "check").folded
    assert tingjian("--centre", here, "reasons", "copy").status == 0
    assert tingjian("--centre", here, "reasons", "copy").status == 2
    own = here / "taxonomy.yaml"
    own.write_text(own.read_text("utf-8").replace("id: leak", "id: Leak", 1), "utf-8")
    answer = tingjian("--centre", here, "reasons", "check")
    assert (answer.status, "reason[1].id" in answer.err) == (1, True)


def test_try_says_what_decided(tingjian: Any, ran: Path) -> None:
    answer = tingjian("--centre", ran, "--lang", "zh", "reasons", "try", "我家空调漏水了")
    assert "漏水（67 %）" in answer.out
    assert "漏水：“漏水”" in answer.out


def test_unsorted_tells_groups(tingjian: Any, ran: Path) -> None:
    answer = tingjian("--centre", ran, "reasons", "unsorted", "--least", "2")
    assert answer.status == 0
    assert "are unsorted" in answer.out
    told = json.loads(tingjian("--centre", ran, "reasons", "unsorted", "--json").out)
    assert told["groups"] == []


def test_show_has_a_summary_whose_lines_are_utterances(tingjian: Any, ran: Path) -> None:
    assert "Summary" in tingjian("--centre", ran, "show", "chat-angry").out
    told = json.loads(tingjian("--centre", ran, "show", "chat-angry", "--json").out)
    texts = {one["seq"]: one["text"] for one in told["utterances"]}
    assert told["summary"]
    assert all(line["text"] in texts[line["utterance_seq"]] for line in told["summary"])
