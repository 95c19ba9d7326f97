//! A model of jobs: enqueued, claimed, renewed, put back, completed and set aside by workers that may be slow, dead, or
//! think that they still have what another one has. One worker at a time ends a job, and none is lost.

use super::{Ground, SHARE, on_ground, runs};
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use std::collections::BTreeMap;
use std::rc::Rc;
use switchboard::jobs::{self, Job, NewJob};
use switchboard::{clock, ids};
use uuid::Uuid;

const KEYS: u8 = 3;
/// More than there are jobs.
const LIMIT: i64 = 10;
const KINDS: &[&str] = &["model"];

#[derive(Debug, Clone)]
enum Step {
    Enqueue { key: u8, later: bool },
    Claim,
    Renew(usize),
    Complete(usize),
    PutBack { claim: usize, how: Back },
    LeasesEnd,
    TimePasses,
}

#[derive(Debug, Clone, Copy)]
enum Back {
    AtOnce,
    Later,
    Never,
}

/// A row of `job`. A lease is the number of its claim, and whether it has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    is_dead: bool,
    attempts: i32,
    lease: Option<(usize, bool)>,
    is_due: bool,
}

#[derive(Debug, Clone, Default)]
struct Table {
    rows: BTreeMap<u8, Row>,
    /// Which job each claim was of.
    claims: Vec<u8>,
    /// What the last step claimed.
    claimed: Vec<u8>,
    /// Whether the last step's completion was by the lease's owner.
    completed: bool,
}

impl Table {
    /// The job of a claim, if the claim still has it.
    fn held(&mut self, claim: usize) -> Option<(u8, &mut Row)> {
        let key = *self.claims.get(claim)?;
        let row = self.rows.get_mut(&key)?;
        row.lease.is_some_and(|lease| lease.0 == claim).then_some((key, row))
    }

    /// Steps name claims by a number, of which there may be fewer.
    fn claim(&self, number: usize) -> usize {
        number % self.claims.len().max(1)
    }
}

struct Machine;

impl ReferenceStateMachine for Machine {
    type State = Table;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Table> {
        Just(Table::default()).boxed()
    }

    fn transitions(_: &Table) -> BoxedStrategy<Step> {
        let back = prop_oneof![Just(Back::AtOnce), Just(Back::Later), Just(Back::Never)];
        prop_oneof![
            4 => (0..KEYS, prop::bool::weighted(0.3)).prop_map(|(key, later)| Step::Enqueue { key, later }),
            4 => Just(Step::Claim),
            2 => (0_usize..60).prop_map(Step::Renew),
            3 => (0_usize..60).prop_map(Step::Complete),
            3 => (0_usize..60, back).prop_map(|(claim, how)| Step::PutBack { claim, how }),
            2 => Just(Step::LeasesEnd),
            2 => Just(Step::TimePasses),
        ]
        .boxed()
    }

    fn apply(mut table: Table, step: &Step) -> Table {
        (table.claimed, table.completed) = (Vec::new(), false);
        match step {
            Step::Enqueue { key, later } => {
                let new = Row { is_dead: false, attempts: 0, lease: None, is_due: !later };
                let row = table.rows.entry(*key).or_insert(new);
                if row.is_dead {
                    *row = new;
                }
            }
            Step::Claim => {
                for (key, row) in &mut table.rows {
                    if !row.is_dead && row.is_due && row.lease.is_none_or(|lease| !lease.1) {
                        row.attempts += 1;
                        row.lease = Some((table.claims.len(), true));
                        table.claims.push(*key);
                        table.claimed.push(*key);
                    }
                }
            }
            Step::Renew(claim) => {
                if let Some((_, row)) = table.held(table.claim(*claim)) {
                    row.lease = row.lease.map(|lease| (lease.0, true));
                }
            }
            Step::Complete(claim) => {
                if let Some((key, _)) = table.held(table.claim(*claim)) {
                    table.rows.remove(&key);
                    table.completed = true;
                }
            }
            Step::PutBack { claim, how } => {
                if let Some((_, row)) = table.held(table.claim(*claim)) {
                    row.lease = None;
                    row.is_dead = matches!(how, Back::Never);
                    row.is_due = !matches!(how, Back::Later);
                }
            }
            Step::LeasesEnd => {
                table.rows.values_mut().for_each(|row| row.lease = row.lease.map(|lease| (lease.0, false)));
            }
            Step::TimePasses => table.rows.values_mut().for_each(|row| row.is_due = true),
        }
        table
    }
}

/// The real table, and what each claim was given.
struct Workers {
    ground: Rc<Ground>,
    claims: Vec<Job>,
}

impl Workers {
    fn job(&self, number: usize) -> Option<&Job> {
        (!self.claims.is_empty()).then(|| &self.claims[number % self.claims.len()])
    }

