"""How this computer reaches others: directly, or through its organisation's proxy.

Everything of the desktop and of commands that opens a connection asks `current()`. What is in force
is what the policy settles, else what the person chose, else what the system says. What is near
(this computer, addresses of its own network) is always reached directly.

May import: policy, folders, errors.
"""

from __future__ import annotations

from projectdesk.proxies.routes import DIRECT, Kind, Route, is_near, proxy_of
from projectdesk.proxies.settings import Mode, ProxySettings
from projectdesk.proxies.ways import Login, Ways, current, login_name, use

__all__ = [
    "DIRECT",
    "Kind",
    "Login",
    "Mode",
    "ProxySettings",
    "Route",
    "Ways",
    "current",
    "is_near",
    "login_name",
    "proxy_of",
    "use",
]
