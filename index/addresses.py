"""One address a page: what names the reader, the campaign or the device is taken off.

Pure; standard library only. An address that is cited must still open, so only what never changes
the page goes. `www.`, `http:` for `https:`, a closing slash and the order of parameters do change
it on some servers, and stay. What a page itself says (`<link rel=canonical>`) is judged by
`own_address`.
"""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

_PORTS: Final = {"http": 80, "https": 443}

# Parameters that tell who came, from where, or by which campaign; names in lower case.
_TRACKING: Final = frozenset(
    "fbclid gclid gclsrc gbraid wbraid dclid msclkid yclid ysclid twclid ttclid igshid igsh "
    "li_fat_id epik srsltid s_kwcid s_cid zanpid mibextid sfnsn rdid mc_cid mc_eid mkt_tok "
    "vero_id wickedid guccounter guce_referrer guce_referrer_sig ocid ncid icid cmpid cmp xtor "
    "ftag smid smtyp spm tblci dicbo _openstat _ga _gl ref_src ref_url referrer referer refsrc "
    "fref fb_action_ids fb_action_types fb_source fb_ref fb_comment_id action_object_map "
    "action_type_map action_ref_map __twitter_impression __tn__ __xts__ sr_share wt.mc_id wt_mc "
    "trk trkcampaign replytocom phpsessid jsessionid amp_js_v amp_gsa usqp".split()
)
_TRACKING_PREFIXES: Final = (
    "utm_ at_ hsa_ _hs __hs pk_ mtm_ piwik_ matomo_ oly_ ns_ amp_js_ __cf_chl".split()
)
# These tell where a reader came from only if they name such a place: `?source=rss`, but not
# `?source=reuters`, which may be what finds the article (as may a number, `?ref=4412`).
_ORIGINS: Final = frozenset("source src from via share".split())
_PLACES: Final = frozenset(
    "rss feed feeds feedburner facebook fb twitter tw x whatsapp wa telegram tg instagram linkedin "
    "pinterest reddit tumblr email mail newsletter push notification share social google "
    "googlenews news.google flipboard nabd nabdapp amp mobile app web home homepage".split()
)
# The same page made for telephones: by a parameter…
_SWITCHES: Final = frozenset("amp isamp is_amp mobile ismobile is_mobile nomobile".split())
_ON_OFF: Final = frozenset(("", "0", "1", "true", "false", "yes", "no"))
_KINDS: Final = frozenset("output outputtype view mode format type display".split())
_TELEPHONE: Final = frozenset(("amp", "mobile"))
# …by a step of the path…
_AMP_SUFFIX: Final = re.compile(r"\.amp(?=\.html?$|$)", re.IGNORECASE)
# …or by a name before the site's: m.example.org, amp.example.org, ar.m.example.org.
_DEVICES: Final = frozenset("m mobile mobi amp wap touch".split())
_BLOGGER: Final = re.compile(r"^/\d{4}/\d{2}/[^/]+\.html$")

# What the path of an article holds and the path of a section does not: a number, several hyphens
# or words in Arabic.
_NAMES_A_PAGE: Final = re.compile(r"\d{3}|-[^/]*-|[^\x00-\x7f]")

_WRITTEN: Final = "!#$%&'()*+,/:;=?@[]~|"
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_BEYOND_ASCII: Final = re.compile(r"(?:%[89A-F][0-9A-F])+")
_UNRESERVED: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
)
# Registries that sell names under these: a site's own name is then the third label from the end.
_SECOND_LEVEL: Final = frozenset(
    "com co net org gov gob gouv go edu ac sch mil info press news media name or ne web".split()
)

LONGEST: Final = 2000
"""Bytes of an address that is kept: a browser takes little more, an index of PostgreSQL 2,704."""


def is_endless(address: str) -> bool:
    """Whether an address, or what stands for one, is longer than any that leads somewhere."""
    return len(address.encode("utf-8", "replace")) > LONGEST


def canonical(url: str) -> str:
    """The address of the page, for a reader at a desk whom nobody follows.

    Lower-cases scheme and host; drops default ports, user names, fragments (but `#!…`, which
    names a page), the dot that may close a host, and tracking parameters; writes every character
    in one way; maps AMP and mobile twins to the page they repeat. Idempotent. What is no http(s)
    address comes back as it was, trimmed.
    """
    url = url.strip()
    # A twin of a twin (/title/amp/amp) takes a second look; each makes the address shorter.
    while (shorter := _canonical(url)) != url:
        url = shorter
    return url


def _canonical(url: str) -> str:
    parts = _split(re.sub(r"[\t\r\n]", "", url))
    if parts is None:
        return url
    parts = _unwrapped(parts)
    path, query = _desktop(_without_dots(_encoded(parts.path or "/")), parts.query)
    fragment = _encoded(parts.fragment) if parts.fragment.startswith("!") else ""
    return urlunsplit((parts.scheme, _host(parts), path, query, fragment))


def site(url: str) -> str | None:
    """The name the site registered, near enough: `news.example.co.uk` → `example.co.uk`.

    The last two labels of the host, or three where the last but one is a registry's (`com`, `co`,
    `gov`, …) under a country's two letters. The whole host for a number or a single label; None
    where there is no http(s) address.
    """
    parts = _split(url.strip())
    if parts is None:
        return None
    host = parts.hostname or ""
    return host if _is_number(host) else ".".join(_labels(host)[-_registered(_labels(host)) :])


