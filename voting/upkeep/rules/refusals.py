"""Why there is no backup, or why it was not restored; each sentence says what to do."""

from voting.errors import Refusal


class FileExists(Refusal):
    """Something has this name already."""

    msgid = "%(name)s 已经存在，不覆盖。请换一个文件名。"


class NoSuchFile(Refusal):
    """There is nothing to restore."""

    msgid = "找不到 %(name)s。请核对文件名。"


class CannotWrite(Refusal):
    """The disk refuses."""

    msgid = "写不进 %(name)s：%(why)s。请换一个地方，或腾出空间再试。"


class TablesOutOfDate(Refusal):
    """The tables are not those of this program."""

    msgid = (
        "数据库的版本（%(found)s）和程序的版本（%(wanted)s）不一致。"
        "请先运行 flask --app wsgi schema upgrade。"
    )


class BackupFaulty(Refusal):
    """What was copied does not hold together; there is no backup under the name."""

    msgid = "备份没有做成：%(what)s。请保留现场，联系管理员。"


class FilesLost(Refusal):
    """The backup stands, but files are missing from where it was made."""

    msgid = "备份已经写好，但是有 %(number)d 个图片或文件在这台服务器上已经缺失或损坏，第一个是 %(first)s。"


class BackupDamaged(Refusal):
    """The file is no backup, or not as it was written."""

    msgid = "这不是一份完好的备份（%(where)s），不恢复。请换另一份。"


class OtherVersion(Refusal):
    """The backup was made by another version of the program."""

    msgid = "备份的版本是 %(found)s，现在的程序是 %(wanted)s。请用同一版本的程序恢复，再升级。"


class PlaceTaken(Refusal):
    """There are rounds where the backup would go."""

    msgid = (
        "这里的数据库已经有 %(number)d 个轮次，不覆盖。请恢复到新的地方；确实要替换，加 --replace。"
    )


class StillServed(Refusal):
    """The platform runs on the database that would be replaced."""

    msgid = "后台工作还在运行。请先停下网站和后台工作，再恢复。"
