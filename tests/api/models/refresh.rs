//! A model of sessions and their refresh tokens: each is used once; two uses at one moment both go on; a use after that
//! ends the session, whoever holds what.

use super::{Ground, SHARE, on_ground, runs};
use crate::support::{EMAIL, PASSWORD};
use actix_web::web::Data;
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;
use switchboard::auth::service::{self, Cookie};
use switchboard::auth::{self, Auth};
use switchboard::http::{Limits, Proxies};
use switchboard::ids;
use tokio::sync::broadcast;
use uuid::Uuid;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[derive(Debug, Clone)]
enum Step {
    SignIn,
    Refresh(usize),
    /// The same token twice at one moment.
    Race(usize),
    /// More than the ten seconds in which a token may come twice.
    GraceEnds,
    /// Nobody used the sessions for so long that they have to be refreshed.
    SleepOver,
    /// More than the thirty days of a sign-in.
    SignInsEnd,
    SignOut(usize),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Session {
    is_ended: bool,
    /// Not valid until it is refreshed.
    is_asleep: bool,
    is_over: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token {
    session: usize,
    successor: Option<usize>,
    in_grace: bool,
}

#[derive(Debug, Clone, Default)]
struct Family {
    sessions: Vec<Session>,
    tokens: Vec<Token>,
    /// Whether the last step's refreshes were answered with tokens.
    outcomes: Vec<bool>,
    /// Sessions that the last step ended.
    ended: Vec<usize>,
}

impl Family {
    /// Steps name tokens by a number, of which there may be fewer.
    fn token(&self, number: usize) -> Option<usize> {
        (!self.tokens.is_empty()).then(|| number % self.tokens.len())
    }

    fn sign_in(&mut self) {
        self.tokens.push(Token { session: self.sessions.len(), successor: None, in_grace: false });
        self.sessions.push(Session::default());
    }

    fn refresh(&mut self, at: usize) {
        let token = self.tokens[at];
        let outcome = self.refreshed(token);
        self.outcomes.push(outcome);
    }

    fn refreshed(&mut self, token: Token) -> bool {
        let session = &mut self.sessions[token.session];
        if session.is_ended || session.is_over {
            return false;
        }
        let new = self.tokens.len();
        if let Some(successor) = token.successor {
            if !token.in_grace || self.tokens[successor].successor.is_some() {
                session.is_ended = true;
                self.ended.push(token.session);
                return false;
            }
            if session.is_asleep {
                return false;
            }
        } else {
            session.is_asleep = false;
            for other in &mut self.tokens {
                if other.session == token.session && other.successor.is_none() {
                    (other.successor, other.in_grace) = (Some(new), true);
                }
            }
        }
        self.tokens.push(Token { session: token.session, successor: None, in_grace: false });
        true
    }
}

struct Machine;

impl ReferenceStateMachine for Machine {
    type State = Family;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Family> {
        Just(Family::default()).boxed()
    }

    fn transitions(family: &Family) -> BoxedStrategy<Step> {
        if family.sessions.iter().all(|session| session.is_ended || session.is_over) {
            return Just(Step::SignIn).boxed();
        }
        // The newest ones, mostly.
        let token = || (0_usize..40).prop_map(|below| usize::MAX / 2 - below);
        let newest = family.tokens.len().saturating_sub(1);
        let recent = move || (0_usize..4).prop_map(move |below| newest.saturating_sub(below));
        prop_oneof![
            1 => Just(Step::SignIn),
            8 => recent().prop_map(Step::Refresh),
            2 => token().prop_map(Step::Refresh),
            3 => recent().prop_map(Step::Race),
            3 => Just(Step::GraceEnds),
            2 => Just(Step::SleepOver),
            1 => prop::bool::weighted(0.2).prop_map(|end| if end { Step::SignInsEnd } else { Step::GraceEnds }),
            1 => token().prop_map(Step::SignOut),
        ]
        .boxed()
    }

    fn apply(mut family: Family, step: &Step) -> Family {
        family.outcomes.clear();
        family.ended.clear();
        match step {
            Step::SignIn => family.sign_in(),
            Step::Refresh(number) => {
                if let Some(at) = family.token(*number) {
                    family.refresh(at);
                }
            }
            Step::Race(number) => {
                if let Some(at) = family.token(*number) {
                    family.refresh(at);
                    family.refresh(at);
                }
            }
            Step::GraceEnds => family.tokens.iter_mut().for_each(|token| token.in_grace = false),
            Step::SleepOver => family.sessions.iter_mut().for_each(|session| session.is_asleep = true),
            Step::SignInsEnd => family.sessions.iter_mut().for_each(|session| session.is_over = true),
            Step::SignOut(number) => {
                if let Some(at) = family.token(*number) {
                    let session = family.tokens[at].session;
                    if !family.sessions[session].is_ended {
                        family.sessions[session].is_ended = true;
                        family.ended.push(session);
                    }
                }
            }
        }
        family
    }
}

struct Browsers {
    ground: Rc<Ground>,
    auth: Auth,
    ended: broadcast::Receiver<Uuid>,
    sessions: Vec<Uuid>,
    tokens: Vec<String>,
}

impl Browsers {
    async fn sign_in(&mut self) {
        let signed = service::sign_in(&self.auth, EMAIL, SecretString::from(PASSWORD), HERE).await.unwrap();
        let hash = ids::token_hash(&signed.refresh_token);
        let statement = "select session_id from refresh_token where hash = $1";
        let row = self.ground.database.owner().query_one(statement, &[&hash]).await.unwrap();
        self.sessions.push(row.get(0));
        self.tokens.push(signed.refresh_token);
    }

    /// The new token, if there is one.
    async fn refresh(&self, token: &str) -> Option<String> {
        service::refresh(&self.auth, token, Cookie::default()).await.ok().map(|signed| signed.refresh_token)
    }

    async fn step(&mut self, step: Step) -> Vec<bool> {
        let token = |number: usize| self.tokens[number % self.tokens.len()].clone();
        match step {
            Step::SignIn => self.sign_in().await,
            Step::Refresh(number) => {
                let new = self.refresh(&token(number)).await;
                let outcome = new.is_some();
                self.tokens.extend(new);
                return vec![outcome];
            }
            Step::Race(number) => {
                let token = token(number);
                let both: [_; 2] = tokio::join!(self.refresh(&token), self.refresh(&token)).into();
                let outcomes = both.iter().map(Option::is_some).collect();
                let mut new: Vec<String> = both.into_iter().flatten().collect();
                // The model has the successor first.
                let successor = self.successor(&token).await;
                new.sort_by_key(|new| Some(ids::token_hash(new)) != successor);
                self.tokens.extend(new);
                return outcomes;
            }
            Step::SignOut(number) => {
                service::logout(&self.auth, None, Some(&token(number))).await.unwrap();
            }
            Step::GraceEnds | Step::SleepOver | Step::SignInsEnd => {}
        }
        Vec::new()
    }

    async fn successor(&self, token: &str) -> Option<Vec<u8>> {
        let statement = "select replaced_by from refresh_token where hash = $1";
        let owner = self.ground.database.owner();
        owner.query_one(statement, &[&ids::token_hash(token)]).await.unwrap().get(0)
    }

    async fn check(&mut self, family: &Family) {
        let hash = |at: usize| ids::token_hash(&self.tokens[at]);
        let expected: BTreeMap<Vec<u8>, Option<Vec<u8>>> =
            (0..family.tokens.len()).map(|at| (hash(at), family.tokens[at].successor.map(hash))).collect();
        let statement = "select hash, replaced_by from refresh_token";
        let rows = self.ground.database.owner().query(statement, &[]).await.unwrap();
        let found: BTreeMap<_, _> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        assert_eq!(found, expected, "tokens and their successors");
        let invalid = auth::invalid_sessions(self.ground.db(), &self.sessions).await.unwrap();
        for (id, session) in self.sessions.iter().zip(&family.sessions) {
            let expected = session.is_ended || session.is_asleep || session.is_over;
            assert_eq!(invalid.contains(id), expected, "{session:?}");
        }
        let statement = "select count(*) from access_token a join session s on s.id = a.session_id
             where s.revoked_at is not null";
        let left: i64 = self.ground.database.owner().query_one(statement, &[]).await.unwrap().get(0);
        assert_eq!(left, 0, "access tokens of ended sessions");
        let mut told = Vec::new();
        while let Ok(session) = self.ended.try_recv() {
            told.push(self.sessions.iter().position(|id| *id == session).unwrap());
        }
        assert_eq!(told, family.ended, "sessions whose end was told");
    }
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Browsers;
    type Reference = Self;

    fn init_test(_: &Family) -> Browsers {
        let ground = Ground::here();
        ground.change("delete from session");
        let limits = Data::new(Limits::new(false, Proxies::new(Vec::new())));
        let auth = Auth::new(ground.log.clone(), limits, None, (HERE, 80).into());
        let ended = auth.revocations.subscribe();
        Browsers { ground, auth, ended, sessions: Vec::new(), tokens: Vec::new() }
    }

    fn apply(mut browsers: Browsers, family: &Family, step: Step) -> Browsers {
        let ground = Rc::clone(&browsers.ground);
        match step {
            Step::GraceEnds => ground.change(
                "update refresh_token set replaced_at = now() - interval '1 day' where replaced_at is not null",
            ),
            Step::SleepOver => ground.change(
                "update session set last_seen_at = now() - interval '13 hours' where last_seen_at > now() - interval '12 hours'",
            ),
            Step::SignInsEnd => ground.change(
                "update session set signed_in_at = signed_in_at - interval '31 days', expires_at = now() - interval '1 day';
                 update refresh_token set expires_at = now() - interval '1 day'",
            ),
            step => {
                let outcomes = ground.runtime.block_on(browsers.step(step));
                assert_eq!(outcomes, family.outcomes, "who was answered with tokens");
            }
        }
        // A grace that lasts, however slow this machine is.
        ground.change(
            "update refresh_token set replaced_at = now() + interval '1 day'
             where replaced_at between now() - interval '1 hour' and now() + interval '1 hour'",
        );
        ground.runtime.block_on(browsers.check(family));
        browsers
    }
}

#[test]
fn a_refresh_token_that_comes_again_ends_its_session_and_nothing_else_does() {
    on_ground(|| runs::run::<Machine>("refresh", SHARE, 50));
}
