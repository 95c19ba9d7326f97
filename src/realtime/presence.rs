//! Who is in which room of one tenant, over all nodes. Pure: messages and time come in, changes go out.
//!
//! Each node owns what its own sockets do and tells the others: every first coming and last going at once, and all of
//! it every ten seconds. A node's messages carry its running number; what is older than what was heard is ignored, so
//! that lost, repeated and reordered ones do no lasting harm. Invariant: a user is in a room as long as any node says
//! so; only changes of that union are reported.

use super::protocol::Person;
use super::room::Room;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A node that was not heard of for this long is gone, and with it its people.
pub const SILENCE: Duration = Duration::from_secs(30);

/// A coming or going that others should see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub room: Room,
    pub person: Person,
    pub joined: bool,
}

/// What a socket's step means.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The running number to tell other nodes with, if they must know.
    pub tell: Option<u64>,
    /// What the room should see.
    pub change: Option<Change>,
}

#[derive(Debug, Default)]
pub struct Presence {
    /// Connections of this node per room and person.
    local: HashMap<Room, BTreeMap<Person, usize>>,
    version: u64,
    others: HashMap<Uuid, Other>,
}

#[derive(Debug)]
struct Other {
    version: u64,
    heard: Instant,
    rooms: HashMap<Room, BTreeSet<Person>>,
}

impl Presence {
    /// `life` counts how often this node began with the tenant. A later life's running number is above all of the
    /// earlier ones': others have not forgotten those, and would take the new ones for late news.
    pub fn of_life(life: u64) -> Self {
        Self { version: life << 32, ..Self::default() }
    }

    /// A connection of this node came into a room.
    pub fn enter(&mut self, room: Room, person: &Person) -> Step {
        let elsewhere = self.elsewhere(room, person);
        let count = self.local.entry(room).or_default().entry(person.clone()).or_default();
        *count += 1;
        if *count > 1 {
            return Step::default();
        }
        self.version += 1;
        Step { tell: Some(self.version), change: (!elsewhere).then(|| change(room, person, true)) }
    }

    /// A connection of this node left a room.
    pub fn leave(&mut self, room: Room, person: &Person) -> Step {
        let Some(people) = self.local.get_mut(&room) else { return Step::default() };
        match people.get_mut(person) {
            None => return Step::default(),
            Some(count) if *count > 1 => {
                *count -= 1;
                return Step::default();
            }
            Some(_) => {
                people.remove(person);
            }
        }
        if people.is_empty() {
            self.local.remove(&room);
        }
        self.version += 1;
        let elsewhere = self.elsewhere(room, person);
        Step { tell: Some(self.version), change: (!elsewhere).then(|| change(room, person, false)) }
    }

    /// Everyone of this node, with the running number.
    pub fn whole(&self) -> (u64, Vec<(Room, Vec<Person>)>) {
        let rooms = self.local.iter().map(|(room, people)| (*room, people.keys().cloned().collect()));
        (self.version, rooms.collect())
    }

    /// Another node told everything.
    pub fn hear_whole(
        &mut self,
        node: Uuid,
        version: u64,
        rooms: Vec<(Room, Vec<Person>)>,
        now: Instant,
    ) -> Vec<Change> {
        let other = self.others.entry(node).or_insert_with(|| Other::new(now));
        other.heard = now;
        if version < other.version {
            return Vec::new();
        }
        other.version = version;
        let new: HashMap<Room, BTreeSet<Person>> = rooms
            .into_iter()
            .map(|(room, people)| (room, people.into_iter().collect::<BTreeSet<Person>>()))
            .filter(|(_, people)| !people.is_empty())
            .collect();
        let old = std::mem::replace(&mut other.rooms, new.clone());
        let mut changes = self.gone(&old, &new);
        let came = new.iter().flat_map(|(room, people)| {
            let before = old.get(room);
            people.iter().filter(move |person| !has(before, person)).map(move |person| (*room, person))
        });
        for (room, person) in came {
            if !self.here(room, person) && !self.at_others(room, person, Some(node)) {
                changes.push(change(room, person, true));
            }
        }
        changes
    }

