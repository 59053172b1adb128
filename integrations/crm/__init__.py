"""The CRMs that facts about a customer can come from: one file and one row each."""

from collections.abc import Mapping

from integrations.crm.base import Crm
from integrations.crm.json_over_http import JsonOverHttp

CRMS: Mapping[str, type[Crm]] = {"json": JsonOverHttp}
