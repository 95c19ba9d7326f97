//! The architecture as tests: what `docs/ARCHITECTURE.md` claims, checked against the sources, the database and the
//! interface's description.
//!
//! Owns: the ranks of the modules, the words of a feature folder, the lists of exceptions (each with its reason), and
//! the rules themselves. Every rule has a second test that shows it failing on a small bad example.
//!
//! The rules about the database need `TEST_DATABASE_URL`, a superuser's; without it they say so and pass.
//! Absent on purpose: what the product does (`tests/api`).

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a broken rule is told by a panic, and helpers of tests may panic as tests do"
)]

#[path = "architecture/calls.rs"]
mod calls;
#[path = "architecture/catalog.rs"]
mod catalog;
#[path = "architecture/database.rs"]
mod database;
#[path = "architecture/deploy.rs"]
mod deploy;
#[path = "architecture/imports.rs"]
mod imports;
#[path = "architecture/paths.rs"]
mod paths;
#[path = "architecture/routes.rs"]
mod routes;
#[path = "architecture/schema.rs"]
mod schema;
#[path = "architecture/settings.rs"]
mod settings;
#[path = "architecture/sizes.rs"]
mod sizes;
#[path = "architecture/sources.rs"]
mod sources;
#[path = "architecture/statements.rs"]
mod statements;
#[path = "architecture/tables.rs"]
mod tables;
#[path = "architecture/tokens.rs"]
mod tokens;
#[path = "architecture/wall.rs"]
mod wall;
#[path = "architecture/words.rs"]
mod words;
