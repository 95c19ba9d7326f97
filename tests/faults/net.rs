//! A network of its own for a node: a namespace, a pair of interfaces, and rules that break the way between them.

use crate::service::done;
use std::net::Ipv4Addr;
use std::process::Command;
use std::sync::atomic::{AtomicU8, Ordering};

static NEXT: AtomicU8 = AtomicU8::new(1);

pub struct Net {
    name: String,
    /// Of the harness's side, where the services listen.
    pub here: Ipv4Addr,
    /// Of the node.
    pub there: Ipv4Addr,
}

impl Net {
    /// None with the reason: this machine does not grant it.
    pub fn new() -> Result<Self, String> {
        let (process, n) = (std::process::id() % 10_000, NEXT.fetch_add(1, Ordering::Relaxed));
        let name = format!("faults{process}x{n}");
        let part = u8::try_from(process % 200).unwrap();
        let net = Self {
            here: Ipv4Addr::new(10, 213, part.wrapping_add(n), 1),
            there: Ipv4Addr::new(10, 213, part.wrapping_add(n), 2),
            name,
        };
        let (name, outer, inner) = (&net.name, format!("fo{process}x{n}"), format!("fi{process}x{n}"));
        let (here, there) = (format!("{}/24", net.here), format!("{}/24", net.there));
        for words in [
            format!("ip netns add {name}"),
            format!("ip link add {outer} type veth peer name {inner} netns {name}"),
            format!("ip addr add {here} dev {outer}"),
            format!("ip link set {outer} up"),
            format!("ip -n {name} addr add {there} dev {inner}"),
            format!("ip -n {name} link set {inner} up"),
            format!("ip -n {name} link set lo up"),
            format!("ip netns exec {name} nft add table inet faults"),
        ] {
            run(&words)?;
        }
        net.rule_chain("in", "input")?;
        net.rule_chain("out", "output")?;
        Ok(net)
    }

    fn rule_chain(&self, chain: &str, hook: &str) -> Result<(), String> {
        self.nft(&format!("add chain inet faults {chain} {{ type filter hook {hook} priority 0; }}"))
    }

    /// Words before a program that shall run there.
    pub fn before(&self) -> Vec<String> {
        ["ip", "netns", "exec", &self.name].map(str::to_owned).into()
    }

    /// Breaks something until [`Self::heal`]: a rule of nftables, for what leaves and for what arrives. Packets of
    /// connections that are open already are hit as well.
    pub fn breaks(&self, rule: &str) {
        for chain in ["in", "out"] {
            let added = self.nft(&format!("add rule inet faults {chain} {rule}"));
            added.unwrap_or_else(|problem| panic!("{problem}"));
        }
    }

    pub fn heal(&self) {
        self.nft("flush table inet faults").unwrap_or_else(|problem| panic!("{problem}"));
    }

    /// At most so many kbit a second for what leaves.
    pub fn narrow(&self, kbit: u32) -> Result<(), String> {
        let inner = self.name.replacen("faults", "fi", 1);
        run(&format!(
            "ip netns exec {} tc qdisc add dev {inner} root tbf rate {kbit}kbit burst 32kbit latency 400ms",
            self.name
        ))
    }

    fn nft(&self, rule: &str) -> Result<(), String> {
        let answer = done(Command::new("ip").args(["netns", "exec", &self.name, "nft", rule]));
        let said = String::from_utf8_lossy(&answer.stderr);
        if answer.status.success() { Ok(()) } else { Err(format!("nft {rule}: {}", said.trim())) }
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        let _ = Command::new("ip").args(["netns", "del", &self.name]).output();
    }
}

fn run(words: &str) -> Result<(), String> {
    let mut parts = words.split(' ');
    let answer = Command::new(parts.next().unwrap_or_default()).args(parts).output();
    match answer {
        Ok(answer) if answer.status.success() => Ok(()),
        Ok(answer) => Err(format!("`{words}`: {}", String::from_utf8_lossy(&answer.stderr).trim())),
        Err(error) => Err(format!("`{words}`: {error}")),
    }
}
