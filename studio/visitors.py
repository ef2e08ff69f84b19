"""What is kept of whoever opens a link: the family of their browser and a shortened network, never an address."""

from __future__ import annotations

import ipaddress

# The first that is found is it: browsers name their ancestors too.
_BROWSERS = [
    ("micromessenger", "WeChat"), ("dingtalk", "DingTalk"), ("lark", "Feishu"), ("feishu", "Feishu"), ("wxwork", "WeCom"),
    ("qqbrowser", "QQ Browser"), ("ucbrowser", "UC Browser"), ("miuibrowser", "Mi Browser"), ("huaweibrowser", "Huawei Browser"),
    ("edg", "Edge"), ("opr/", "Opera"), ("firefox", "Firefox"), ("fxios", "Firefox"), ("crios", "Chrome"),
    ("chrome", "Chrome"), ("safari", "Safari"),
]  # fmt: skip
_SYSTEMS = [
    ("harmony", "HarmonyOS"), ("iphone", "iOS"), ("ipad", "iOS"), ("android", "Android"), ("windows", "Windows"),
    ("mac os x", "macOS"), ("linux", "Linux"),
]  # fmt: skip


def agent_family(user_agent: str) -> str:
    """`WeChat · iOS`; empty for what no browser says."""
    text = user_agent[:1000].lower()
    if "wxwork" in text:  # says that it is WeChat, too
        text = text.replace("micromessenger", "")
    found = [next((name for mark, name in known if mark in text), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(part for part in found if part)


def network_of(address: str) -> str:
    """`203.0.113.0/24` or `2001:db8:1::/48`; empty for what is no address."""
    try:
        ip = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return ""
    if ip.version == 6 and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
