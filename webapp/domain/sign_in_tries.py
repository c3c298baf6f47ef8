"""How long somebody waits after wrong passwords: longer with each, counted by name and address together."""

import ipaddress
import math
from datetime import timedelta

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)


def wait_after(tries: int) -> timedelta:
    """How long after the last of so many tries the next password is looked at: twice as long with each."""
    if tries < FREE_TRIES:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(tries - FREE_TRIES, 10)), LONGEST_WAIT)


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the first 64 bits, since whoever has them has all addresses behind them."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(ip), 64), strict=False))


def in_words(wait: timedelta) -> str:
    """Such as “30 seconds” or “2 minutes”, never shorter than the wait is."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    count, unit = (seconds, "second") if seconds < 60 else (math.ceil(seconds / 60), "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
