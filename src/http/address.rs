//! Whose request it is: the address of a client, behind proxies or not.
//!
//! Owns: whom to believe an `X-Forwarded-For`. Invariant: a header from a peer that is no trusted proxy changes nothing.
//! Absent on purpose: `X-Forwarded-Host`; links use the configured origin.

use actix_web::HttpRequest;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The networks whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    pub fn new(trusted: Vec<IpNet>) -> Self {
        Self(trusted)
    }

    /// The address that the request comes from.
    pub fn client(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
        self.resolve(peer, &forwarded.collect::<Vec<_>>().join(","))
    }

    /// From the peer backwards: as long as an address is a trusted proxy, the one it names is taken.
    fn resolve(&self, peer: IpAddr, forwarded: &str) -> IpAddr {
        let mut client = peer.to_canonical();
        for hop in forwarded.rsplit(',').map(str::trim) {
            if !self.trusts(client) {
                break;
            }
            let Some(named) = parse(hop) else { break };
            client = named.to_canonical();
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address, as some proxies write it with a port.
fn parse(hop: &str) -> Option<IpAddr> {
    hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// What shares a bucket: an IPv4 address, an IPv6 /64 (a household has one, and all the addresses in it).
pub fn bucket_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let none = Proxies::default();
        assert_eq!(none.resolve(ip("203.0.113.9"), "1.2.3.4"), ip("203.0.113.9"));
        let proxies = Proxies::new(vec!["10.0.0.0/8".parse().expect("a network")]);
        assert_eq!(proxies.resolve(ip("203.0.113.9"), "1.2.3.4"), ip("203.0.113.9"));
        assert_eq!(
            proxies.resolve(ip("10.0.0.1"), "6.6.6.6, 1.2.3.4"),
            ip("1.2.3.4"),
            "left ones are forged"
        );
        assert_eq!(proxies.resolve(ip("10.0.0.1"), "1.2.3.4, 10.0.0.2"), ip("1.2.3.4"));
        assert_eq!(proxies.resolve(ip("10.0.0.1"), "nonsense"), ip("10.0.0.1"));
        assert_eq!(proxies.resolve(ip("::ffff:10.0.0.1"), "::ffff:1.2.3.4"), ip("1.2.3.4"));
        assert_eq!(proxies.resolve(ip("10.0.0.1"), "1.2.3.4:567"), ip("1.2.3.4"));
        assert_eq!(proxies.resolve(ip("10.0.0.1"), "[2001:db8::1]:567"), ip("2001:db8::1"));
        assert_eq!(proxies.resolve(ip("10.0.0.1"), ""), ip("10.0.0.1"));
    }

    #[test]
    fn a_household_is_one_bucket() {
        assert_eq!(bucket_of(ip("2001:db8:1:2:aaaa::1")), bucket_of(ip("2001:db8:1:2:bbbb::2")));
        assert_ne!(bucket_of(ip("2001:db8:1:2::1")), bucket_of(ip("2001:db8:1:3::1")));
        assert_eq!(bucket_of(ip("::ffff:1.2.3.4")), ip("1.2.3.4"));
    }
}
