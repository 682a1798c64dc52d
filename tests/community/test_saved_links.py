"""A copied link says its rules and its needed memory; opened later it tells what became of them."""

import re

import pytest

from community.calculator.form import RULES
from community.calculator.sharing.rules import CHANGES
from community.sizing.size import RULES_VERSION

from .test_calculator import PAGE, form_of, result_of


def test_the_newest_change_of_the_rules_is_the_rules_version():
    versions = [version for version, _words in CHANGES]
    assert versions[0] == RULES_VERSION
    assert versions == sorted(set(versions), reverse=True)
    assert all(re.fullmatch(RULES, version) for version in versions)


def test_a_copied_link_says_rules_and_needed_memory():
    result = result_of("requests=2")
    assert result.link_query == f"{result.query}&rules={RULES_VERSION}&needed={result.needed / 2**30:.2f}"
    saved = form_of(result.link_query)
    assert saved.query == result.query
    assert not saved.saved.differs and not saved.saved.older
    assert "needed" not in result_of("engine=tgi").link_query  # nothing is known there


@pytest.mark.parametrize(
    ("query", "said", "not_said"),
    [
        ("rules={rules}&needed={now}", "저장할 때와 같은 결과예요.", "계산 규칙 {rules} →"),
        ("rules={rules}&needed=18.00", "저장할 때 18.00 GiB, 지금 {now} GiB", "→ {rules}"),
        ("rules=2026-01-01&needed=18.00", "계산 규칙 2026-01-01 → {rules}", "그대로예요"),
        ("rules=2026-01-01&needed={now}", "이 결과는 그대로예요.", "저장할 때 {now}"),
        ("rules=2026-01-01&needed=18&unit=GB", "저장할 때 19.33 GB, 지금", "GiB"),
        ("engine=tgi&needed=18", "저장할 때 18.00 GiB, 지금 알 수 없음", "→"),
        ("rules=x", "2026-11-20처럼 날짜로 적어 주세요.", "표시한 칸"),
        ("needed=x", "GiB 수로 적어 주세요.", "표시한 칸"),
        ("needed=-1", "GiB 수로 적어 주세요.", "표시한 칸"),
        ("needed=1e999", "GiB 수로 적어 주세요.", "표시한 칸"),
        ("needed=NaN", "GiB 수로 적어 주세요.", "표시한 칸"),
        ("", "들어가요", 'id="saved"'),
    ],
)
def test_a_saved_link_tells_what_became_of_it(client, query, said, not_said):
    values = {"rules": RULES_VERSION, "now": f"{result_of('').needed / 2**30:.2f}"}
    response = client.get(f"{PAGE}?{query.format(**values)}")
    text = response.content.decode().replace("\u00a0", " ")
    notice = text[text.index('class="answers"') : text.index('id="results"')]
    assert said.format(**values) in text
    assert not_said.format(**values) not in notice
    assert 'id="verdict"' in text  # whatever the link says of its moment, the result stands
