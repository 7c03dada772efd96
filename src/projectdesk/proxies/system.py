"""What this system says about proxies: variables, the registry of Windows, macOS' settings.

Both ways of the systems are read: a proxy that is named, and the address of a PAC file. Discovery
of such an address in the network (WPAD) is left to Qt, which asks the system itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from typing import Final

from projectdesk.proxies.routes import DIRECT, Route, system_proxy_of

_ORDER: Final = ("https", "all", "socks", "http")
"""Whose variable counts for a tunnel, the first that is set."""
_INTERNET_SETTINGS: Final = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
_SCUTIL_LINE: Final = re.compile(r"^\s*(\w+) : (.*)$", re.MULTILINE)


def system_route(host: str, port: int) -> Route:
    """Return the way to a host by what the system names; DIRECT where it names nothing usable."""
    if urllib.request.proxy_bypass(f"{host}:{port}") or urllib.request.proxy_bypass(host):
        return DIRECT
    named = urllib.request.getproxies()
    for scheme in _ORDER:
        if text := named.get(scheme):
            spelt = text if "://" in text or scheme != "socks" else f"socks5://{text}"
            return system_proxy_of(spelt) or DIRECT
    return DIRECT


def system_script() -> str:
    """Return the address of the PAC file that the system is set to; "" = none."""
    if sys.platform == "win32":
        return _script_of_registry()
    if sys.platform == "darwin":
        return script_of_scutil(_scutil())
    return ""


def _script_of_registry() -> str:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _INTERNET_SETTINGS) as folder:
                return str(winreg.QueryValueEx(folder, "AutoConfigURL")[0]).strip()
        except OSError:
            return ""
    return ""


def _scutil() -> str:
    try:
        made = subprocess.run(
            ["/usr/sbin/scutil", "--proxy"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return made.stdout


def script_of_scutil(said: str) -> str:
    """Return the address of the PAC file in what `scutil --proxy` prints; "" = none."""
    found = dict(_SCUTIL_LINE.findall(said))
    if found.get("ProxyAutoConfigEnable") != "1":
        return ""
    return str(found.get("ProxyAutoConfigURLString", "")).strip()
