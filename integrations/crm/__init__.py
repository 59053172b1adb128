"""The CRMs that facts about a customer can come from: one file and one row each, a class like `JsonOverHttp`."""

from collections.abc import Mapping

from integrations.crm.json_over_http import JsonOverHttp

CRMS: Mapping[str, type[JsonOverHttp]] = {"json": JsonOverHttp}
