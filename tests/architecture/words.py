"""The words of the glossary, and those that must not stand in for them (docs/1_glossary.md)."""

import ast
import re
from collections.abc import Iterator

from jinja2 import nodes

from tests.architecture.sources import Source
from tests.architecture.template_rules import parse

# What is wrong, and what to write instead.
INSTEAD = {
    "提案": "建议",
    "候选提案": "候选项目",
    "选票卡": "投票卡",
    "投票券": "投票卡",
    "令牌": "投票卡",
    "花名册": "名册",
    "校验码": "验证码",
    "中标": "入选",
    "获胜": "入选",
    "落选": "未入选",
    "居民会议决议": "票决结果",
    "全民公投": "票决",
    "未投票": "未领",
    "区块链": "公开账本",
    "用户名": "账号",
    "用户": "居民, 工作人员",
    "登陆": "登录",
    "帐号": "账号",
    "帐户": "账户",
}
# Only who checks the count needs these; elsewhere they frighten.
TECHNICAL = ("哈希", "默克尔", "散列")
CHECKING = ("ledger", "bundle", "receipts")

_CHINESE = re.compile(r"[\u3400-\u9fff]")


def strings(source: Source) -> Iterator[tuple[int, str]]:
    """Yield line and text of everything a person may read."""
    if source.name.endswith(".py"):
        yield from _python_strings(source.tree)
        return
    tree = parse(source)
    yield from ((data.lineno, data.data) for data in tree.find_all(nodes.TemplateData))
    yield from (
        (const.lineno, const.value)
        for const in tree.find_all(nodes.Const)
        if isinstance(const.value, str)
    )


def _python_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    # A docstring is for developers.
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.lineno, node.value


def synonyms(sources: list[Source]) -> list[str]:
    """Find words that the glossary has another word for."""
    return [
        f"{source.name}:{line}: {wrong}, in the glossary {right}"
        for source in sources
        for line, text in strings(source)
        if _CHINESE.search(text)
        for wrong, right in INSTEAD.items()
        if wrong in text
    ]


def technical(sources: list[Source]) -> list[str]:
    """Find words of cryptography on pages where nobody asked for them."""
    return [
        f"{source.name}:{line}: {word}"
        for source in sources
        if not set(CHECKING) & set(source.path.parts)
        for line, text in strings(source)
        for word in TECHNICAL
        if word in text
    ]
