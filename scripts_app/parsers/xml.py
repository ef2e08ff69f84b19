"""XML of strangers: no entities, no external parts, one sentence when it cannot be read."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError  # nosec B405: the type only; parsing is defusedxml's

from .faults import Fault, fault


def parse_xml(data: bytes, unreadable: str) -> Element | Fault:
    """The root element, or a fault (`unreadable` is the code for broken XML)."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        return fault("xml_forbidden")
    except (ParseError, ValueError, LookupError, RecursionError):
        return fault(unreadable)
    return root


def local(tag: object) -> str:
    """Tag without its namespace."""
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""
