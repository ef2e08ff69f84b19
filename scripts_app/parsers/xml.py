"""XML of strangers: no entities, no external parts, one sentence when it cannot be read."""

from __future__ import annotations

from xml.etree.ElementTree import (  # nosec B405: the types only; parsing is defusedxml's
    Element,
    ParseError,
    TreeBuilder,
)

from .faults import Fault, fault

# A full-size script in Word has some 60,000 elements, not ten deep; a hundred bytes of memory each.
ELEMENTS_LIMIT, DEPTH_LIMIT = 1_000_000, 400


class _TooMuchError(ValueError):
    """More elements, or deeper ones, than a script can need."""


class _BoundedBuilder(TreeBuilder):
    """A tree of bounded size and depth, whatever the file says."""

    def __init__(self) -> None:
        super().__init__()
        self._left, self._depth = ELEMENTS_LIMIT, 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:  # type: ignore[override]
        self._left -= 1
        self._depth += 1
        if self._left < 0 or self._depth > DEPTH_LIMIT:
            raise _TooMuchError
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse_xml(data: bytes, unreadable: str) -> Element | Fault:
    """The root element, or a fault (`unreadable` is the code for broken XML)."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(
        target=_BoundedBuilder(), forbid_dtd=False, forbid_entities=True, forbid_external=True
    )  # fmt: skip
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException:
        return fault("xml_forbidden")
    except _TooMuchError:
        return fault("xml_too_large")
    except (ParseError, ValueError, LookupError, RecursionError):
        return fault(unreadable)
    return root


def local(tag: object) -> str:
    """Tag without its namespace."""
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""
