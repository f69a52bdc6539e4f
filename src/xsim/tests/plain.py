"""Calls over plain HTTP that spare the loading of certificates, the slowest part of a test."""

from __future__ import annotations

import ssl
from functools import partial

import httpx2

from xsim.tests.contract import check_httpx

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

Client = partial(
    httpx2.Client,
    verify=NO_CERTIFICATES,
    trust_env=False,
    event_hooks={"response": [check_httpx]},
)
get = partial(httpx2.get, verify=NO_CERTIFICATES, trust_env=False)
post = partial(httpx2.post, verify=NO_CERTIFICATES, trust_env=False)
delete = partial(httpx2.delete, verify=NO_CERTIFICATES, trust_env=False)
request = partial(httpx2.request, verify=NO_CERTIFICATES, trust_env=False)