    async fn step(&mut self, table: &Table, step: Step) {
        let (log, db) = (self.ground.log.clone(), self.ground.db());
        match step {
            Step::Enqueue { key, later } => {
                let write = log.begin(self.ground.tenant, "test".to_owned()).await.unwrap();
                let run_at = later.then(|| clock::now() + TimeDelta::hours(1));
                let unique_key = Some(key.to_string());
                let job = NewJob { kind: "model", payload: key.into(), unique_key, run_at, resource: None };
                jobs::enqueue(&write, &[job]).await.unwrap();
                write.commit().await.unwrap();
            }
            Step::Claim => {
                let mut claimed = jobs::claim(db, LIMIT, KINDS, &[]).await.unwrap().jobs;
                claimed.sort_by_key(|job| job.payload.as_u64());
                let keys: Vec<u64> = claimed.iter().map(|job| job.payload.as_u64().unwrap()).collect();
                assert_eq!(keys, table.claimed.iter().map(|key| u64::from(*key)).collect::<Vec<_>>());
                self.claims.extend(claimed);
            }
            Step::Renew(claim) => {
                if let Some(job) = self.job(claim) {
                    jobs::renew(db, job).await.unwrap();
                }
            }
            Step::Complete(claim) => {
                if let Some(job) = self.job(claim) {
                    let write = log.begin(job.tenant(), "test".to_owned()).await.unwrap();
                    let completed = jobs::complete(&write, job).await.is_ok();
                    assert_eq!(completed, table.completed, "whether this claim still has the job");
                    write.commit().await.unwrap();
                }
            }
            Step::PutBack { claim, how } => {
                let wait = match how {
                    Back::AtOnce => Some(0.0),
                    Back::Later => Some(3_600.0),
                    Back::Never => None,
                };
                let wait = wait.map(|seconds| jobs::Wait { seconds, counts: true });
                if let Some(job) = self.job(claim) {
                    jobs::put_back(db, job, "model", wait).await.unwrap();
                }
            }
            Step::LeasesEnd | Step::TimePasses => {}
        }
    }

    async fn check(&self, table: &Table) {
        let statement =
            "select unique_key, state = 'dead', attempts, lease_token, lease_until > now(), run_at <= now()
             from job order by unique_key";
        let rows = self.ground.database.owner().query(statement, &[]).await.unwrap();
        let found = rows.iter().map(|row| {
            let token: Option<Uuid> = row.get(3);
            let claim =
                |token| self.claims.iter().position(|job| job.token == token).expect("a claim's token");
            let lease = token.map(|token| (claim(token), row.get::<_, Option<bool>>(4) == Some(true)));
            let key = row.get::<_, &str>(0).parse().unwrap();
            (key, Row { is_dead: row.get(1), attempts: row.get(2), lease, is_due: row.get(5) })
        });
        assert_eq!(found.collect::<BTreeMap<u8, Row>>(), table.rows);
    }
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Workers;
    type Reference = Self;

    fn init_test(_: &Table) -> Workers {
        let ground = Ground::here();
        ground.change("delete from job");
        Workers { ground, claims: Vec::new() }
    }

    fn apply(mut workers: Workers, table: &Table, step: Step) -> Workers {
        let ground = Rc::clone(&workers.ground);
        match step {
            Step::LeasesEnd => ground.change(
                "update job set lease_until = now() - interval '1 second' where lease_until is not null",
            ),
            Step::TimePasses => {
                ground.change("update job set run_at = now() - interval '1 second' where run_at > now()")
            }
            step => ground.runtime.block_on(workers.step(table, step)),
        }
        // A lease that lasts, however slow this machine is.
        ground.change("update job set lease_until = now() + interval '1 day' where lease_until > now()");
        ground.runtime.block_on(workers.check(table));
        workers
    }
}

#[test]
fn one_lease_ends_a_job_and_no_job_is_lost() {
    on_ground(|| runs::run::<Machine>("leases", SHARE, 50));
}

/// The one step that the model leaves out, as it claims all.
#[test]
fn no_more_are_claimed_than_asked_for_the_longest_due_first() {
    on_ground(|| {
        let ground = Ground::here();
        ground.runtime.block_on(async {
            let write = ground.log.begin(ground.tenant, "test".to_owned()).await.unwrap();
            let job = |minutes: i64| NewJob {
                kind: "model",
                payload: minutes.into(),
                unique_key: Some(ids::new().to_string()),
                run_at: Some(clock::now() - TimeDelta::minutes(minutes)),
                resource: None,
            };
            jobs::enqueue(&write, &[1, 3, 2].map(job)).await.unwrap();
            write.commit().await.unwrap();
            let mut claimed = jobs::claim(ground.db(), 2, KINDS, &[]).await.unwrap().jobs;
            claimed.sort_by_key(|job| job.payload.as_u64());
            assert_eq!(claimed.iter().filter_map(|job| job.payload.as_u64()).collect::<Vec<_>>(), [2, 3]);
        });
    });
}
