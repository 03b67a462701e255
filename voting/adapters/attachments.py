"""Attached files: the scan of a paper or a photograph of it, checked before it is kept.

A PDF is never rendered or repaired here: what an officer opens later is what was given. It is looked
through as text, its compressed object streams too, for what would run or unpack itself on opening.
"""

import re
import zlib
from dataclasses import dataclass
from typing import ClassVar

from voting.adapters.pictures import MOST_BYTES, NotAPicture, PictureRefused, clean_picture
from voting.errors import Refusal

LONGEST_SIDE = 2000
_NAME_MOST = 60
_HEAD = b"%PDF-"
_HEAD_WITHIN = 1024
_TAIL = 2048
_MOST_INFLATED = 32 * 1024 * 1024
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia)(?![A-Za-z0-9])")
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_START = re.compile(rb"startxref\s+(\d{1,10})\s")
_TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class AttachmentRefused(Refusal):
    """The file cannot be attached."""

    status: ClassVar[int] = 422
    field = "file"


class AttachmentTooLarge(AttachmentRefused):
    """More bytes than a scan needs."""

    msgid = "文件太大了，最多 15 MB。请用较低的清晰度重新扫描，或者拍照上传。"


class NotAnAttachment(AttachmentRefused):
    """Neither a PDF nor a photograph."""

    msgid = "只能上传 PDF 文件或 JPG、PNG、WebP 格式的照片。Word 文件请先另存为 PDF。"


class BrokenAttachment(AttachmentRefused):
    """The beginning of a PDF, and then nothing that fits it."""

    msgid = "这个 PDF 打不开，可能没有传完整。请重新扫描或另存为 PDF 再传。"


class LockedAttachment(AttachmentRefused):
    """A PDF under a password: nobody could open it in ten years."""

    msgid = "这个 PDF 加了密码，以后没有人能打开。请去掉密码再传。"


class ActiveAttachment(AttachmentRefused):
    """A PDF that runs or unpacks something."""

    msgid = "这个 PDF 里带有程序或别的文件，不能上传。请打印成纸再扫描，或者拍照上传。"


class PhotographRefused(AttachmentRefused):
    """A photograph was refused, with the sentence of ``adapters.pictures`` that says what to do."""

    def __init__(self, why: PictureRefused) -> None:
        self.msgid = why.msgid  # type: ignore[misc]  # one sentence of several, known only here
        super().__init__()


@dataclass(frozen=True)
class Attachment:
    """What is kept: the bytes, and ``pdf`` or ``jpg``."""

    content: bytes
    suffix: str


def clean_attachment(content: bytes) -> Attachment:
    """Return a PDF as it is, a photograph without metadata; raise an AttachmentRefused."""
    if len(content) > MOST_BYTES:
        raise AttachmentTooLarge
    if _HEAD in content[:_HEAD_WITHIN]:
        _check_pdf(content)
        return Attachment(content, "pdf")
    try:
        return Attachment(clean_picture(content, longest=LONGEST_SIDE), "jpg")
    except PictureRefused as refused:
        if isinstance(refused, NotAPicture):
            raise NotAnAttachment from refused
        raise PhotographRefused(refused) from refused


def tidy_name(original: str, suffix: str) -> str:
    """Return the name a file is kept under: the last part of the one given, short, with ``suffix``."""
    name = _UNSEEN.sub("", original.replace("\\", "/").rsplit("/", 1)[-1])
    stem = " ".join(name.rsplit(".", 1)[0].split()).strip(". ")[:_NAME_MOST]
    return f"{stem or '附件'}.{suffix}"


def _check_pdf(content: bytes) -> None:
    start = _START.findall(content[-_TAIL:])
    if not start or not _TABLE.match(content, int(start[-1]) + content.index(_HEAD)):
        raise BrokenAttachment
    text = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), _objects(content))
    if _LOCKED.search(text):
        raise LockedAttachment
    if _ACTIVE.search(text):
        raise ActiveAttachment


def _objects(content: bytes) -> bytes:
    """Return everything that can hold an action: what lies outside streams, and object streams inflated.

    Pictures and pages are left out: by chance they hold any three bytes.
    """
    parts, at, room = [], 0, _MOST_INFLATED
    for found in _STREAM.finditer(content):
        between = content[at : found.start()]
        parts.append(between)
        if b"/ObjStm" in between.rsplit(b"endobj", 1)[-1]:
            inflated = _inflate(found[1], room)
            room -= len(inflated)
            parts.append(inflated)
        at = found.end()
    return b"\n".join([*parts, content[at:]])


def _inflate(packed: bytes, room: int) -> bytes:
    unpack = zlib.decompressobj()
    try:
        inflated = unpack.decompress(packed, max(room, 1))
    except zlib.error as broken:
        raise BrokenAttachment from broken
    if unpack.unconsumed_tail:
        raise AttachmentTooLarge
    return inflated
