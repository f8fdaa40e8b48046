//! # A proxy variable names a port of this machine on which nothing listens
//!
//! ## What it does
//! Finds http_proxy, https_proxy and all_proxy (in capitals, too) that name a port of the loopback interface on which no
//! program listens, as the kernel's tables say.
//!
//! ## Why it matters
//! go downloads through it: `proxyconnect tcp: dial tcp 127.0.0.1:7890: connect: connection refused`.
//!
//! ## Fix
//! Told by hand: start the program, or remove the line. Which of the two cannot be told.
//!
//! ## Sources
//! - golang.org/x/net/http/httpproxy `FromEnvironment`; proc(5): /proc/net/tcp
//! - goproxy/goproxy.cn#68, goproxyio/goproxy#140, iawia002/lux#917

use crate::rule::With;
use crate::{Area, Look, Rule, Status};
use model::{Finding, Origin, Severity};

pub(crate) const RULE: Rule = Rule {
    code: "GOW220",
    name: "proxy-silent",
    area: Area::Modules,
    severity: Severity::Warning,
    status: Status::Stable,
    platforms: &[system::Os::Linux],
    depth: 20,
    source: include_str!("mod.rs"),
    check,
};

const NAMES: [&str; 6] = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
/// State of a socket that listens (Linux: include/net/tcp_states.h TCP_LISTEN).
const LISTENS: &str = "0A";

fn check(look: &Look<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for name in NAMES {
        let groups = look.groups(|seen| {
            let (value, origin) = seen.variable(name)?;
            let port = loopback_port(&value.to_text())?;
            (listens(look, port) == Some(false)).then_some((port, Some(origin)))
        });
        for group in groups {
            // One line often sets several of them.
            let line = |origin: &Option<Origin>| {
                origin.as_ref().and_then(Origin::place).map(|place| (place.path.clone(), place.line))
            };
            if findings.iter().any(|f| f.origin.is_some() && line(&f.origin) == line(&group.origin)) {
                continue;
            }
            let told = look.told(group.origin.as_ref());
            let port = group.what;
            findings.push(
                RULE.finding(format!("{name} names port {port} of this machine, where nothing listens"), group.origin, group.spaces)
                    .variable(name)
                    .label("everything is downloaded through this")
                    .happens(format!("downloads fail: \"proxyconnect tcp: dial tcp 127.0.0.1:{port}: connect: connection refused\""))
                    .help(format!("start the proxy, or remove the line: {told}")),
            );
        }
    }
    findings
}

/// The port of a URL whose host is this machine.
fn loopback_port(url: &str) -> Option<u16> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next()?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let (name, port) = host.rsplit_once(':')?;
    let local = name.starts_with("127.") || matches!(name, "localhost" | "[::1]");
    port.parse().ok().filter(|_| local)
}

/// Whether a program listens on it; `None` where the kernel's tables cannot be read.
fn listens(look: &Look<'_>, port: u16) -> Option<bool> {
    let port = format!(":{port:04X}");
    let mut read = false;
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let Ok(bytes) = look.system().read(table) else { continue };
        read = true;
        let text = String::from_utf8_lossy(&bytes);
        let found = text.lines().skip(1).any(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            fields.get(1).is_some_and(|local| local.ends_with(&port)) && fields.get(3) == Some(&LISTENS)
        });
        if found {
            return Some(true);
        }
    }
    read.then_some(false)
}

#[cfg(test)]
mod tests {
    use super::loopback_port;

    #[test]
    fn ports_of_this_machine() {
        assert_eq!(loopback_port("http://127.0.0.1:7890"), Some(7890));
        assert_eq!(loopback_port("socks5://u:p@localhost:1080/"), Some(1080));
        assert_eq!(loopback_port("http://proxy.corp.example:3128"), None);
    }
}