    /// Another node told of one coming or going.
    pub fn hear_step(
        &mut self,
        node: Uuid,
        version: u64,
        room: Room,
        person: &Person,
        joined: bool,
        now: Instant,
    ) -> Option<Change> {
        let other = self.others.entry(node).or_insert_with(|| Other::new(now));
        other.heard = now;
        if version <= other.version {
            return None;
        }
        other.version = version;
        let changed = if joined {
            other.rooms.entry(room).or_default().insert(person.clone())
        } else {
            let people = other.rooms.get_mut(&room);
            people.is_some_and(|people| people.remove(person))
        };
        let elsewhere = self.here(room, person) || self.at_others(room, person, Some(node));
        (changed && !elsewhere).then(|| change(room, person, joined))
    }

    /// Forgets nodes that were silent for too long.
    pub fn expire(&mut self, now: Instant) -> Vec<Change> {
        let silent = |other: &Other| now.saturating_duration_since(other.heard) >= SILENCE;
        let nodes: Vec<Uuid> =
            self.others.iter().filter(|(_, other)| silent(other)).map(|(node, _)| *node).collect();
        let gone: Vec<Other> = nodes.iter().filter_map(|node| self.others.remove(node)).collect();
        let nobody = HashMap::new();
        let mut changes: Vec<Change> =
            gone.iter().flat_map(|other| self.gone(&other.rooms, &nobody)).collect();
        // The same person may have been at two of them.
        let mut seen = BTreeSet::new();
        changes.retain(|change| seen.insert((change.room, change.person.clone())));
        changes
    }

