"""What people attach, read into text: pure functions of bytes; owns no download and no store."""

from moai.documents.kinds import MAX_IMAGE_BYTES, Kind, image_media_type, kind_of
from moai.documents.names import safe_name
from moai.documents.pdf import read_pdf
from moai.documents.text import Text, read_text

__all__ = ["MAX_IMAGE_BYTES", "Kind", "Text", "image_media_type", "kind_of", "read_pdf", "read_text", "safe_name"]
