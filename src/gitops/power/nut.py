"""The configuration of NUT on the host that outlasts both clusters.

Sources: Network UPS Tools 2.8, manual pages nut.conf(5), ups.conf(5), upsd.conf(5), upsd.users(5),
upsmon.conf(5), upssched.conf(5) and snmp-ups(8). Files that end in `.tmpl` hold references, which
`op inject` replaces when they are installed.
"""

import msgspec

from gitops.model.estate import Estate

FOLDER = "power"
UPS, ATS = "ups", "ats"
"""What NUT calls the two devices; the machines of the clusters ask for the first by its name."""

_HEAD = "# Derived from fleet.yaml by `gitops generate`: change that file and run it again.\n"
_POLL = 15
"""Seconds between two looks at a device; the machines of the clusters look as often."""


class Place(msgspec.Struct, frozen=True):
    """Where NUT lives on a Debian host. `patience` is how many seconds a failure of the mains lasts
    before it counts."""

    folder: str = "/etc/nut"
    state: str = "/run/nut"
    upssched: str = "/sbin/upssched"
    patience: int = 30


def files(estate: Estate, place: Place | None = None) -> dict[str, str]:
    """The files of NUT and systemd, by path."""
    where = place or Place()
    nut = {
        "nut.conf": "MODE=netserver\n",
        "ups.conf.tmpl": _ups(estate),
        "upsd.conf": _upsd(estate),
        "upsd.users.tmpl": _USERS,
        "upsmon.conf.tmpl": _upsmon(where),
        "upssched.conf": _upssched(where),
        "upssched-cmd": _command(where),
    }
    units = {"gitops-power-down.path": _path(where), "gitops-power-down.service": _SERVICE}
    return {
        **{f"{FOLDER}/nut/{name}": _headed(text) for name, text in nut.items()},
        **{f"{FOLDER}/systemd/{name}": _headed(text) for name, text in units.items()},
    }


def _headed(text: str) -> str:
    """A script begins with its interpreter."""
    first, _, rest = text.partition("\n")
    return f"{first}\n{_HEAD}{rest}" if first.startswith("#!") else f"{_HEAD}{text}"


def _ups(estate: Estate) -> str:
    """The battery counts as low when half of the time is left that the NAS is given: then upsmon
    switches off what the orderly way has not."""
    power = estate.power
    low = power.ups.shutdown_below["nas"] // 2
    return "\n".join(
        [
            "maxretry = 3",
            "retrydelay = 5",
            "",
            *_device(UPS, power.ups.model, str(power.ups.address), "apcc"),
            "  ignorelb",
            f"  override.battery.runtime.low = {low}",
            "",
            *_device(ATS, power.ats.model, str(power.ats.address), "apc_ats"),
            "",
        ]
    )


def _device(name: str, model: str, address: str, mibs: str) -> list[str]:
    return [
        f"[{name}]",
        f'  desc = "{model}"',
        "  driver = snmp-ups",
        f"  port = {address}",
        f"  mibs = {mibs}",
        f"  pollfreq = {_POLL}",
        "  snmp_version = v3",
        "  secLevel = authPriv",
        "  secName = nut",
        "  authProtocol = SHA",
        '  authPassword = "{{ op://operator/power-snmp/auth-password }}"',
        "  privProtocol = AES",
        '  privPassword = "{{ op://operator/power-snmp/priv-password }}"',
    ]


def _upsd(estate: Estate) -> str:
    """`MAXAGE` is the longest that a driver may be silent: three looks."""
    address = estate.hosts[estate.power.server].address
    return f"LISTEN 127.0.0.1 3493\nLISTEN {address} 3493\nMAXAGE {3 * _POLL}\n"


_USERS = """\
[primary]
  password = "{{ op://operator/nut/primary-password }}"
  upsmon primary

# The machines of both clusters.
[upsmon]
  password = "{{ op://operator/nut/upsmon-password }}"
  upsmon secondary
"""


def _upsmon(where: Place) -> str:
    """The transfer switch is only watched: it feeds nothing by itself. `HOSTSYNC` is how long the
    machines are waited for once everything has to stop."""
    events = ("ONLINE", "ONBATT", "LOWBATT", "FSD", "COMMBAD", "COMMOK", "REPLBATT", "NOCOMM")
    return "\n".join(
        [
            f'MONITOR {UPS}@localhost 1 primary "{{{{ op://operator/nut/primary-password }}}}" '
            "primary",
            f'MONITOR {ATS}@localhost 0 primary "{{{{ op://operator/nut/primary-password }}}}" '
            "primary",
            "MINSUPPLIES 1",
            'SHUTDOWNCMD "/sbin/shutdown -h +0"',
            f"NOTIFYCMD {where.upssched}",
            "POLLFREQ 5",
            "POLLFREQALERT 5",
            "HOSTSYNC 60",
            f"DEADTIME {3 * _POLL}",
            f"POWERDOWNFLAG {where.folder}/killpower",
            "NOCOMMWARNTIME 300",
            "RBWARNTIME 43200",
            "FINALDELAY 5",
            *(f"NOTIFYFLAG {event} SYSLOG+EXEC" for event in events),
            "",
        ]
    )


def _upssched(where: Place) -> str:
    """A failure that is over before its time begins nothing; a low battery waits for nothing."""
    return "\n".join(
        [
            f"CMDSCRIPT {where.folder}/upssched-cmd",
            f"PIPEFN {where.state}/upssched.pipe",
            f"LOCKFN {where.state}/upssched.lock",
            f"AT ONBATT {UPS}@localhost START-TIMER on-battery {where.patience}",
            f"AT ONLINE {UPS}@localhost CANCEL-TIMER on-battery",
            f"AT ONLINE {UPS}@localhost EXECUTE online",
            f"AT LOWBATT {UPS}@localhost EXECUTE on-battery",
            "AT COMMBAD * EXECUTE silent",
            "AT REPLBATT * EXECUTE replace-battery",
            "",
        ]
    )


def _command(where: Place) -> str:
    """What upssched may do as the user `nut` is to say so: systemd begins the rest."""
    return f"""\
#!/bin/sh
set -eu
mark="{where.state}/on-battery"
case "$1" in
on-battery) : >"$mark" ;;
online) rm -f "$mark" ;;
esac
logger -t upssched "$1" || echo "upssched: $1"
"""


def _path(where: Place) -> str:
    return f"""\
[Unit]
Description=The mains failed

[Path]
PathExists={where.state}/on-battery
Unit=gitops-power-down.service

[Install]
WantedBy=multi-user.target
"""


_SERVICE = """\
[Unit]
Description=Shut the clusters and the NAS down, as far as the battery makes it necessary
Wants=network-online.target
After=network-online.target nut-server.service

[Service]
Type=oneshot
WorkingDirectory=/opt/gitops
ExecStart=/opt/gitops/gitops power down --on-battery
TimeoutStartSec=infinity
Restart=on-failure
RestartSec=10
"""