def own_address(stated: Iterable[str | None], found: str | None) -> str | None:
    """The canonical address of a page, from what it states of itself and where it was found.

    `stated` comes in the order of trust. An address there counts if it is absolute http(s), on
    the site the page was found at, and names a page at least as exactly: careless templates state
    the front page, a section, or `article.php` without its number. Else it is where it was found.
    """
    found = canonical(found) if found else None
    for url in stated:
        if url is None or _split(url.strip()) is None:
            continue
        own = canonical(url)
        if (found is None or site(own) == site(found)) and not _is_vaguer(own, found):
            return own
    return found


def _is_vaguer(own: str, found: str | None) -> bool:
    above = urlsplit(own)
    if own == found or above.query or _NAMES_A_PAGE.search(above.path):
        return False
    path = above.path.rstrip("/")
    return not path or (found is not None and f"{urlsplit(found).path}/".startswith(f"{path}/"))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or port == 0 or re.search(r"[\s<>\"\\^`{|}%]", host):
        return None
    return parts


def _unwrapped(parts: SplitResult) -> SplitResult:
    """The page behind an AMP cache's address: `…ampproject.org/c/s/HOST/PATH`, `google.…/amp/s/…`.

    https://developers.google.com/amp/cache/overview: `s` says https; without it, http.
    """
    host = (parts.hostname or "").rstrip(".")
    if host.endswith(".cdn.ampproject.org") or host == "cdn.ampproject.org":
        told = re.match(r"^/[acirv]/(s/)?(?P<rest>[^/]+\..*)$", parts.path)
    elif re.match(r"^(?:www\.)?google\.[a-z.]{2,6}$", host):
        told = re.match(r"^/amp/(s/)?(?P<rest>[^/]+\..*)$", parts.path)
    else:
        return parts
    if told is None:
        return parts
    scheme = "https" if told[1] else "http"
    inner = _split(f"{scheme}://{told['rest']}" + (f"?{parts.query}" if parts.query else ""))
    return inner or parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    elif not _is_number(host):
        with suppress(UnicodeError):  # a label too long or empty: no reason to lose the address
            host = host.encode("idna").decode("ascii").lower()
        host = _without_device(host)
    port = parts.port
    return host if port is None or port == _PORTS[parts.scheme] else f"{host}:{port}"


def _without_device(host: str) -> str:
    """`m.example.org` → `www.example.org`; `m.ar.example.org`, `ar.m.example.org` → `ar.…`.

    Sites that gave telephones a host of their own had `www.` for the others. Where they did not,
    the page's own `<link rel=canonical>` says so, and is believed first (`own_address`).
    """
    labels = _labels(host)
    own = _registered(labels)
    before = labels[:-own]
    if not any(label in _DEVICES for label in before) or own < 2:
        return host
    rest = [label for label in before if label not in _DEVICES]
    return ".".join([*(rest or ["www"]), *labels[-own:]])


def _labels(host: str) -> list[str]:
    return host.rstrip(".").split(".")


def _registered(labels: list[str]) -> int:
    """How many labels at the end of a host are the site's registered name."""
    if len(labels) >= 3 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL:
        return 3
    return min(2, len(labels))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _desktop(path: str, query: str) -> tuple[str, str]:
    """Path and parameters of the page itself: no tracking, no twin for telephones."""
    steps = path.split("/")
    named = [step for step in steps if step]
    if len(named) > 1 and named[-1].lower() == "amp":
        # /2023/05/title/amp/ → /2023/05/title/; a title that is «amp» alone stays
        last = len(steps) - 1 - steps[::-1].index(named[-1])
        del steps[last]
    elif len(named) > 2 and named[0].lower() == "amp":
        del steps[steps.index(named[0])]
    path = _AMP_SUFFIX.sub("", "/".join(steps))
    kept = []
    for parameter in query.split("&"):
        key, _, value = parameter.partition("=")
        if parameter and not _is_noise(key.lower(), value.lower(), path):
            kept.append(_encoded(parameter))
    return path, "&".join(kept)


def _is_noise(key: str, value: str, path: str) -> bool:
    if key in _TRACKING or key.startswith(tuple(_TRACKING_PREFIXES)):
        return True
    if (key in _ORIGINS and value in _PLACES) or (key == "ref" and not value.isdigit()):
        return True
    if key in _SWITCHES and value in _ON_OFF:
        return True
    if key == "m" and value in ("0", "1"):  # Blogger's telephone page; elsewhere m may be a month
        return bool(_BLOGGER.match(path))
    return key in _KINDS and value in _TELEPHONE


def _without_dots(path: str) -> str:
    """The path without `.` and `..` steps (RFC 3986 §5.2.4)."""
    steps: list[str] = []
    for step in path.split("/")[1:]:
        if step == ".." and steps:
            steps.pop()
        elif step not in (".", ".."):
            steps.append(step)
    if path.endswith(("/.", "/..")):
        steps.append("")
    return "/" + "/".join(steps)


def _encoded(text: str) -> str:
    """One spelling: what can be seen of every script as it is, all else escaped, in capitals.

    So an Arabic address reads as Arabic (RFC 3987), however it was copied. Escapes of bytes that
    are no UTF-8 stay as they are: old sites write windows-1256 in them.
    """

    def readable(match: re.Match[str]) -> str:
        try:
            told = unquote_to_bytes(match[0]).decode()
        except UnicodeDecodeError:
            return match[0]
        return "".join(c if c.isprintable() else quote(c) for c in told)

    def plain(match: re.Match[str]) -> str:
        byte = int(match[1], 16)
        return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"

    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    escaped = quote(_ESCAPE.sub(plain, text), safe=_WRITTEN, errors="replace")
    return _BEYOND_ASCII.sub(readable, escaped)
