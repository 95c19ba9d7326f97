//! Models against PostgreSQL: leases of jobs, and a family of refresh tokens. Time is moved by changing rows; no server
//! runs beside, so that every step is the test's. The models without a database are beside the rules (`src/`).

mod leases;
mod refresh;
#[path = "../../../src/models.rs"]
mod runs;

use crate::support::database::{Template, TestDatabase};
use std::cell::RefCell;
use std::rc::Rc;
use switchboard::db::{Db, Tenant, migrate};
use switchboard::log::Log;
use switchboard::tenants;
use tokio::runtime::Runtime;

/// One part in so many of the steps: each takes a few statements.
const SHARE: u32 = 20;

/// What the runs of a model use, one after the other.
struct Ground {
    runtime: Runtime,
    database: TestDatabase,
    log: Log,
    tenant: Tenant,
}

thread_local! {
    static GROUND: RefCell<Option<Rc<Ground>>> = const { RefCell::new(None) };
}

impl Ground {
    fn here() -> Rc<Self> {
        GROUND.with_borrow(|ground| Rc::clone(ground.as_ref().expect("inside of `on_ground`")))
    }

    fn db(&self) -> &Db {
        self.log.db()
    }

    /// A statement of the owner.
    fn change(&self, statement: &str) {
        self.runtime.block_on(self.database.owner().batch_execute(statement)).unwrap();
    }
}

/// Runs a model with a database.
fn on_ground(model: impl FnOnce()) {
    let runtime = Runtime::new().unwrap();
    let (database, log, tenant) = runtime.block_on(async {
        let database = TestDatabase::create(Template::Alone).await;
        let set_role = migrate::prepare(&database.url, false).await.unwrap();
        let (log, _) = Log::new(Db::new(&database.url, set_role).unwrap());
        let tenant = tenants::by_slug(log.db(), "default").await.unwrap().expect("the tenant under test");
        (database, log, tenant)
    });
    GROUND.set(Some(Rc::new(Ground { runtime, database, log, tenant })));
    model();
    let ground = Rc::into_inner(GROUND.take().expect("as set")).expect("nobody else has it");
    let Ground { runtime, database, log, .. } = ground;
    drop(log);
    runtime.block_on(database.drop());
}