    /// Everyone in a room, in a stable order.
    pub fn people(&self, room: Room) -> Vec<Person> {
        let others = self.others.values().filter_map(|other| other.rooms.get(&room)).flatten();
        let local = self.local.get(&room).into_iter().flat_map(BTreeMap::keys);
        others.chain(local).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Who was in `old`, is not in `new`, and is nowhere else.
    fn gone(
        &self,
        old: &HashMap<Room, BTreeSet<Person>>,
        new: &HashMap<Room, BTreeSet<Person>>,
    ) -> Vec<Change> {
        let left = old.iter().flat_map(|(room, people)| {
            let after = new.get(room);
            people.iter().filter(move |person| !has(after, person)).map(move |person| (*room, person))
        });
        left.filter(|(room, person)| !self.elsewhere(*room, person) && !self.here(*room, person))
            .map(|(room, person)| change(room, person, false))
            .collect()
    }

    fn here(&self, room: Room, person: &Person) -> bool {
        self.local.get(&room).is_some_and(|people| people.contains_key(person))
    }

    fn elsewhere(&self, room: Room, person: &Person) -> bool {
        self.at_others(room, person, None)
    }

    fn at_others(&self, room: Room, person: &Person, but: Option<Uuid>) -> bool {
        self.others
            .iter()
            .filter(|(node, _)| Some(**node) != but)
            .any(|(_, other)| has(other.rooms.get(&room), person))
    }
}

impl Other {
    fn new(now: Instant) -> Self {
        Self { version: 0, heard: now, rooms: HashMap::new() }
    }
}

fn has(people: Option<&BTreeSet<Person>>, person: &Person) -> bool {
    people.is_some_and(|people| people.contains(person))
}

fn change(room: Room, person: &Person, joined: bool) -> Change {
    Change { room, person: person.clone(), joined }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use proptest::prelude::*;

    const ROOM: Room = Room::Inbox;

    fn person(n: u128) -> Person {
        Person { user_id: Uuid::from_u128(n), name: format!("P{n}").into() }
    }

    fn node(n: u128) -> Uuid {
        Uuid::from_u128(1_000 + n)
    }

    #[test]
    fn first_in_and_last_out_are_seen() {
        let mut presence = Presence::default();
        let (ada, now) = (person(1), clock::monotonic());
        let step = presence.enter(ROOM, &ada);
        assert_eq!((step.tell, step.change), (Some(1), Some(change(ROOM, &ada, true))));
        assert_eq!(presence.enter(ROOM, &ada), Step::default());
        assert_eq!(presence.leave(ROOM, &ada), Step::default());
        assert_eq!(presence.hear_step(node(1), 1, ROOM, &ada, true, now), None, "is here already");
        let step = presence.leave(ROOM, &ada);
        assert_eq!((step.tell, step.change), (Some(2), None), "still at the other node");
        let left = presence.hear_step(node(1), 2, ROOM, &ada, false, now);
        assert_eq!(left, Some(change(ROOM, &ada, false)));
        assert_eq!(presence.leave(ROOM, &ada), Step::default());
    }

    #[test]
    fn a_later_life_is_heard() {
        let (ada, now) = (person(1), clock::monotonic());
        let (mut other, mut first, mut second) =
            (Presence::default(), Presence::of_life(0), Presence::of_life(1));
        for _ in 0..3 {
            for step in [first.enter(ROOM, &ada), first.leave(ROOM, &ada)] {
                let change = step.change.expect("a change");
                let version = step.tell.expect("a number");
                assert!(other.hear_step(node(1), version, ROOM, &ada, change.joined, now).is_some());
            }
        }
        let version = second.enter(ROOM, &ada).tell.expect("a number");
        assert_eq!(other.hear_step(node(1), version, ROOM, &ada, true, now), Some(change(ROOM, &ada, true)));
        let (version, rooms) = second.whole();
        assert_eq!(other.hear_whole(node(1), version, rooms, now), vec![]);
        assert_eq!(other.people(ROOM), vec![ada]);
    }

    #[test]
    fn silent_nodes_expire_once() {
        let mut presence = Presence::default();
        let (ada, now) = (person(1), clock::monotonic());
        for n in [1, 2] {
            presence.hear_whole(node(n), 1, vec![(ROOM, vec![ada.clone()])], now);
        }
        assert_eq!(presence.expire(now + SILENCE - Duration::from_millis(1)), vec![]);
        assert_eq!(presence.expire(now + SILENCE), vec![change(ROOM, &ada, false)]);
        assert_eq!(presence.people(ROOM), vec![]);
    }

    #[test]
    fn late_messages_are_ignored() {
        let mut presence = Presence::default();
        let (ada, now) = (person(1), clock::monotonic());
        presence.hear_step(node(1), 2, ROOM, &ada, false, now);
        assert_eq!(presence.hear_step(node(1), 1, ROOM, &ada, true, now), None);
        assert_eq!(presence.hear_whole(node(1), 1, vec![(ROOM, vec![ada.clone()])], now), vec![]);
        assert_eq!(presence.people(ROOM), vec![]);
    }

    proptest! {
        /// Two nodes act at random; a third hears them late, twice, in any order, or not at all. After a last full
        /// telling of each it knows exactly who is where, and the changes it reported add up to the same.
        #[test]
        fn merging_converges_and_changes_add_up(
            steps in prop::collection::vec((0_usize..2, 1_u128..4, any::<bool>()), 0..40),
            deliveries in prop::collection::vec(0_usize..60, 0..80),
        ) {
            let now = clock::monotonic();
            let mut nodes = [Presence::default(), Presence::default()];
            let mut messages: Vec<(usize, u64, Person, bool)> = Vec::new();
            for (n, who, enter) in steps {
                let step = if enter { nodes[n].enter(ROOM, &person(who)) } else { nodes[n].leave(ROOM, &person(who)) };
                if let Some(version) = step.tell {
                    messages.push((n, version, person(who), enter));
                }
            }
            let mut third = Presence::default();
            let mut seen: BTreeSet<Person> = BTreeSet::new();
            let note = |changes: Vec<Change>, seen: &mut BTreeSet<Person>| {
                for change in changes {
                    let fresh = if change.joined { seen.insert(change.person) } else { seen.remove(&change.person) };
                    assert!(fresh, "a change is told once");
                }
            };
            for index in deliveries {
                if let Some((n, version, who, joined)) = messages.get(index) {
                    let change = third.hear_step(node(*n as u128), *version, ROOM, who, *joined, now);
                    note(change.into_iter().collect(), &mut seen);
                }
            }
            let mut truth = BTreeSet::new();
            for (n, state) in nodes.iter().enumerate() {
                let (version, rooms) = state.whole();
                truth.extend(state.people(ROOM));
                note(third.hear_whole(node(n as u128), version, rooms, now), &mut seen);
            }
            prop_assert_eq!(third.people(ROOM), truth.iter().cloned().collect::<Vec<_>>());
            prop_assert_eq!(seen, truth);
        }
    }
}
