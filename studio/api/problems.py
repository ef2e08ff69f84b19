"""Problem bodies: `{"type", "errors": [{"code", "message", "field"}]}` for every 4xx and 5xx of the API."""

from __future__ import annotations

from typing import Any

from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ErrorResponse
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError

from studio.refusals import Refused


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class ProblemFormatter(ExceptionFormatter):
    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        return {
            "type": str(getattr(error_response.type, "value", error_response.type)),
            "errors": [
                {"code": error.code, "message": error.detail, "field": error.attr} for error in error_response.errors
            ],
        }


class ProblemHandler(ExceptionHandler):
    """Turns an action's refusal into a 400, or a 409 when somebody else was faster."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, Refused):
            if exc.conflict:
                return Conflict(exc.message, code=exc.code)
            if exc.field:
                return ValidationError({exc.field: [exc.message]}, code=exc.code)
            return ValidationError([exc.message], code=exc.code)
        return super().convert_known_exceptions(exc)


PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "errors"],
    "properties": {
        "type": {"type": "string", "enum": ["validation_error", "client_error", "server_error"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "message", "field"],
                "properties": {
                    "code": {"type": "string", "description": "Stable, for programs."},
                    "message": {"type": "string", "description": "A sentence, for people."},
                    "field": {"type": "string", "nullable": True, "description": "The input at fault."},
                },
            },
        },
    },
}


def document_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Schema hook: every operation may answer with a problem."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in result["paths"].values():
        for operation in path.values():
            for status_code, text in (
                ("400", "Bad input"), ("401", "Not signed in"), ("403", "Not allowed"), ("404", "Not found"),
                ("409", "Somebody was faster"),
            ):  # fmt: skip
                operation["responses"].setdefault(status_code, {"description": text, "content": content})
            if any(parameter["name"] == "If-None-Match" for parameter in operation.get("parameters", ())):
                operation["responses"]["304"] = {"description": "Nothing has changed since the tag"}
    return result
