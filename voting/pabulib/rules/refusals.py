"""Everything that makes a file unreadable: one sentence each, with the line and what is wrong."""

from voting.errors import Refusal

_SHOWN = 40


def shown(text: str) -> str:
    """Return a piece of somebody else's file as it may stand inside one line of ours."""
    if not text:
        return "（空）"
    cut = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "".join(char if char.isprintable() else "·" for char in cut)


class DamagedFile(Refusal):
    """The file cannot be counted as it stands; ``line`` is where its reader must look."""

    msgid = "第 %(line)d 行：内容有误。"

    def __init__(self, line: int, **values: str | int) -> None:
        safe = {name: shown(v) if isinstance(v, str) else v for name, v in values.items()}
        super().__init__(field=None, line=line, **safe)


class EmptyFile(DamagedFile):
    """There is nothing in it."""

    msgid = "第 %(line)d 行：文件是空的。"


class FileTooLong(DamagedFile):
    """The file is longer than any election could be."""

    msgid = "第 %(line)d 行：文件太大，最多 %(megabytes)d MB、%(lines)d 行。"


class LineTooLong(DamagedFile):
    """One line is longer than any record could be."""

    msgid = "第 %(line)d 行：这一行太长，最多 %(bytes)d 字节。"


class CellTooLong(DamagedFile):
    """One cell is longer than any value could be; often a quotation mark is missing."""

    msgid = "第 %(line)d 行：有一格太长，可能是引号没有成对。"


class NotUtf8(DamagedFile):
    """The bytes are no UTF-8."""

    msgid = "第 %(line)d 行：不是 UTF-8 编码。"


class NulCharacter(DamagedFile):
    """A NUL character: no text file."""

    msgid = "第 %(line)d 行：含有空字符（NUL），不是文本文件。"


class OpenQuote(DamagedFile):
    """A quotation mark opens a cell and nothing closes it."""

    msgid = "第 %(line)d 行：引号没有成对。"


class BadLineEnd(DamagedFile):
    """A carriage return in the middle of a line."""

    msgid = "第 %(line)d 行：换行符不对，行尾应当是 LF 或 CRLF。"


class NoSectionYet(DamagedFile):
    """A row before any of the three titles."""

    msgid = "第 %(line)d 行：开头应当是 META，这里是 %(text)s。"


class RepeatedSection(DamagedFile):
    """A title for the second time."""

    msgid = "第 %(line)d 行：%(section)s 部分重复出现。"


class MissingSection(DamagedFile):
    """The file ends without one of its sections."""

    msgid = "第 %(line)d 行：文件到此结束，没有 %(section)s 部分。"


class MissingTitle(DamagedFile):
    """The header of a section stands there without the section's title above it."""

    msgid = "第 %(line)d 行：这是 %(section)s 部分的表头，上一行应当是 %(section)s。"


class MissingHeader(DamagedFile):
    """The file ends, or META begins, without the row that names the columns."""

    msgid = "第 %(line)d 行：%(section)s 部分没有表头，应当是 %(header)s。"


class MissingColumn(DamagedFile):
    """A column without which nothing can be counted."""

    msgid = "第 %(line)d 行：%(section)s 部分缺少 %(column)s 列。"


class RepeatedColumn(DamagedFile):
    """Two columns of the same name."""

    msgid = "第 %(line)d 行：%(section)s 部分的 %(column)s 列重复。"


class TooManyCells(DamagedFile):
    """More cells than the header names."""

    msgid = "第 %(line)d 行：有 %(cells)d 格，表头只有 %(columns)d 列。"


class MissingCell(DamagedFile):
    """The row ends before a cell that it must have."""

    msgid = "第 %(line)d 行：缺少 %(column)s 一格，这一行不完整。"


class RepeatedKey(DamagedFile):
    """A META key for the second time."""

    msgid = "第 %(line)d 行：META 的 %(key)s 重复，第 %(first)d 行已经有了。"


class MissingKey(DamagedFile):
    """META lacks what the count needs; the line is the title of META."""

    msgid = "第 %(line)d 行：META 部分没有 %(key)s。"


class UnknownVoteType(DamagedFile):
    """A kind of ballot that we do not count."""

    msgid = "第 %(line)d 行：不能计 vote_type 为 %(text)s 的选票。"


class NotANumber(DamagedFile):
    """A figure that is not written as a plain decimal number."""

    msgid = "第 %(line)d 行：%(column)s 不是数字：%(text)s。"


class NegativeNumber(DamagedFile):
    """A figure below zero."""

    msgid = "第 %(line)d 行：%(column)s 不能小于零：%(text)s。"


class NumberTooLong(DamagedFile):
    """A figure with more digits than any money has."""

    msgid = "第 %(line)d 行：%(column)s 的数字太大或太长：%(text)s。"


class NoProjects(DamagedFile):
    """PROJECTS holds no project."""

    msgid = "第 %(line)d 行：PROJECTS 部分没有项目。"


class EmptyId(DamagedFile):
    """A project without an id."""

    msgid = "第 %(line)d 行：项目编号是空的。"


class IdWithComma(DamagedFile):
    """An id that no ballot could name, because ballots separate ids by commas."""

    msgid = "第 %(line)d 行：项目编号 %(project)s 含有逗号，选票无法写明。"


class RepeatedProject(DamagedFile):
    """Two projects with the same id."""

    msgid = "第 %(line)d 行：项目编号 %(project)s 重复，第 %(first)d 行已经有了。"


class UnknownProject(DamagedFile):
    """A ballot names a project that the file does not list."""

    msgid = "第 %(line)d 行：选票里的 %(project)s 不在项目表中。"


class EmptyChoice(DamagedFile):
    """Two commas in a row, or one at the end: something is missing between points and projects."""

    msgid = "第 %(line)d 行：选票里有空的项目编号。"


class PointsDoNotMatch(DamagedFile):
    """As many points as projects are needed."""

    msgid = "第 %(line)d 行：选了 %(choices)d 项，却有 %(points)d 个分数。"
