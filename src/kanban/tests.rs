//! A model of a board's order: cards come on top, are moved anywhere, and go; ranks must say what lists of lists say.

use super::edit::Spot;
use super::model::{rank_at, rank_between};
use crate::models;
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const COLUMNS: usize = 2;

/// Cards of a column, in order. Cards that came at one moment stand in one place.
type Column = Vec<BTreeSet<u16>>;

#[derive(Debug, Clone, Default)]
struct Board {
    columns: [Column; COLUMNS],
    next: u16,
}

#[derive(Debug, Clone)]
enum Step {
    /// So many webhooks put a card on top at one moment.
    New(u16),
    /// The n-th card of all goes to a spot.
    Move {
        card: usize,
        column: usize,
        spot: Option<(bool, usize)>,
    },
    Remove(usize),
}

impl Board {
    fn cards(&self) -> Vec<u16> {
        self.columns.iter().flatten().flatten().copied().collect()
    }

    fn card(&self, number: usize) -> Option<u16> {
        let cards = self.cards();
        (!cards.is_empty()).then(|| cards[number % cards.len()])
    }

    fn take_out(&mut self, card: u16) {
        for column in &mut self.columns {
            column.iter_mut().for_each(|place| {
                place.remove(&card);
            });
            column.retain(|place| !place.is_empty());
        }
    }

    /// The spot that a step means; the neighbour is another card of the column.
    fn spot(&self, column: usize, card: u16, spot: Option<(bool, usize)>) -> Spot {
        let others: Vec<u16> =
            self.columns[column].iter().flatten().copied().filter(|other| *other != card).collect();
        match spot {
            Some((after, number)) if !others.is_empty() => {
                let neighbour = id(others[number % others.len()]);
                if after { Spot::After(neighbour) } else { Spot::Before(neighbour) }
            }
            _ => Spot::Last,
        }
    }
}

fn id(card: u16) -> Uuid {
    Uuid::from_u128(u128::from(card))
}

struct Machine;

impl ReferenceStateMachine for Machine {
    type State = Board;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Board> {
        Just(Board::default()).boxed()
    }

    fn transitions(_: &Board) -> BoxedStrategy<Step> {
        let spot = prop::option::weighted(0.8, (any::<bool>(), 0_usize..20));
        prop_oneof![
            2 => (1_u16..3).prop_map(Step::New),
            6 => (0_usize..20, 0..COLUMNS, spot)
                .prop_map(|(card, column, spot)| Step::Move { card, column, spot }),
            1 => (0_usize..20).prop_map(Step::Remove),
        ]
        .boxed()
    }

    fn apply(mut board: Board, step: &Step) -> Board {
        match step {
            Step::New(cards) => {
                let new = board.next..board.next + cards;
                board.next += cards;
                board.columns[0].insert(0, new.collect());
            }
            Step::Move { card, column, spot } => {
                let Some(card) = board.card(*card) else { return board };
                let spot = board.spot(*column, card, *spot);
                board.take_out(card);
                let column = &mut board.columns[*column];
                let place_of = |neighbour: Uuid, column: &Column| {
                    column.iter().position(|place| place.iter().any(|card| id(*card) == neighbour))
                };
                let at = match spot {
                    Spot::Last => column.len(),
                    Spot::After(neighbour) => place_of(neighbour, column).expect("the neighbour") + 1,
                    Spot::Before(neighbour) => place_of(neighbour, column).expect("the neighbour"),
                };
                column.insert(at, BTreeSet::from([card]));
            }
            Step::Remove(card) => {
                if let Some(card) = board.card(*card) {
                    board.take_out(card);
                }
            }
        }
        board
    }
}

/// Column and rank by card, as the table has them.
#[derive(Default)]
struct Table {
    rows: BTreeMap<u16, (usize, String)>,
    /// As the reference was before the step.
    before: Board,
}

impl Table {
    /// As `store::around`.
    fn around(&self, column: usize, card: u16, spot: Spot) -> (Option<&str>, Option<&str>) {
        let others = || {
            let rows = self.rows.iter().filter(move |(other, row)| **other != card && row.0 == column);
            rows.map(|(other, row)| (id(*other), row.1.as_str()))
        };
        let rank_of = |neighbour| others().find(|other| other.0 == neighbour).expect("the neighbour").1;
        match spot {
            Spot::Last => (others().map(|other| other.1).max(), None),
            Spot::After(neighbour) => {
                let lower = rank_of(neighbour);
                (Some(lower), others().map(|other| other.1).filter(|rank| *rank > lower).min())
            }
            Spot::Before(neighbour) => {
                let upper = rank_of(neighbour);
                (others().map(|other| other.1).filter(|rank| *rank < upper).max(), Some(upper))
            }
        }
    }

    fn move_card(&mut self, card: u16, column: usize, spot: Spot) {
        let (lower, upper) = self.around(column, card, spot);
        let row = &self.rows[&card];
        let stands = (row.0 == column).then_some(row.1.as_str());
        if let Some(rank) = rank_at(stands, lower, upper).expect("there is always room") {
            self.rows.insert(card, (column, rank));
        }
    }
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Table;
    type Reference = Self;

    fn init_test(_: &Board) -> Table {
        Table::default()
    }

    fn apply(mut table: Table, board: &Board, step: Step) -> Table {
        match step {
            Step::New(_) => {
                let top = table.rows.values().filter(|row| row.0 == 0).map(|row| row.1.as_str()).min();
                let rank = rank_between(None, top).expect("there is always room above");
                for card in table.before.next..board.next {
                    table.rows.insert(card, (0, rank.clone()));
                }
            }
            Step::Move { card, column, spot } => {
                if let Some(card) = table.before.card(card) {
                    table.move_card(card, column, table.before.spot(column, card, spot));
                }
            }
            Step::Remove(card) => {
                table.before.card(card).and_then(|card| table.rows.remove(&card));
            }
        }
        table.before = board.clone();
        table
    }

    fn check_invariants(table: &Table, board: &Board) {
        for (number, expected) in board.columns.iter().enumerate() {
            let mut places: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
            for (card, (_, rank)) in table.rows.iter().filter(|(_, row)| row.0 == number) {
                places.entry(rank).or_default().insert(*card);
            }
            assert_eq!(places.into_values().collect::<Column>(), *expected, "column {number}");
        }
    }
}

#[test]
fn ranks_say_what_colleagues_did() {
    models::run::<Machine>("ranks", 1, 100);
}
